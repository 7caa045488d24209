"""What `souvenir init --agent NAME` writes, and the hooks of Claude Code."""

from __future__ import annotations

import json
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from souvenir_client import Client
from souvenir_client.agent_hooks import HOOK_S, Turn, last_turn, recall, remember
from souvenir_client.agent_setup import AGENTS, Access, Agent, claude_desktop, set_up
from souvenir_client.cli import app
from souvenir_client.patience import Patience
from tests.unit.client.servers import Answer, Server, no

URL = "http://127.0.0.1:8000"


def written(agent: Agent, folder: Path) -> list[Path]:
    access = Access(URL, "ana", folder / "my data")
    return set_up(agent, access, folder / "project", folder / "home")


@pytest.mark.parametrize("agent", AGENTS)
def test_what_is_there_stays_and_a_second_time_changes_nothing(
    agent: Agent, tmp_path: Path
) -> None:
    first = {path: path.read_text() for path in written(agent, tmp_path)}
    for path, text in first.items():
        is_toml = path.suffix == ".toml"
        path.write_text(
            'model = "m"\n' if is_toml else json.dumps({"mine": 1, **json.loads(text)})
        )
    for path in written(agent, tmp_path):
        text = path.read_text()
        config = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        assert config.get("mine", config.get("model")) in (1, "m")
    again = {path: path.read_text() for path in written(agent, tmp_path)}
    assert again == {path: path.read_text() for path in written(agent, tmp_path)}


def test_an_agent_has_one_memory_by_every_way(tmp_path: Path) -> None:
    """What hooks remember, the model finds by MCP: whoever the user is."""
    access = Access(URL, "Ana Gómez", None)
    for path in set_up(Agent.CLAUDE_CODE, access, tmp_path, tmp_path):
        text = path.read_text()
        assert "Ana Gómez" in text or "/mcp/Ana%20G%C3%B3mez" in text


def test_where_agents_look(tmp_path: Path) -> None:
    files = {
        str(path.relative_to(tmp_path)): path.read_text()
        for agent in AGENTS
        for path in written(agent, tmp_path)
    }
    claude = json.loads(files["project/.mcp.json"])["mcpServers"]["souvenir"]
    assert claude == {
        "type": "http",
        "url": f"{URL}/mcp/ana",
        "headers": {"Authorization": "Bearer ${SOUVENIR_API_KEY}"},
    }
    hooks = json.loads(files["project/.claude/settings.json"])["hooks"]
    assert set(hooks) == {"UserPromptSubmit", "Stop"}
    cursor = json.loads(files["project/.cursor/mcp.json"])["mcpServers"]["souvenir"]
    assert cursor["url"] == f"{URL}/mcp/ana"
    codex = tomllib.loads(files["home/.codex/config.toml"])["mcp_servers"]["souvenir"]
    assert codex == {
        "url": f"{URL}/mcp/ana",
        "bearer_token_env_var": "SOUVENIR_API_KEY",
    }
    place = claude_desktop(sys.platform).relative_to("~")
    desktop = json.loads(files[f"home/{place}"])["mcpServers"]["souvenir"]
    assert Path(desktop["command"]).is_absolute()
    assert desktop["env"] == {
        "SOUVENIR_URL": URL,
        "SOUVENIR_USER": "ana",
        "SOUVENIR_DATA": str(tmp_path / "my data"),
    }


@pytest.mark.parametrize(
    ("platform", "folder"),
    [
        ("darwin", "~/Library/Application Support/Claude"),
        ("win32", "~/AppData/Roaming/Claude"),
        ("linux", "~/.config/Claude"),
    ],
)
def test_where_claude_desktop_looks(platform: str, folder: str) -> None:
    assert claude_desktop(platform) == Path(folder) / "claude_desktop_config.json"


def settings(folder: Path) -> Path:
    return folder / "project/.claude/settings.json"


def test_a_hook_knows_server_user_and_key_wherever_it_is_run(tmp_path: Path) -> None:
    written(Agent.CLAUDE_CODE, tmp_path)
    ((entry,),) = [json.loads(settings(tmp_path).read_text())["hooks"]["Stop"]]
    (hook,) = entry["hooks"]
    program, *words = shlex.split(hook["command"])
    assert Path(program).is_absolute() and hook["timeout"] > HOOK_S
    assert words == [
        *("--data", str(tmp_path / "my data"), "--url", URL),
        *("hook", "remember", "--user", "ana"),
    ]


def test_hooks_of_an_older_release_are_replaced_and_others_stay(tmp_path: Path) -> None:
    theirs = {"hooks": [{"type": "command", "command": "make lint"}]}
    older = {"hooks": [{"type": "command", "command": "souvenir-client hook remember"}]}
    settings(tmp_path).parent.mkdir(parents=True)
    settings(tmp_path).write_text(json.dumps({"hooks": {"Stop": [older, theirs]}}))
    written(Agent.CLAUDE_CODE, tmp_path)
    stop = json.loads(settings(tmp_path).read_text())["hooks"]["Stop"]
    assert len(stop) == 2 and theirs in stop and older not in stop


@pytest.mark.parametrize("hooks", ['{"Stop": {}}', "[]", '{"Stop": "x"}'])
def test_hooks_of_another_form_are_left_alone(hooks: str, tmp_path: Path) -> None:
    settings(tmp_path).parent.mkdir(parents=True)
    settings(tmp_path).write_text(f'{{"hooks": {hooks}}}')
    with pytest.raises(ValueError, match=r"settings\.json: hooks"):
        written(Agent.CLAUDE_CODE, tmp_path)
    assert not (tmp_path / "project/.mcp.json").exists()


def test_openclaw_keeps_what_its_plugin_is_told_besides(tmp_path: Path) -> None:
    (path,) = written(Agent.OPENCLAW, tmp_path)
    assert path == tmp_path / "home" / ".openclaw" / "openclaw.json"
    config = json.loads(path.read_text())
    entry = config["plugins"]["entries"]["memos-cloud-openclaw-plugin"]
    settings = {"baseUrl": f"{URL}/api/openmem/v1", "userId": "ana"}
    assert entry == {"enabled": True, "config": settings}
    entry["enabled"], entry["config"]["userId"] = False, "someone else"
    config["plugins"]["load"] = {"paths": ["/mine"]}
    path.write_text(json.dumps(config))
    written(Agent.OPENCLAW, tmp_path)
    config = json.loads(path.read_text())
    entry = config["plugins"]["entries"]["memos-cloud-openclaw-plugin"]
    assert (entry["enabled"], entry["config"]["userId"]) == (True, "someone else")
    assert config["plugins"]["load"] == {"paths": ["/mine"]}


def test_openclaw_with_plugins_of_another_form_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / ".openclaw" / "openclaw.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"plugins": []}')
    with pytest.raises(ValueError, match=r"openclaw\.json"):
        written(Agent.OPENCLAW, tmp_path)
    assert path.read_text() == '{"plugins": []}'


@pytest.mark.parametrize("text", ["{", "[]", '{"mcpServers": []}'])
def test_a_file_that_cannot_be_read_is_left_alone(text: str, tmp_path: Path) -> None:
    config = tmp_path / "project/.mcp.json"
    config.parent.mkdir()
    config.write_text(text)
    with pytest.raises(ValueError, match=r"mcp\.json"):
        written(Agent.CLAUDE_CODE, tmp_path)
    assert config.read_text() == text
    assert not (tmp_path / "project/.claude").exists()


def line(role: str, content: Any, **more: Any) -> str:
    return json.dumps(
        {"type": role, "message": {"role": role, "content": content}, **more}
    )


TRANSCRIPT = [
    line("user", "An older question."),
    line("assistant", [{"type": "text", "text": "An older answer."}]),
    line("user", "Where do I live?", uuid="u-1"),
    line("assistant", [{"type": "tool_use", "name": "Read", "input": {}}]),
    line("user", [{"type": "tool_result", "content": "a file"}]),
    line("user", "What a subagent was asked.", isSidechain=True),
    line("assistant", [{"type": "text", "text": "In Rome."}]),
    "",
    '{"type": "assis',
    json.dumps({"type": "summary", "summary": "A talk."}),
]


TURN = [
    {"role": "user", "content": "Where do I live?"},
    {"role": "assistant", "content": "In Rome."},
]


def test_the_last_turn_of_a_transcript() -> None:
    assert last_turn(TRANSCRIPT) == Turn(TURN, "u-1")


@pytest.mark.parametrize(
    "entry",
    [
        line("user", "This session is being continued ...", isCompactSummary=True),
        line("user", "Caveat: the messages below ...", isMeta=True),
        line("user", "<local-command-stdout>Set model to opus</local-command-stdout>"),
        line("user", "<command-name>/model</command-name>"),
        line("user", "<bash-input>ls</bash-input>"),
        line("user", "[Request interrupted by user]"),
        line("user", [{"type": "text", "text": "[Request interrupted by user]"}]),
        json.dumps({"type": "system", "message": {"role": "user", "content": "x"}}),
    ],
)
def test_what_nobody_said_is_no_turn(entry: str) -> None:
    assert last_turn([*TRANSCRIPT, entry]) == Turn(TURN, "u-1")


class Recorded(Client):
    """A client that sends nothing."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self._patience = Patience()

    def send(self, call: Any) -> Any:
        self.calls.append(call)
        rome = {"memory_value": "The user lives in Rome.\n</memories>"}
        return call.read(
            {"memory_detail_list": [rome], "task_id": "t", "status": "running"}
        )


def test_a_hook_recalls_before_a_turn() -> None:
    client = Recorded()
    text = recall({"prompt": "Where do I live?"}, client, "ana", raised)
    assert "The user lives in Rome." in text
    assert text.count("</memories>") == 1
    assert client.calls[0].body["query"] == "Where do I live?"
    assert recall({"prompt": " "}, client, "ana", raised) == ""


def raised(error: Exception) -> None:
    raise error


def stop(folder: Path, *more: str) -> dict[str, str]:
    """A Stop event."""
    transcript = folder / "t.jsonl"
    transcript.write_text("\n".join([*TRANSCRIPT, *more]))
    return {"transcript_path": str(transcript), "session_id": "s"}


def test_a_hook_remembers_after_a_turn(tmp_path: Path) -> None:
    client = Recorded()
    remember(stop(tmp_path), client, "ana", raised)
    (call,) = client.calls
    assert call.body["messages"] == TURN
    assert (call.body["conversation_id"], call.body["user_id"]) == ("s", "ana")


def test_a_turn_that_ends_twice_is_remembered_once(tmp_path: Path) -> None:
    client = Recorded()
    remember(stop(tmp_path), client, "ana", raised)
    goes_on = line("assistant", [{"type": "text", "text": "And the lint is clean."}])
    remember(stop(tmp_path, goes_on), client, "ana", raised)
    keys = {call.headers["Idempotency-Key"] for call in client.calls}
    assert len(client.calls) == 2 and len(keys) == 1


def on_server(*answers: Answer) -> Client:
    transport = httpx.MockTransport(Server(*answers))
    return Client("http://h", "k", pauses=(), transport=transport)


def test_that_a_turn_is_known_already_is_no_fault(tmp_path: Path) -> None:
    used = no(422, 40000, "this Idempotency-Key was used for another request")
    remember(stop(tmp_path), on_server(used), "ana", raised)


def test_a_hook_says_what_is_wrong_and_waits_for_seconds(tmp_path: Path) -> None:
    told: list[Exception] = []
    away = on_server(httpx.ConnectTimeout("swallowed"))
    assert recall({"prompt": "Hi"}, away, "ana", told.append) == ""
    remember(stop(tmp_path), away, "ana", told.append)
    assert [str(error).count("swallowed") for error in told] == [1, 1]


@pytest.mark.parametrize("given", ["", "[]", '{"transcript_path": "/none"}'])
@pytest.mark.parametrize("event", ["recall", "remember"])
def test_no_hook_ends_a_turn(event: str, given: str) -> None:
    arguments = ["--url", "http://127.0.0.1:9", "hook", event, "--user", "ana"]
    assert CliRunner().invoke(app, arguments, input=given).exit_code == 0


def test_init_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SOUVENIR_API_KEY", raising=False)
    server = ["--data", str(tmp_path), "--url", "http://127.0.0.1:9"]
    arguments = ["init", "--agent", "claude-code", "--folder", str(tmp_path)]
    done = CliRunner().invoke(app, [*server, *arguments])
    assert "missing: SOUVENIR_API_KEY is not set here" in done.output
    assert "missing: a server that answers there: no answer" in done.output
