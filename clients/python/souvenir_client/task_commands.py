"""Commands of the command line about tasks: status, tasks, cancel, replay, reindex."""

from __future__ import annotations

from typing import Annotated

import typer

from souvenir_client import show
from souvenir_client.cli_options import (
    AsJson,
    User,
    client_of,
    print_json,
    print_line,
    print_state,
    print_table,
)
from souvenir_client.following import follow, print_outcome

GROUP = "Tasks"
TaskId = Annotated[str, typer.Argument(help="As `souvenir tasks` shows it.")]


def status(
    context: typer.Context,
    task_id: TaskId,
    as_json: AsJson = False,
    follow_it: Annotated[
        bool, typer.Option("--follow", "-f", help="Watch it until it has ended.")
    ] = False,
) -> None:
    """How far a task is, or what it did."""
    with client_of(context) as client:
        task = client.status(task_id)
        if follow_it and not task.ended:
            (task,) = follow(client, {task_id: "task"})
        if not task.ended and not as_json and task.raw.get("step"):
            print_line(f"running: {show.progress_text(task)} (task {task_id})")
            return
        print_outcome(client, task, as_json=as_json, texts=True)


def tasks(
    context: typer.Context,
    user: User,
    state: Annotated[
        list[str] | None,
        typer.Option(
            help="Only tasks in this state: queued, running, completed, failed, dead,"
            " cancelled. May be given several times."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="So many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """The latest tasks of a user."""
    with client_of(context) as client:
        listed = client.tasks(user, state=state, limit=limit)
    if as_json:
        print_json([task.raw for task in listed])
    elif listed:
        titles = ("task", "begun", "state", "work", "how far")
        print_table(titles, show.task_rows(listed))
    else:
        print_line(f"no tasks of {user}")


def cancel(context: typer.Context, task_id: TaskId) -> None:
    """Cancel a task; what it has stored by then stays."""
    with client_of(context) as client:
        print_state(client.cancel(task_id))


def replay(context: typer.Context, task_id: TaskId) -> None:
    """Try a failed or dead task again."""
    with client_of(context) as client:
        print_state(client.replay(task_id))


def reindex(
    context: typer.Context,
    wait: Annotated[
        bool, typer.Option(help="Watch it until it has ended; it goes on anyway.")
    ] = True,
) -> None:
    """Embed all memories anew, by the embedder that the server's settings name."""
    with client_of(context) as client:
        task = client.reindex()
        if wait and not task.ended:
            (task,) = follow(client, {task.task_id: "reindex"})
        print_outcome(client, task)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (status, tasks, cancel, replay):
        app.command(rich_help_panel=GROUP)(command)
    app.command(rich_help_panel="Administration")(reindex)
