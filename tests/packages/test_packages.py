"""What is published is built, installed into a fresh environment with the lock, and used
from an empty folder, as a stranger does. Slow: it installs all that the service runs on.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.launcher.child import die_with_parent
from services.launcher.network import free_ports
from tests.clients.install import TYPESCRIPT, node
from tests.packages.build import ROOT, build_all, run
from tests.support.system import KEPT, PATIENCE_S, until

pytestmark = pytest.mark.slow

STRANGER = {
    "shared/colours.py": "RED = 1\n",
    "acme_tools-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-tools\nVersion: 1.0\n",
    "acme_tools-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\n"
    "Root-Is-Purelib: true\nTag: py3-none-any\n",
    "acme_tools-1.0.dist-info/top_level.txt": "shared\n",
    "acme_tools-1.0.dist-info/RECORD": "",
}
"""A distribution of somebody else that has a package `shared` too."""
LARGEST_WHEEL = 100 << 20
"""Bytes: what PyPI takes without being asked."""
TYPESCRIPT_PROGRAM = """
import { ApiError, Client, type Found } from "souvenir-client";

export async function recall(memory: Client): Promise<string[]> {
  const found: Found = await memory.search("Where does the user live?", { user_id: "ana" });
  return found.memories.map((each) => String(each.memory_value));
}
export const refused = (error: unknown): boolean => error instanceof ApiError;
"""
NODE_PROGRAM = """
import { Client } from "souvenir-client";

const memory = new Client(process.env.SOUVENIR_URL, process.env.SOUVENIR_API_KEY);
const found = await memory.search("Where do I live?", { user_id: "ana" });
console.log(found.memories.map((each) => each.memory_value).join("\\n"));
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What was built, by name without release: `souvenir_memory.whl`."""
    files = build_all(tmp_path_factory.mktemp("dist"))
    return {f"{file.name.split('-0.')[0]}{ending(file)}": file for file in files}


def ending(file: Path) -> str:
    return ".tar.gz" if file.name.endswith(".tar.gz") else file.suffix


@dataclass(frozen=True)
class Environment:
    """A Python environment that holds the service and nothing of this repository."""

    folder: Path

    def __call__(self, *command: str, cwd: Path, **variables: str) -> str:
        """What a program of the environment prints; ending badly is an AssertionError."""
        ran = subprocess.run(
            [str(self.folder / "bin" / command[0]), *command[1:]],
            cwd=cwd,
            env=clean(variables),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def install(self, *what: str | Path) -> None:
        """By pip, without resolving anything."""
        pip = ("pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check")
        self(*pip, *map(str, what), cwd=self.folder)


def clean(variables: dict[str, str]) -> dict[str, str]:
    """The environment of a stranger: nothing of the test run, PYTHONPATH least of all."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | variables


def missing(environment: Environment) -> set[str]:
    """What pip finds wrong: a package that is not installed by its name, all else as said."""
    pip = [str(environment.folder / "bin" / "pip"), "check"]
    checked = subprocess.run(pip, capture_output=True, text=True, check=False)
    lines = checked.stdout.splitlines() if checked.returncode else []
    absent = re.compile(r"unstructured \S+ requires (\S+), which is not installed\.")
    return {found[1] if (found := absent.fullmatch(line)) else line for line in lines}


def left_out() -> set[str]:
    """What the lock leaves out on purpose."""
    lines = (ROOT / "deploy" / "overrides.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


@pytest.fixture(scope="module")
def installed(
    packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    folder = tmp_path_factory.mktemp("fresh") / "environment"
    run(sys.executable, "-m", "venv", folder)
    environment = Environment(folder)
    environment.install("-r", ROOT / "requirements.lock")
    environment.install(
        packages["souvenir_memory.whl"], packages["souvenir_client.whl"]
    )
    return environment


@contextmanager
def up(environment: Environment, folder: Path, port: int) -> Iterator[None]:
    """`souvenir up` in a folder, until Ctrl-C."""
    output = folder.with_suffix(".out")
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [str(environment.folder / "bin" / "souvenir"), "up", "--port", str(port)],
            cwd=folder,
            env=clean({}),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(),
        )
    try:
        until(
            lambda: process.poll() is not None or "is ready." in output.read_text(),
            "souvenir up",
        )
        assert process.poll() is None, output.read_text()
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)
    assert "Souvenir has stopped." in output.read_text()


def test_the_wheel_holds_console_models_and_licence(packages: dict[str, Path]) -> None:
    wheel = packages["souvenir_memory.whl"]
    assert wheel.stat().st_size < LARGEST_WHEEL
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"services", "shared", "workers"}
    assert {f"shared/models/{name}/model.bin" for name in ("embedder", "message")} <= {
        *names
    }
    assert "services/gateway/console/built/index.html" in names
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)


def test_the_source_archives_hold_no_tests(packages: dict[str, Path]) -> None:
    for name in ("souvenir_memory.tar.gz", "souvenir_client.tar.gz"):
        with tarfile.open(packages[name]) as archive:
            members = archive.getnames()
        assert not [member for member in members if "/tests/" in member]
        assert any(member.endswith("/LICENSE") for member in members)


def test_the_npm_package_holds_javascript_and_types(packages: dict[str, Path]) -> None:
    with tarfile.open(packages["souvenir-client.tgz"]) as archive:
        members = {member.removeprefix("package/") for member in archive.getnames()}
    assert {"package.json", "README.md", "LICENSE"} <= members
    for path in ("src/index", "integrations/src/aiSdk", "integrations/src/mastra"):
        assert {f"dist/{path}.js", f"dist/{path}.d.ts"} <= members
    assert not [member for member in members if "test" in member]


def test_what_is_installed_fits_together(
    installed: Environment, tmp_path: Path
) -> None:
    assert missing(installed) <= left_out(), missing(installed) - left_out()
    assert "no other package here has our names" in installed(
        "souvenir", "doctor", "--port", str(free_ports(1)[0]), cwd=tmp_path
    )


def test_up_add_search_from_an_empty_folder(
    installed: Environment, packages: dict[str, Path], tmp_path: Path
) -> None:
    folder, (port,) = tmp_path / "empty", free_ports(1)
    folder.mkdir()
    with up(installed, folder, port):
        said = "I live in Rome with two greyhounds."
        installed("souvenir", "add", said, "-u", "ana", cwd=folder)
        found = installed(
            "souvenir", "search", "Where do I live?", "-u", "ana", cwd=folder
        )
        assert "Rome" in found
        assert sorted(path.name for path in folder.iterdir()) == ["data"]

        url = f"http://127.0.0.1:{port}"
        page = f"import urllib.request as r; print(r.urlopen('{url}/console').read())"
        assert "<script" in installed("python", "-c", page, cwd=folder)
        key = (folder / "data" / "api_key").read_text().strip()
        assert "Rome" in by_npm(packages["souvenir-client.tgz"], tmp_path, url, key)


def by_npm(package: Path, tmp_path: Path, url: str, key: str) -> str:
    """What Node prints in a fresh folder with the npm package; TypeScript sees its types."""
    folder = tmp_path / "npm"
    folder.mkdir()
    settings = {"module": "nodenext", "strict": True, "noEmit": True, "types": []}
    libraries = {"lib": ["es2024", "dom", "dom.iterable", "dom.asynciterable"]}
    written = {
        "package.json": json.dumps({"type": "module", "private": True}),
        "tsconfig.json": json.dumps({"compilerOptions": {**settings, **libraries}}),
        "program.ts": TYPESCRIPT_PROGRAM,
        "program.mjs": NODE_PROGRAM,
    }
    for name, text in written.items():
        (folder / name).write_text(text)
    environment = {"SOUVENIR_URL": url, "SOUVENIR_API_KEY": key}
    return in_npm_folder(folder, package, environment)


def in_npm_folder(folder: Path, package: Path, variables: dict[str, str]) -> str:
    """Install the package there, check the types of `program.ts`, run `program.mjs`."""
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    compiler = TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc"
    install = (npm, "install", "--no-audit", "--no-fund", "--omit=peer", package)
    for command in (install, (compiler, "-p", "."), ("program.mjs",)):
        ran = subprocess.run(
            [str(node()), *map(str, command)],
            cwd=folder,
            env={**clean(variables), "PATH": f"{node().parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def test_a_stranger_with_our_names_is_named(
    installed: Environment, tmp_path: Path
) -> None:
    """pip lets it in beside us; the doctor says who it is. Last: it changes the environment."""
    wheel = tmp_path / "acme_tools-1.0-py3-none-any.whl"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in STRANGER.items():
            archive.writestr(name, text)
    wheel.write_bytes(content.getvalue())
    installed.install(wheel)
    command = [str(installed.folder / "bin" / "souvenir"), "doctor"]
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env=clean({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "acme-tools also brings the package `shared`" in ran.stdout
