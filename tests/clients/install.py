"""Install the published client beside the tests' own environment: `python tests/clients/install.py [all]`.

Each release goes, alone, into <environment>/clients/<release>, what it imports into <environment>/clients/shared. Nothing of it is
on anybody's path: tests/clients/drive.py is run with these folders. This is the one step of the tests that asks the package index.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "clients"
SHARED = FOLDER / "shared"


def releases() -> list[str]:
    """Newest first."""
    lines = (HERE / "releases.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def main(which: list[str]) -> None:
    """The newest release, or all of them; what is there already stays."""
    _pip(SHARED, "-r", str(HERE / "requirements.txt"))
    for release in releases() if "all" in which else releases()[:1]:
        _pip(FOLDER / release, f"MemoryOS=={release}")


def _pip(folder: Path, *what: str) -> None:
    if folder.exists():
        return
    draft = folder.with_name(f"{folder.name}.part")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(draft),
                    *what], check=True)
    draft.rename(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
