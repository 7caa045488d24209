"""The server of this machine: what `souvenir up` wrote into its data folder, so that
its owner need not say it again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path


def data_folder() -> Path:
    """The data folder that the environment names."""
    return Path(os.environ.get("SOUVENIR_DATA") or "data").expanduser()


def server(url: str = "", key: str = "", folder: Path | None = None) -> tuple[str, str]:
    """URL and key to use: those given, else those of the Souvenir that runs on the data
    `folder` (SOUVENIR_DATA, default ./data).

    The folder's key goes to the folder's own server alone. Either may come back empty.
    """
    folder = folder or data_folder()
    here = _running(folder)
    url = url or here
    if not key and url and url.rstrip("/") == here:
        with suppress(OSError):
            key = (folder / "api_key").read_text().strip()
    return url, key


def hint(name: str) -> str:
    """What to do where no server answers; `name` is the command that was called."""
    folder = data_folder().absolute()
    if os.environ.get("SOUVENIR_URL"):
        return "SOUVENIR_URL says where it is: is that right, and does the server run?"
    if _running(folder):
        return f"{folder} says that it runs there; has it ended? see: {name} doctor"
    return (
        f"no Souvenir runs on {folder}. Start one there: souvenir up -d. Or say where one"
        f" is: SOUVENIR_DATA=FOLDER (its data folder), or {name} --url URL --key KEY ..."
    )


def key_hint(name: str) -> str:
    """What to do where the server knows the key not, or was given none."""
    return (
        f"say the key: {name} --key KEY ..., or SOUVENIR_API_KEY; on the server's machine"
        " SOUVENIR_DATA=FOLDER finds it in the file api_key of its data folder"
    )


def _running(folder: Path) -> str:
    """The URL of the Souvenir that runs on a folder; "" where none does."""
    try:
        return str(json.loads((folder / "running.json").read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
