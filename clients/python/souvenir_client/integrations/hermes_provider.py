"""Hermes: `SouvenirMemoryProvider`.

A folder `$HERMES_HOME/plugins/souvenir` with this as `__init__.py` makes it known:

    from souvenir_client.integrations.hermes_provider import SouvenirMemoryProvider

    def register(ctx):
        ctx.register_memory_provider(SouvenirMemoryProvider())

Settings come from the environment: SOUVENIR_URL, SOUVENIR_API_KEY and SOUVENIR_USER.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from typing import Any

from agent.memory_provider import MemoryProvider

from souvenir_client.client import Client
from souvenir_client.integrations.user_memory import UserMemory
from souvenir_client.values import ApiError, Json

DEFAULT_USER = "hermes"
SETTINGS = (
    ("base_url", "SOUVENIR_URL", "URL of the server", False),
    ("api_key", "SOUVENIR_API_KEY", "API key", True),
    ("user_id", "SOUVENIR_USER", "User whose memory it is", False),
)
TOOLS = (
    (
        "recall_memories",
        "Look up what is remembered about the user.",
        ("query", "What to look for, in plain words."),
    ),
    (
        "remember_fact",
        "Keep something about the user for later conversations.",
        ("text", "What to remember, as one sentence."),
    ),
    (
        "forget_memory",
        "Delete one memory about the user.",
        ("memory_id", "The id that recall_memories gave."),
    ),
)
"""Name, description and the one argument of each function of `UserMemory.tools`."""


class SouvenirMemoryProvider(MemoryProvider):
    """Recalls before a turn and remembers after it. A server that is away costs a turn
    its memories, never the turn.
    """

    def __init__(self, client: Client | None = None) -> None:
        self._client = client
        self._memory: UserMemory | None = None
        self._writes = True
        self._pending: list[threading.Thread] = []

    @property
    def name(self) -> str:
        """The value of `memory.provider` in Hermes' configuration."""
        return "souvenir"

    def is_available(self) -> bool:
        """Whether a server is named."""
        return self._client is not None or bool(os.environ.get("SOUVENIR_URL"))

    def initialize(self, session_id: str, **kwargs: Any) -> None:
        """Begin a session. Only a primary agent's turns are remembered."""
        if self._client is None:
            self._client = Client()
        user = kwargs.get("user_id") or os.environ.get("SOUVENIR_USER") or DEFAULT_USER
        self._writes = kwargs.get("agent_context", "primary") == "primary"
        self._memory = UserMemory(self._client, str(user), session_id)

    def system_prompt_block(self) -> str:
        """What the model should know about its memory."""
        return (
            "You have a long-term memory. What bears on a message is shown with it; "
            "recall_memories finds more."
        )

    def prefetch(self, query: str, *, session_id: str = "") -> str:
        """What is remembered about a message."""
        return self._of(session_id).text(query)

    def sync_turn(
        self,
        user_content: str,
        assistant_content: str,
        *,
        session_id: str = "",
        messages: list[dict[str, Any]] | None = None,
    ) -> None:
        """Remember a turn, in a thread of its own."""
        if not self._writes:
            return
        turn = [
            {"role": "user", "content": user_content},
            {"role": "assistant", "content": assistant_content},
        ]
        thread = threading.Thread(
            target=self._of(session_id).remember, args=(turn,), daemon=True
        )
        thread.start()
        self._pending = [running for running in self._pending if running.is_alive()]
        self._pending.append(thread)

    def get_tool_schemas(self) -> list[dict[str, Any]]:
        """The three tools in the form of function calling."""
        return [
            {"name": name, "description": about, "parameters": schema_of(*argument)}
            for name, about, argument in TOOLS
        ]

    def handle_tool_call(
        self, tool_name: str, args: dict[str, Any], **kwargs: Any
    ) -> str:
        """Call one of them; the answer as JSON."""
        tools = {function.__name__: function for function in self._of("").tools()}
        if tool_name not in tools:
            return json.dumps({"error": f"unknown tool: {tool_name}"})
        try:
            return json.dumps({"result": tools[tool_name](**args)})
        except (ApiError, TypeError, ValueError) as error:
            return json.dumps({"error": str(error)})

    def on_session_switch(self, new_session_id: str, **kwargs: Any) -> None:
        """Go on in another conversation."""
        self._memory = self._of(new_session_id)

    def shutdown(self) -> None:
        """Wait until every turn has been sent."""
        for thread in self._pending:
            thread.join()

    def get_config_schema(self) -> list[dict[str, Any]]:
        """What `hermes memory setup` asks for."""
        return [
            {"key": key, "env_var": variable, "description": text, "secret": secret}
            for key, variable, text, secret in SETTINGS
        ]

    def _of(self, session_id: str) -> UserMemory:
        """The memory in a conversation. Raises RuntimeError before `initialize`."""
        if self._memory is None:
            raise RuntimeError("initialize has not been called")
        memory = self._memory
        if not session_id:
            return memory
        return replace(memory, conversation_id=session_id)


def schema_of(argument: str, description: str) -> Json:
    """The JSON schema of one text argument."""
    properties = {argument: {"type": "string", "description": description}}
    return {"type": "object", "properties": properties, "required": [argument]}
