"""The server of this machine: what `souvenir up` wrote into its data folder, so that
its owner need not say it again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path


def server(url: str = "", key: str = "", folder: Path | None = None) -> tuple[str, str]:
    """URL and key to use: those given, else those of the Souvenir that runs on the data
    `folder` (SOUVENIR_DATA, default ./data).

    The folder's key goes to the folder's own server alone. Either may come back empty.
    """
    folder = folder or Path(os.environ.get("SOUVENIR_DATA") or "data").expanduser()
    try:
        here = str(json.loads((folder / "running.json").read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        here = ""
    url = url or here
    if not key and url and url.rstrip("/") == here:
        with suppress(OSError):
            key = (folder / "api_key").read_text().strip()
    return url, key
