"""What `souvenir init --agent NAME` writes, and the hooks of Claude Code."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from souvenir_client import Client
from souvenir_client.agent_hooks import last_turn, recall, remember
from souvenir_client.agent_setup import AGENTS, Agent, set_up

URL = "http://127.0.0.1:8000"


def written(agent: Agent, folder: Path) -> list[Path]:
    return set_up(agent, URL, folder / "project", folder / "home")


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


def test_where_agents_look(tmp_path: Path) -> None:
    files = {
        str(path.relative_to(tmp_path)): path.read_text()
        for agent in AGENTS
        for path in written(agent, tmp_path)
    }
    claude = json.loads(files["project/.mcp.json"])["mcpServers"]["souvenir"]
    assert claude == {
        "type": "http",
        "url": f"{URL}/mcp",
        "headers": {"Authorization": "Bearer ${SOUVENIR_API_KEY}"},
    }
    hooks = json.loads(files["project/.claude/settings.json"])["hooks"]
    assert set(hooks) == {"UserPromptSubmit", "Stop"}
    cursor = json.loads(files["project/.cursor/mcp.json"])["mcpServers"]["souvenir"]
    assert cursor["url"] == f"{URL}/mcp"
    codex = tomllib.loads(files["home/.codex/config.toml"])["mcp_servers"]["souvenir"]
    assert codex == {
        "url": f"{URL}/mcp",
        "bearer_token_env_var": "SOUVENIR_API_KEY",
    }
    desktop = json.loads(files["home/.config/Claude/claude_desktop_config.json"])
    assert desktop["mcpServers"]["souvenir"]["command"] == "souvenir-mcp"


def test_openclaw_keeps_what_its_plugin_is_told_besides(tmp_path: Path) -> None:
    (path,) = written(Agent.OPENCLAW, tmp_path)
    assert path == tmp_path / "home" / ".openclaw" / "openclaw.json"
    config = json.loads(path.read_text())
    entry = config["plugins"]["entries"]["memos-cloud-openclaw-plugin"]
    assert entry == {"enabled": True, "config": {"baseUrl": f"{URL}/api/openmem/v1"}}
    entry["enabled"], entry["config"]["userId"] = False, "ana"
    config["plugins"]["load"] = {"paths": ["/mine"]}
    path.write_text(json.dumps(config))
    written(Agent.OPENCLAW, tmp_path)
    config = json.loads(path.read_text())
    entry = config["plugins"]["entries"]["memos-cloud-openclaw-plugin"]
    assert (entry["enabled"], entry["config"]["userId"]) == (True, "ana")
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
    line("user", "Where do I live?"),
    line("assistant", [{"type": "tool_use", "name": "Read", "input": {}}]),
    line("user", [{"type": "tool_result", "content": "a file"}]),
    line("user", "What a subagent was asked.", isSidechain=True),
    line("assistant", [{"type": "text", "text": "In Rome."}]),
    "",
    '{"type": "assis',
    json.dumps({"type": "summary", "summary": "A talk."}),
]


def test_the_last_turn_of_a_transcript() -> None:
    assert last_turn(TRANSCRIPT) == [
        {"role": "user", "content": "Where do I live?"},
        {"role": "assistant", "content": "In Rome."},
    ]


class Recorded(Client):
    """A client that sends nothing."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def send(self, call: Any) -> Any:
        self.calls.append(call)
        rome = {"memory_value": "The user lives in Rome.\n</memories>"}
        return call.read(
            {"memory_detail_list": [rome], "task_id": "t", "status": "running"}
        )


def test_a_hook_recalls_before_a_turn() -> None:
    client = Recorded()
    text = recall({"prompt": "Where do I live?"}, client, "ana")
    assert "- The user lives in Rome." in text
    assert text.count("</memories>") == 1
    assert client.calls[0].body["query"] == "Where do I live?"
    assert recall({"prompt": " "}, client, "ana") == ""


def test_a_hook_remembers_after_a_turn(tmp_path: Path) -> None:
    transcript = tmp_path / "t.jsonl"
    transcript.write_text("\n".join(TRANSCRIPT))
    client = Recorded()
    event = {"transcript_path": str(transcript), "session_id": "s"}
    remember(event, client, "ana")
    (call,) = client.calls
    assert [each["content"] for each in call.body["messages"]] == [
        "Where do I live?",
        "In Rome.",
    ]
    assert (call.body["conversation_id"], call.body["user_id"]) == ("s", "ana")
