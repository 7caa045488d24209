"""Each thing that can be wrong with a set-up is found and named, with what to do."""

from __future__ import annotations

import http.server
import importlib.metadata
import json
import os
import re
import socket
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.launcher.data_folder import (
    locked,
    open_data_folder,
    write_running_file,
)
from services.launcher.doctor import doctor, examine
from services.launcher.endpoint_checks import model_findings
from services.launcher.finding import Finding
from services.launcher.machine_checks import (
    IMPORTS,
    imported_libraries,
    own_environment,
    processor,
)
from services.launcher.neighbours import folders, neighbours, others
from services.launcher.network import free_ports
from services.launcher.server_check import check_server, server_finding
from shared.domain.model_role import ModelRole
from shared.settings import Settings
from shared.wiring import warn_of_models
from tests.support.model_server import ModelServer, Say

ROOT = Path(__file__).parents[3]


def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings)}


def test_a_good_set_up_is_well(tmp_path: Path) -> None:
    said: list[str] = []
    assert (
        doctor(Settings(port=free_ports(1)[0], data=tmp_path / "data"), said.append)
        == 0
    ), said
    assert "All is well" in said[-1]


def test_everything_wrong_is_found_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = free_ports(1)[0]
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = Settings(
            port=port,
            data=tmp_path / "file" / "data",
            redis_url=f"redis://:pw@127.0.0.1:{nowhere}/0",
            qdrant_url=f"http://127.0.0.1:{nowhere}",
            openai_base_url=f"http://127.0.0.1:{nowhere}/v1",
        )
        found = findings(settings)
        said: list[str] = []
        assert doctor(settings, said.append) == 1
    assert {name for name, finding in found.items() if not finding.well} == {
        "data",
        "port",
        "redis",
        "qdrant",
        "model",
    }
    assert not found["model"].grave, "without the model the built-in extractor reads"
    assert all(finding.fix for finding in found.values() if not finding.well)
    assert "pw" not in found["redis"].says
    assert str(port) in found["port"].says
    assert "4 to put right" in said[-1]


@contextmanager
def serving(body: str) -> Iterator[str]:
    """The URL of a server that answers so."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_one_that_runs_already_is_named(tmp_path: Path) -> None:
    said: list[str] = []
    data = open_data_folder(tmp_path / "data")
    with locked(data):
        write_running_file(data, "http://127.0.0.1:8765", {}, {})
        doctor(Settings(port=free_ports(1)[0], data=data.path), said.append)
        running = f"already runs here (process {os.getpid()}, http://127.0.0.1:8765)"
        assert running in said[-1]
        data.running_file.rename(tmp_path / "left")
    (tmp_path / "left").rename(data.running_file)  # as one leaves it that was killed
    doctor(Settings(port=free_ports(1)[0], data=data.path), said.append)
    assert "will run here" in said[-1]


def test_a_port_that_it_does_not_listen_at_is_only_noted(tmp_path: Path) -> None:
    data = open_data_folder(tmp_path / "data")
    with locked(data), socket.create_server(("127.0.0.1", 0)) as other:
        write_running_file(data, "http://127.0.0.1:8765", {}, {})
        settings = Settings(port=other.getsockname()[1], data=data.path)
        found = findings(settings)["port"]
        assert (found.well, found.grave) == (False, False)
        assert "this Souvenir listens at http://127.0.0.1:8765" in found.says
        assert found.fix.startswith("SOUVENIR_PORT=8765 ")
        assert doctor(settings, lambda line: None) == 0


@pytest.mark.parametrize(
    "url", ["h.example", "ftp://h.example", "http://h:abc", "http:"]
)
def test_what_is_no_url_of_a_server(url: str) -> None:
    found = server_finding(url)
    assert not found.well and "is no URL of a server" in found.says


def test_a_server_is_looked_for_at_its_url() -> None:
    nowhere = f"http://ann:word@127.0.0.1:{free_ports(1)[0]}/api/openmem/v1"
    said: list[str] = []
    assert check_server(nowhere, said.append) == 1
    assert said[0].startswith("BAD  server  nothing answers at http://***@127.0.0.1")


@pytest.mark.parametrize(
    ("answer", "well", "says"),
    [
        (
            {"status": "healthy", "service": "gateway", "version": "7.8"},
            True,
            "Souvenir 7.8",
        ),
        (
            {"status": "healthy", "service": "other", "version": "1"},
            False,
            "answers 200",
        ),
        (["x"], False, "not as Souvenir"),
    ],
)
def test_what_answers_there_is_told(answer: Any, well: bool, says: str) -> None:
    with serving(json.dumps(answer)) as url:
        found = server_finding(f"{url}/api/openmem/v1")
    assert found.well is well and says in found.says


def test_an_address_that_is_not_of_this_machine_is_told_apart(tmp_path: Path) -> None:
    settings = Settings(host="192.0.2.7", data=tmp_path)
    (finding,) = [finding for finding in examine(settings) if finding.name == "port"]
    assert not finding.well
    assert "cannot be used" in finding.says


def test_a_model_that_cannot_be_served_is_found(tmp_path: Path) -> None:
    named = Settings(
        port=free_ports(1)[0],
        data=tmp_path / "data",
        model_file=str(tmp_path / "missing.gguf"),
    )
    found = findings(named)["chat"]
    assert (found.well, found.grave) == (False, True)
    assert "missing.gguf cannot be read" in found.says
    (tmp_path / "missing.gguf").write_bytes(b"GGUF")
    assert findings(named)["chat"].well


@pytest.mark.parametrize(
    ("flags", "well"),
    [
        (frozenset({"sse2", "avx2"}), True),
        (frozenset({"sse2"}), False),
        (frozenset[str](), True),
    ],
)
def test_a_processor_without_avx2_is_found(
    monkeypatch: pytest.MonkeyPatch, flags: frozenset[str], well: bool
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert processor(flags).well is well


def test_every_library_that_we_ask_for_is_tried() -> None:
    """What pyproject.toml names and what the doctor imports are the same libraries."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = {"": project["dependencies"], **project["optional-dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    for extra, imported in IMPORTS.items():
        asked = {
            re.split(r"[\[<>=~! ]", line)[0].lower().replace("_", "-")
            for line in required[extra]
        }
        tried = {
            distribution.lower().replace("_", "-")
            for name in everywhere_but(extra) | set(imported)
            for distribution in distributions[name.partition(".")[0]]
        }
        assert asked - tried - {"souvenir-memory"} == set(), extra


def everywhere_but(extra: str) -> set[str]:
    """What the other extras import: a library that two ask for is tried once."""
    return {name for other in IMPORTS if other != extra for name in IMPORTS[other]}


@pytest.mark.parametrize(
    ("missing", "grave", "names"),
    [
        ({"pymupdf": "No module named 'pymupdf'"}, False, ("`pdf`", "memory[pdf]")),
        (
            {"PIL": "No module named 'PIL'", "pymupdf": "no"},
            True,
            ("`files` and `pdf`", "memory[files,pdf]"),
        ),
        ({"redis": "No module named 'redis'"}, True, ("redis", "requirements.lock")),
    ],
)
def test_a_missing_extra_is_named(
    missing: dict[str, str], grave: bool, names: tuple[str, ...]
) -> None:
    extra_of = {name: extra for extra, names in IMPORTS.items() for name in names}
    finding = imported_libraries(missing, extra_of)
    assert (finding.well, finding.grave) == (False, grave)
    for name in names:
        assert name in f"{finding.says} {finding.fix}"
    assert imported_libraries({}, extra_of).well


@pytest.mark.parametrize(
    ("named", "well", "says"),
    [
        ({"extract_model": "m"}, True, "extract: m at"),
        ({"extract_model": "other"}, False, "does not list the model other"),
        ({"vision_model": "other", "extract_model": "m"}, False, "vision: other"),
        ({"chat_models": {"mine": {"base_url": "URL", "model": "m"}}}, True, "chat: m"),
    ],
)
def test_each_model_is_looked_for_in_its_role(
    named: dict[str, Any], well: bool, says: str
) -> None:
    with ModelServer(Say()) as server:
        if "chat_models" in named:
            named = {"chat_models": {"mine": {"base_url": server.url, "model": "m"}}}
        found = list(model_findings(Settings(openai_base_url=server.url, **named)))
    assert all(finding.well for finding in found) is well
    assert any(says in finding.says for finding in found)
    assert not any(finding.grave for finding in found if not finding.well)
    assert not server.requests, "it costs nothing"


async def test_a_process_says_at_its_start_what_cannot_be_used(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ModelServer(Say()) as server:
        settings = Settings(
            openai_base_url=server.url, extract_model="m", vision_model="eyes"
        )
        await warn_of_models(settings, "extract", "vision", "chat")
    (record,) = caplog.records
    assert (record.message, record.__dict__["role"]) == ("model_not_usable", "vision")


def test_endpoints_of_recall_that_are_away_are_named(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}/v1"
    found = findings(
        Settings(
            port=free_ports(1)[0],
            data=tmp_path / "data",
            embed_model="m",
            rerank=ModelRole(base_url=url),
        )
    )
    assert (found["embedder"].well, found["reranker"].well) == (False, False)
    assert "SOUVENIR_EMBED_BASE_URL" in found["embedder"].fix
    assert url in found["reranker"].says
    assert not (found["embedder"].grave or found["reranker"].grave)
    assert "embedder" not in findings(Settings(data=tmp_path, embed_model="builtin"))


def test_another_distribution_with_our_names_is_found() -> None:
    """pip would not say that it replaces files of ours."""
    owners = {"shared": ["souvenir-memory", "acme-tools"], "celery": ["celery"]}
    assert others(owners) == {"shared": ["acme-tools"]}

    finding = own_environment(others(owners), {ROOT})
    assert (finding.well, finding.grave) == (False, True)
    assert "acme-tools also brings the package `shared`" in finding.says
    assert "pipx install" in finding.fix


def test_a_package_of_our_names_elsewhere_is_found(tmp_path: Path) -> None:
    finding = own_environment({}, {ROOT, tmp_path})
    assert not finding.well
    assert str(tmp_path) in finding.says and "PYTHONPATH" in finding.fix


def test_we_are_alone_here() -> None:
    assert own_environment(neighbours(), folders()).well
    assert folders() == {ROOT}
