"""Commands of the command line for agents: `init` and `hook`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from souvenir_client import agent_hooks, agent_setup
from souvenir_client.agent_setup import Agent
from souvenir_client.calls import ApiError
from souvenir_client.cli_options import User, client_of, print_line
from souvenir_client.http_exchange import DEFAULT_URL


class Hook(StrEnum):
    """The hooks of Claude Code that there are."""

    RECALL = "recall"
    REMEMBER = "remember"


def init(
    context: typer.Context,
    agent: Annotated[Agent, typer.Option(help="Which agent is to have the memory.")],
    folder: Annotated[
        Path, typer.Option(help="The project whose configuration is written.")
    ] = Path(),
) -> None:
    """Give an agent the memory: write its MCP configuration, for Claude Code hooks too; of
    OpenClaw that of its plugin.
    """
    url, _ = context.obj
    try:
        files = agent_setup.set_up(
            agent, url or DEFAULT_URL, folder.resolve(), Path.home()
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    for file in files:
        print_line(f"written: {file}")
    if agent is Agent.CLAUDE_DESKTOP:
        print_line("the key is found in the data folder that SOUVENIR_DATA names")
    elif agent is Agent.OPENCLAW:
        variable = agent_setup.PLUGIN_KEY_VARIABLE
        print_line(
            f"the plugin reads the key from {variable}, in ~/.openclaw/.env where"
        )
        print_line("that file exists, else in its environment; if it is not there yet:")
        print_line(
            "openclaw plugins install github:MemTensor/MemOS-Cloud-OpenClaw-Plugin"
        )
    else:
        print_line(f"the key is read from {agent_setup.KEY_VARIABLE} when it starts")


def hook(context: typer.Context, event: Hook, user: User) -> None:
    """What Claude Code runs around a turn, with a JSON object on standard input."""
    try:
        given = json.load(sys.stdin)
        with client_of(context) as client:
            if event is Hook.REMEMBER:
                agent_hooks.remember(given, client, user)
            elif text := agent_hooks.recall(given, client, user):
                print_line(text)
    except (ApiError, OSError, ValueError, KeyError) as error:
        # Exit code 0: a hook that fails would stop the turn.
        print(f"souvenir: {error}", file=sys.stderr)


def register(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command(rich_help_panel="Agents")(init)
    app.command(hidden=True)(hook)
