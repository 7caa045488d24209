"""Which release of the client this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

PACKAGE = "souvenir-client"


def release() -> str:
    """The release of the client; "unknown" where it runs without being installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"
