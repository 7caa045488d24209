"""What is started, with what: from settings alone."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from services.launcher.banner import chat_line
from services.launcher.data_folder import open_data_folder
from services.launcher.network import answers, free_ports, is_taken, without_password
from services.launcher.programs import Plan, Wave, base_url, child_environment, plan
from services.launcher.start_refused import Refused
from shared.settings import Settings

STRONG = "9f3c0a7be1d24865b7c1e0fa92d84c36"
"""A key that no start refuses."""


def names(planned: Plan) -> list[str]:
    return [program.name for program in planned.programs]


def test_one_machine_runs_all_six(tmp_path: Path) -> None:
    planned = plan(
        Settings(data=tmp_path, port=8123), open_data_folder(tmp_path), "key"
    )
    assert names(planned) == [
        "redis",
        "vectors",
        "status",
        "worker-text",
        "worker-files",
        "gateway",
    ]
    assert planned.url == "http://127.0.0.1:8123"
    assert [program.wave for program in planned.programs] == [Wave.STORES] * 2 + [
        Wave.WORKERS
    ] * 3 + [Wave.GATEWAY]


def test_two_plans_share_no_port(tmp_path: Path) -> None:
    one, two = (
        plan(Settings(), open_data_folder(tmp_path), "key").settings for _ in range(2)
    )
    urls = {
        one.redis_url,
        one.qdrant_url,
        one.status_url,
        two.redis_url,
        two.qdrant_url,
        two.status_url,
    }
    assert len(urls) == 6


def test_outside_servers_take_the_place_of_our_own(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as redis,
        socket.create_server(("127.0.0.1", 0)) as status,
    ):
        url = f"redis://:secret@127.0.0.1:{redis.getsockname()[1]}/3"
        outside = Settings(
            redis_url=url, status_url=f"http://127.0.0.1:{status.getsockname()[1]}"
        )
        planned = plan(outside, open_data_folder(tmp_path), "key")
    assert names(planned) == ["vectors", "worker-text", "worker-files", "gateway"]
    assert planned.settings.redis_url == url


@pytest.mark.parametrize(
    ("field", "variable"), [("redis_url", "REDIS_URL"), ("qdrant_url", "QDRANT_URL")]
)
def test_an_outside_server_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, field: str, variable: str
) -> None:
    port = free_ports(1)[0]
    with pytest.raises(Refused, match=variable) as refused:
        plan(
            replace(Settings(), **{field: f"http://me:secret@127.0.0.1:{port}"}),
            open_data_folder(tmp_path),
            "key",
        )
    assert "secret" not in str(refused.value)
    assert str(port) in str(refused.value)


def test_children_are_given_what_was_settled_and_all_else_as_it_was(
    tmp_path: Path,
) -> None:
    planned = plan(
        Settings(port=8123, sources="raw"), open_data_folder(tmp_path), STRONG
    )
    given = child_environment(
        planned.settings, {"PATH": "/bin", "SOUVENIR_PORT": "9", "OPENAI_API_KEY": "sk"}
    )
    read = Settings.from_env(given)
    assert (read.port, read.api_key, read.data) == (8123, STRONG, tmp_path)
    assert (read.redis_url, read.qdrant_url, read.status_url) == (
        planned.settings.redis_url,
        planned.settings.qdrant_url,
        planned.settings.status_url,
    )
    assert Path(read.sources_url).is_absolute(), "children run in the data folder"
    assert (given["PATH"], given["OPENAI_API_KEY"], given["OMP_NUM_THREADS"]) == (
        "/bin",
        "sk",
        "1",
    )


def test_a_gateway_that_listens_everywhere_is_called_on_loopback() -> None:
    assert base_url("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert base_url("::", 80) == "http://[::1]:80"
    assert base_url("10.1.2.3", 80) == "http://10.1.2.3:80"


def test_probes_tell_what_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert is_taken("127.0.0.1", port)
        assert answers(f"redis://127.0.0.1:{port}")
        assert not answers(f"http://127.0.0.1:{port}", 0.2), (
            "it accepts but says nothing"
        )
    assert not is_taken("127.0.0.1", port)
    assert not answers(f"redis://127.0.0.1:{port}")
    assert len(set(free_ports(20))) == 20


def test_a_shown_url_has_no_password() -> None:
    assert (
        without_password("redis://user:pass@host:6379/0") == "redis://***@host:6379/0"
    )
    assert without_password("http://host:6333") == "http://host:6333"


def gguf(folder: Path) -> Path:
    file = folder / "small-model.Q4.gguf"
    file.write_bytes(b"GGUF and so on")
    return file


def test_a_model_that_is_named_is_served_and_chatted_with(tmp_path: Path) -> None:
    file = gguf(tmp_path)
    planned = plan(Settings(model_file=str(file)), open_data_folder(tmp_path), STRONG)
    (program,) = [program for program in planned.programs if program.name == "model"]
    assert str(file) in program.command
    assert program.ready.startswith("http://127.0.0.1:")
    read = Settings.from_env(child_environment(planned.settings, {}))
    endpoint = program.ready.replace("/health", "/v1")
    assert read.chat_model == "small-model.Q4"
    assert read.chat_models["small-model.Q4"] == {
        "base_url": endpoint,
        "model": "small-model.Q4",
    }
    assert (read.openai_base_url, read.extract_model) == (endpoint, ""), (
        "memories are still read by the built-in extractor"
    )


def test_the_served_model_leaves_other_models_as_they_are(tmp_path: Path) -> None:
    given = Settings(
        model_file=str(gguf(tmp_path)),
        openai_base_url="https://models.test/v1",
        chat_model="large",
        extract_model="large",
        chat_models={"third": {"base_url": "https://third.test/v1"}},
    )
    settled = plan(given, open_data_folder(tmp_path), "key").settings
    assert (settled.openai_base_url, settled.extract_model) == (
        "https://models.test/v1",
        "large",
    )
    assert set(settled.chat_models) == {"third", "small-model.Q4"}
    assert settled.chat_model == "small-model.Q4"


def test_without_a_model_children_are_given_none() -> None:
    assert "MOS_CHAT_MODEL" not in child_environment(Settings(), {})


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read: No such file"), (b"PK not one", "is not a GGUF file")],
)
def test_a_model_that_cannot_be_served_is_refused(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused, match=words):
        plan(Settings(model_file=str(file)), open_data_folder(tmp_path), "key")


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # as if it were not installed
    with pytest.raises(
        Refused, match=r"needs a library that is not installed: pip install xllamacpp"
    ):
        plan(
            Settings(model_file=str(gguf(tmp_path))), open_data_folder(tmp_path), "key"
        )


def test_the_banner_shows_a_line_that_finds_this_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "SOUVENIR_DATA" not in chat_line(open_data_folder(Path("data")))
    elsewhere = chat_line(open_data_folder(tmp_path / "my data"))
    assert elsewhere.startswith(f"SOUVENIR_DATA='{tmp_path}/my data' ")
    assert elsewhere.endswith("souvenir chat 'Where do I live?' -u ana")
