"""What the commands of the command line have in common: options, client and output."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from souvenir_client import show
from souvenir_client.calls import Task
from souvenir_client.client import Client

out = Console(highlight=False, emoji=False)

PATIENCE_S = 120.0
"""Seconds until a request counts as unanswered: an add may wait for its memories."""


@dataclass
class Target:
    """The server that the options name, or the environment."""

    url: str = ""
    key: str = ""

    folder: Path | None = None
    """The data folder of this machine's server where it is named."""

    named: bool = False
    """Whether the URL was given, and not found in the data folder."""


def login_name() -> str:
    """The name of the user of this machine, by default also Souvenir's."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"


def default_user() -> str:
    """Whose memories are meant where nobody is named."""
    return os.environ.get("SOUVENIR_USER") or login_name()


User = Annotated[
    str,
    typer.Option(
        "--user",
        "-u",
        envvar="SOUVENIR_USER",
        default_factory=login_name,
        show_default="your login",
        help="Whose memories.",
    ),
]
Conversation = Annotated[
    str | None,
    typer.Option("--conversation", "-c", help="The conversation that it belongs to."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="What held on that day: YYYY-MM-DD, or ISO 8601."),
]
KnowledgeBases = Annotated[
    list[str] | None,
    typer.Option("--kb", help="A knowledge base (its id) to look into as well."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def client_of(context: typer.Context) -> Client:
    """A client of the server that the options name."""
    target: Target = context.obj
    return Client(target.url or None, target.key, timeout=PATIENCE_S)


def text_of(given: str) -> str:
    """What was given on the command line, or standard input where that is "-"."""
    return sys.stdin.read() if given == "-" else given


def print_state(task: Task) -> None:
    """Print the state of a task."""
    print_line(f"{task.raw['state']} (task {task.task_id})")


def print_line(line: str) -> None:
    """Print a line, unbroken and as it is, but for what would steer the terminal."""
    out.print(show.visible(line), markup=False, soft_wrap=True)


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under titles, one a line, nothing cut."""
    for line in show.aligned(titles, rows):
        print_line(line)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
