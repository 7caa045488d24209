"""The server of this machine: what `souvenir up` wrote into its data folder, so that
its owner need not say it again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


def server(url: str = "", key: str = "", folder: Path | None = None) -> tuple[str, str]:
    """URL and key to use: those given, else those of the Souvenir that runs on the data
    `folder` (SOUVENIR_DATA, default ./data).

    The folder's key goes to the folder's own server alone. Either may come back empty.
    """
    folder = folder or Path(os.environ.get("SOUVENIR_DATA") or "data").expanduser()
    here = _running(folder)
    url = url or here
    return url, key or (_key(folder) if url and url.rstrip("/") == here else "")


def _running(folder: Path) -> str:
    try:
        return str(json.loads((folder / "running.json").read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _key(folder: Path) -> str:
    try:
        return (folder / "api_key").read_text().strip()
    except OSError:
        return ""
