"""Commands of the command line for agents: `init` and `hook`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from souvenir_client import agent_hooks, agent_setup, local_server
from souvenir_client.agent_setup import Access, Agent
from souvenir_client.calls import ApiError
from souvenir_client.cli_options import Target, User, client_of, print_line
from souvenir_client.client import Client
from souvenir_client.http_exchange import DEFAULT_URL

COMMANDS = {
    Agent.CLAUDE_CODE: ("souvenir-client",),
    Agent.CLAUDE_DESKTOP: ("souvenir-mcp",),
}
"""Commands that an agent runs."""


class Hook(StrEnum):
    """The hooks of Claude Code that there are."""

    RECALL = "recall"
    REMEMBER = "remember"


def init(
    context: typer.Context,
    agent: Annotated[Agent, typer.Option(help="Which agent is to have the memory.")],
    user: User,
    folder: Annotated[
        Path, typer.Option(help="The project whose configuration is written.")
    ] = Path(),
) -> None:
    """Give an agent the memory: write its MCP configuration, for Claude Code hooks too; of
    OpenClaw that of its plugin.
    """
    target: Target = context.obj
    url = (target.url or DEFAULT_URL).rstrip("/")
    home = local_server.home_of(url, target.folder)
    access = Access(url, user, home.absolute() if home else None)
    try:
        files = agent_setup.set_up(agent, access, folder.resolve(), Path.home())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    for file in files:
        print_line(f"written: {file}")
    for line in (
        *_where_the_key_is(agent, access),
        *_missing(agent, access, target.key),
    ):
        print_line(line)


def _where_the_key_is(agent: Agent, access: Access) -> Iterator[str]:
    """For people: where the agent looks for the key."""
    if agent is Agent.OPENCLAW:
        variable = agent_setup.PLUGIN_KEY_VARIABLE
        yield f"the plugin reads the key from {variable}, in ~/.openclaw/.env where"
        yield "that file exists, else in its environment; if it is not there yet:"
        yield "openclaw plugins install github:MemTensor/MemOS-Cloud-OpenClaw-Plugin"
    elif agent is not Agent.CLAUDE_DESKTOP:
        yield f"the key is read from {agent_setup.KEY_VARIABLE} when it starts"
    elif access.data:
        yield f"the key is found in {access.data}"
    else:
        yield f"put the key beside SOUVENIR_URL, as {agent_setup.KEY_VARIABLE}"


def _missing(agent: Agent, access: Access, key: str) -> Iterator[str]:
    """What stands in the way of what was written, a line each."""
    for name in COMMANDS.get(agent, ()):
        if not Path(agent_setup.command(name)).is_absolute():
            yield f"missing: the command {name} is not installed here"
    by_variable = agent in (Agent.CLAUDE_CODE, Agent.CURSOR, Agent.CODEX)
    if by_variable and not os.environ.get(agent_setup.KEY_VARIABLE):
        yield f"missing: {agent_setup.KEY_VARIABLE} is not set here"
    try:
        with Client(access.url, key, pauses=(), longest=agent_hooks.HOOK_S) as client:
            client.search("souvenir init", access.user)
    except ApiError as error:
        yield f"missing: a server that answers there: {error}"


def hook(context: typer.Context, event: Hook, user: User) -> None:
    """What Claude Code runs around a turn, with a JSON object on standard input."""
    try:
        given = json.load(sys.stdin)
        with client_of(context) as client:
            if event is Hook.REMEMBER:
                agent_hooks.remember(given, client, user, _complain)
            elif text := agent_hooks.recall(given, client, user, _complain):
                sys.stdout.write(text + "\n")  # as it is: a model reads it
    except Exception as error:  # exit code 0: a hook that fails would stop the turn
        _complain(error)


def _complain(error: Exception) -> None:
    print(f"souvenir: {error}", file=sys.stderr)


def register(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command(rich_help_panel="Agents")(init)
    app.command(hidden=True)(hook)
