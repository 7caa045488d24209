"""The console scripts: each says what to install when its extra is missing."""

from __future__ import annotations

import sys


def cli() -> None:
    """`souvenir-client`."""
    try:
        from souvenir_client.cli import main
    except ModuleNotFoundError as missing:
        sys.exit(
            f"souvenir-client: {missing}; it comes with the extra souvenir-client[cli]"
        )
    main()


def mcp() -> None:
    """`souvenir-mcp`."""
    try:
        from souvenir_client.mcp_server import main
    except ModuleNotFoundError as missing:
        sys.exit(
            f"souvenir-mcp: {missing}; it comes with the extra souvenir-client[mcp]"
        )
    main()
