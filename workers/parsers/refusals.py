"""The refusals that several parsers share, and the codes of the contract in them."""

from __future__ import annotations

from shared.contract import Code
from shared.errors import FileRejected

MEGABYTE = 1024**2


def too_large(limit: int) -> FileRejected:
    """For a file of more bytes than `limit`."""
    return FileRejected(
        f"The file is larger than {limit // MEGABYTE} MB.", code=Code.FILE_TOO_LARGE
    )


def library_missing(label: str, extra: str) -> FileRejected:
    """For a type whose library is an extra that is not installed."""
    return FileRejected(
        f"{label} files are not read by this installation: the optional library is"
        f" missing. Install it with: pip install 'souvenir-memory[{extra}]'",
        code=Code.FILE_NOT_ACCEPTED,
    )
