"""Archives of the test data."""

from __future__ import annotations

import tarfile
from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """The files of a tar archive into a folder. Python before 3.11.4 (Debian 12 has 3.11.2)
    knows no filters; later ones ask for one.
    """
    with tarfile.open(archive) as opened:
        if hasattr(tarfile, "data_filter"):
            opened.extractall(folder, filter="data")
        else:
            opened.extractall(folder)
