"""Build what is published: wheel and source archive of the service and of the Python client,
and the npm package of the TypeScript client.

    python -m tests.packages.build [FOLDER]      FOLDER is `dist` unless named

Each wheel is built from its source archive, so that the archive is seen to be complete and
nothing left over from an earlier build gets in. Asks the package indexes for setuptools and
for what the TypeScript client is compiled against.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.install import TYPESCRIPT, node, npm_ci
from tests.clients.typescript import compile_project

ROOT = Path(__file__).parents[2]
PYTHON_PROJECTS = (ROOT, ROOT / "clients" / "python")


def build_python(project: Path, folder: Path) -> None:
    """Source archive and wheel of a folder with a pyproject.toml."""
    run(sys.executable, "-m", "build", "--outdir", folder, project)


def build_npm(folder: Path) -> None:
    """The npm package. What `npm run build` does is done here step by step: the npm of the
    tests' Node is no program that a script of a package would find.
    """
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm_ci(TYPESCRIPT)
    npm_ci(TYPESCRIPT / "integrations")
    shutil.rmtree(TYPESCRIPT / "dist", ignore_errors=True)
    compile_project("tsconfig.integrations.json")
    pack = ("pack", "--silent", "--ignore-scripts", "--pack-destination", folder)
    run(program, npm, *pack, TYPESCRIPT)


def build_all(folder: Path) -> list[Path]:
    """All of them; the files, by name. What the folder held of these kinds is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in built(folder):
        old.unlink()
    for project in PYTHON_PROJECTS:
        build_python(project, folder)
    build_npm(folder)
    return built(folder)


def built(folder: Path) -> list[Path]:
    """Packages in a folder."""
    kinds = ("*.whl", "*.tar.gz", "*.tgz")
    return sorted(path for kind in kinds for path in folder.glob(kind))


def run(*command: str | Path) -> str:
    """What a program prints. Ending badly is an AssertionError with it."""
    path = f"{node().parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command}:\n{ran.stdout[-4000:]}{ran.stderr[-4000:]}"
    return ran.stdout


def main(folder: str = "dist") -> None:
    """Build all, and say how large each is."""
    for package in build_all(ROOT / folder):
        size = package.stat().st_size / 1e6
        print(f"{size:8.2f} MB  {package}")


if __name__ == "__main__":
    main(*sys.argv[1:])
