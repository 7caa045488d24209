"""Commands of the command line about what was of use and what is taken back: rate,
restore-memory, undo.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from souvenir_client.cli_options import AsJson, client_of, print_json, print_line


class Thumb(StrEnum):
    """What is thought of a memory."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


def rate(
    context: typer.Context,
    thumb: Annotated[Thumb, typer.Argument(help="none takes it back.")],
    memory_ids: Annotated[
        list[str], typer.Argument(help="As `souvenir search --ids` shows them.")
    ],
    query: Annotated[
        str | None,
        typer.Option(help="The question; without it a little for every one."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for people.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say that memories were of use for a question, or of none."""
    with client_of(context) as client:
        rated = client.rate(memory_ids, thumb.value, query=query, reason=reason)
    if as_json:
        print_json(rated)
        return
    meant = f'questions like "{query}"' if query else "every question"
    print_line(f"{len(rated)} rated {thumb.value} for {meant}")


def restore_memory(
    context: typer.Context,
    memory_id: Annotated[str, typer.Argument(help="The memory.")],
    version_id: Annotated[
        str, typer.Argument(help="An entry of its history: `souvenir memory ID`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Let an earlier version of a memory be current again."""
    with client_of(context) as client:
        restored = client.restore(memory_id, version_id)
    if as_json:
        print_json(restored)
        return
    print_line(f"{restored['memory_id']} says: {restored['text']}")
    archived = restored["archived_id"]
    print_line(f"what it said is {archived}" if archived else "it said that already")


def undo(
    context: typer.Context,
    task_id: Annotated[str, typer.Argument(help="As `souvenir tasks` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Take back what a task has done, within a day."""
    with client_of(context) as client:
        undone = client.undo(task_id)
    if as_json:
        print_json(undone)
        return
    removed, restored = len(undone["removed"]), len(undone["restored"])
    print_line(f"{removed} removed, {restored} restored, {len(undone['left'])} left")
    for left in undone["left"]:
        print_line(f"  {left['memory_id']}: {left['reason']}")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (rate, restore_memory):
        app.command(rich_help_panel="Memories")(command)
    app.command(rich_help_panel="Tasks")(undo)
