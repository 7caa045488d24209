"""What a terminal gets to see: what is stored, and nothing that steers it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import httpx
import pytest
from typer.testing import CliRunner

from souvenir_client import Client, memory_commands
from souvenir_client.cli import app
from souvenir_client.show import visible
from tests.unit.client.servers import Server, events, ok

STEERING = (
    "locker :key: 4, [red] 80:man:, \x1b]52;c;aGk=\x07 \x1b[2J\x9b2J \u202eevil\r"
)
HARMLESS = r"locker :key: 4, [red] 80:man:, ␛]52;c;aGk=␇ ␛[2J\x9b2J \u202eevil"
FACT = {"id": "m-1", "memory_value": STEERING, "relativity": 0.9, "status": "activated"}
FOUND = ok({"memory_detail_list": [FACT], "pages": 1})
SAID = ok(
    {
        "message_detail_list": [
            {"role": "user", "content": STEERING, "create_time": "2026-11-27"}
        ]
    }
)
STREAM = events(f"data: {json.dumps({'type': 'text', 'data': STEERING})}\n\n")


@pytest.mark.parametrize(
    ("answer", "arguments"),
    [
        (FOUND, ("memories",)),
        (FOUND, ("search", "locker", "--ids")),
        (SAID, ("get",)),
        (STREAM, ("chat", "Where?")),
    ],
)
def test_a_memory_is_shown_as_it_is_and_not_obeyed(
    answer: httpx.Response, arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = httpx.MockTransport(Server(answer))
    client = Client("http://h", "k", pauses=(), transport=transport)
    monkeypatch.setattr(memory_commands, "client_of", lambda context: client)
    done = CliRunner().invoke(app, ["--url", "http://h", *arguments])
    assert done.exit_code == 0, done.exception
    assert HARMLESS in done.output
    assert not set("\x1b\x07\x9b\u202e") & set(done.output)


def test_what_a_search_could_not_do_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    remark = "knowledgebase_ids: no knowledge base nope"
    found = ok({"memory_detail_list": [], "remarks": [remark]})
    transport = httpx.MockTransport(Server(found))
    client = Client("http://h", "k", pauses=(), transport=transport)
    monkeypatch.setattr(memory_commands, "client_of", lambda context: client)
    done = CliRunner().invoke(app, ["--url", "http://h", "search", "locker"])
    assert f"note: {remark}" in done.output


def test_lines_tabs_and_other_scripts_stay() -> None:
    text = "one\n\ttwo 😀 مرحبا \u200f字"
    assert visible(text) == text
