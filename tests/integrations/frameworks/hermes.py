"""Hermes: the provider, loaded as a plugin by Hermes' own loader and run by its manager."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "hermes_provider"
HOME = Path(tempfile.mkdtemp(prefix="hermes-"))
PLUGIN = Path(__file__).parents[3] / "examples" / "hermes_plugin" / "__init__.py"


def _manager(user: str) -> Any:
    """Hermes' memory manager with our provider, found in $HERMES_HOME/plugins."""
    os.environ["HERMES_HOME"] = str(HOME)
    folder = HOME / "plugins" / "souvenir"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(PLUGIN.read_text())
    from agent.memory_manager import MemoryManager
    from plugins.memory import load_memory_provider

    provider = load_memory_provider("souvenir")
    assert provider is not None and provider.is_available()
    manager = MemoryManager()
    manager.add_provider(provider)
    manager.initialize_all("talk", hermes_home=str(HOME), platform="cli", user_id=user)
    return manager


def stores(user: str) -> None:
    manager = _manager(user)
    manager.sync_all(FACT, "How nice!", session_id="talk")
    manager.shutdown_all()
    until(lambda: knows(user), "the memory of the turn")


def recalls(user: str) -> None:
    tell(user)
    manager = _manager(user)
    assert WORD in manager.prefetch_all(QUESTION, session_id="talk")
    said = manager.handle_tool_call("recall_memories", {"query": QUESTION})
    assert WORD in json.loads(said)["result"]
    assert "long-term memory" in manager.build_system_prompt()


def deletes(user: str) -> None:
    tell(user)
    manager = _manager(user)
    for memory_id in ids(user):
        manager.handle_tool_call("forget_memory", {"memory_id": memory_id})
    assert not knows(user)
    gone = manager.handle_tool_call("forget_memory", {"memory_id": "no-such-memory"})
    assert "error" in json.loads(gone)


def a_server_that_is_away_costs_no_turn(user: str) -> None:
    from souvenir_client import Client
    from souvenir_client.integrations.hermes_provider import SouvenirMemoryProvider

    client = Client("http://127.0.0.1:1", "key", pauses=())
    provider = SouvenirMemoryProvider(client)
    provider.initialize("talk", user_id=user)
    assert provider.prefetch(QUESTION) == ""
    provider.sync_turn(FACT, "How nice!")
    provider.shutdown()
    assert "error" in json.loads(
        provider.handle_tool_call("recall_memories", {"query": QUESTION})
    )


def a_subagent_is_not_remembered(user: str) -> None:
    from souvenir_client.integrations.hermes_provider import SouvenirMemoryProvider

    provider = SouvenirMemoryProvider()
    provider.initialize("talk", user_id=user, agent_context="subagent")
    provider.sync_turn(FACT, "How nice!")
    provider.shutdown()
    assert not knows(user)
