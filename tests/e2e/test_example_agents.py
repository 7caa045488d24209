"""Each agent of examples/agents runs as its page says, against the running system and a
language model on loopback that says what it was shown.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients.install import node
from tests.clients.typescript import TYPESCRIPT, built
from tests.integrations.install import python
from tests.support.model_server import Body, ModelServer, Say
from tests.support.system import KEPT, ROOT, System, until

AGENTS = ROOT / "examples" / "agents"


def what_it_is_told(body: Body) -> Say:
    """A model that repeats its instructions, on one line."""
    return Say(" | ".join(body["messages"][0]["content"].splitlines()))


def agent(
    system: System,
    model: ModelServer,
    user: str,
    *command: str | Path,
    says: str = "",
    **more: str,
) -> list[str]:
    """The lines that an example prints."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "PYTHONPATH": str(ROOT / "clients" / "python"),
        "SOUVENIR_URL": system.url,
        "SOUVENIR_API_KEY": system.key,
        "SOUVENIR_USER": user,
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "none",
        "MODEL": "m",
        **more,
    }
    ran = subprocess.run(
        [str(part) for part in command],
        input=says,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"
    return ran.stdout.splitlines()


def wait_until_known(system: System, user: str, word: str) -> None:
    """The adds of a chat go on in the background."""
    until(
        lambda: (
            word in json.dumps(system.post("search/memory", user_id=user, query=word))
        ),
        word,
    )


def test_the_chat_remembers_from_one_start_to_the_next(
    system: System, user: str
) -> None:
    program = (sys.executable, AGENTS / "remembering_chat.py")
    with ModelServer(what_it_is_told) as model:
        first = agent(
            system, model, user, *program, says="I live in Rome with two greyhounds.\n"
        )
        assert "nothing yet" in first[0]
        # Not a word of it: the raw message is found by its words before there is a fact.
        wait_until_known(system, user, "The user lives in Rome")
        second = agent(system, model, user, *program, says="Which pets do I have?\n")
    assert "greyhounds" in second[0]


def shell_call(command: str) -> Say:
    """The model asks for the tool."""
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "shell", "arguments": json.dumps({"command": command})},
    }
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    answer: dict[str, Any] = {"id": "1", "object": "chat.completion", "created": 0}
    return Say(raw=json.dumps({**answer, "model": "m", "choices": [choice]}))


def careful(body: Body) -> Say:
    """A model that tries `make check`, and then does what worked."""
    shown = json.dumps(body["messages"])
    if any(message["role"] == "tool" for message in body["messages"]):
        return (
            Say("The tests pass.") if "3 passed" in shown else shell_call("sh check.sh")
        )
    known = "check.sh" in body["messages"][0]["content"]
    return shell_call("sh check.sh" if known else "make check")


def test_the_coding_agent_does_not_fail_twice(
    system: System, user: str, tmp_path: Path
) -> None:
    (tmp_path / "check.sh").write_text("echo 3 passed\n")
    program = (sys.executable, AGENTS / "coding_agent.py", tmp_path, "Run the tests.")
    with ModelServer(careful) as model:
        first = agent(system, model, user, *program)
        second = agent(system, model, user, *program)
    assert [line for line in first if line[:1] == "$"] == [
        "$ make check",
        "$ sh check.sh",
    ]
    assert [line for line in second if line[:1] == "$"] == ["$ sh check.sh"]
    assert first[-1] == second[-1] == "The tests pass."


def test_the_support_bot_reads_the_handbook_and_keeps_customers_apart(
    system: System, user: str
) -> None:
    program = (sys.executable, AGENTS / "support_bot.py")
    with ModelServer(what_it_is_told) as model:
        question = "My Brewer 2 in the office in Oslo shows E4. What can I do?"
        (first,) = agent(system, model, user, *program, user, question)
        assert "Fill the tank" in first and "nothing yet" in first
        (second,) = agent(
            system, model, user, *program, user, "Where does my Brewer 2 stand?"
        )
        (other,) = agent(
            system, model, user, *program, f"{user}-2", "Where is my Brewer 2?"
        )
    assert "Oslo" in second
    assert "Oslo" not in other


def test_the_chat_in_typescript(system: System, user: str, tmp_path: Path) -> None:
    built()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "souvenir-client").symlink_to(TYPESCRIPT)
    program = tmp_path / "chat.ts"
    program.write_text((AGENTS / "typescript_chat" / "chat.ts").read_text())
    says = "I live in Rome with two greyhounds.\nWhich pets do I have?\n"
    with ModelServer(what_it_is_told) as model:
        lines = agent(system, model, user, node(), program, says=says)
    said = "\n".join(lines)
    assert "nothing yet" in lines[0]
    assert "greyhounds" in said


@pytest.mark.slow
def test_the_graph_remembers_across_threads(system: System, user: str) -> None:
    """With the real framework, of the environment that `make test-integrations` installs."""
    program = (python("frameworks"), AGENTS / "langgraph_agent.py")
    with ModelServer(what_it_is_told) as model:
        lines = agent(
            system,
            model,
            user,
            *program,
            "I live in Rome with two greyhounds.",
            "Which pets?",
        )
    assert "nothing yet" in lines[0]
    assert "greyhounds" in lines[-1]


def test_the_page_names_every_agent() -> None:
    page = (ROOT / "examples" / "README.md").read_text()
    names = {path.name for path in AGENTS.glob("*.py")} | {"typescript_chat/chat.ts"}
    assert len(names) == 5
    assert [name for name in names if f"agents/{name}" not in page] == []
