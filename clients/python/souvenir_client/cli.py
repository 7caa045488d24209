"""The command line, against a running server: `souvenir add "..."`, or
`souvenir-client` where only the client is installed.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import httpx
import typer

from souvenir_client import admin_commands, agent_commands, local_server, show, transfer
from souvenir_client.calls import ApiError, Task
from souvenir_client.cli_options import (
    AsJson,
    Conversation,
    User,
    client_of,
    out,
    print_json,
    print_line,
    print_result,
    print_state,
)
from souvenir_client.client import Client

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


@app.callback()
def server(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Option(
            envvar="SOUVENIR_URL",
            help="The server; default: the one that runs on this machine.",
        ),
    ] = "",
    key: Annotated[
        str,
        typer.Option(
            envvar="SOUVENIR_API_KEY",
            help="Its key; default: the one in the data folder of this machine.",
        ),
    ] = "",
) -> None:
    """Talk to a Souvenir server."""
    context.obj = local_server.server(url, key)


@app.command()
def add(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to remember; -: standard input.")],
    user: User,
    conversation: Conversation = None,
) -> None:
    """Remember a sentence; returns when it can be found."""
    with client_of(context) as client:
        task = client.add(
            sys.stdin.read() if text == "-" else text, user, conversation, wait=True
        )
        print_result(task if task.ended else client.wait_for(task.task_id))


@app.command()
def search(
    context: typer.Context,
    query: str,
    user: User,
    conversation: Conversation = None,
    relativity: float = 0.45,
    limit: int = 9,
    as_json: AsJson = False,
) -> None:
    """What is remembered about a question."""
    with client_of(context) as client:
        answer = client.search(
            query,
            user,
            conversation,
            relativity=relativity,
            memory_limit_number=limit,
            include_tool_memory=True,
            include_skill=True,
        )
    if as_json:
        print_json(answer.raw)
    else:
        out.print(show.matches(answer))


@app.command()
def chat(
    context: typer.Context,
    user: User,
    query: Annotated[str, typer.Argument(help="Left out: talk until Ctrl-D.")] = "",
    conversation: Conversation = None,
) -> None:
    """Ask, and see the answer as it is written."""
    conversation = conversation or f"cli-{uuid.uuid4().hex[:12]}"
    with client_of(context) as client:
        for question in [query] if query else _questions():
            for words in client.chat_stream(question, user, conversation):
                sys.stdout.write(words)
                sys.stdout.flush()
            sys.stdout.write("\n")


def _questions() -> Iterator[str]:
    """The lines of standard input that are not blank."""
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if line:
            yield line


@app.command()
def upload(
    context: typer.Context, file: str, user: User, conversation: Conversation = None
) -> None:
    """Remember a file (a path or a URL), with a progress bar."""
    with client_of(context) as client, show.bar(out) as bar:
        row = show.TaskRow(bar, Path(file).name)
        task = client.upload(file, user, conversation, on_progress=row.update)
    print_result(task)


@app.command()
def get(
    context: typer.Context,
    user: User,
    conversation: Conversation = None,
    limit: int = 6,
    as_json: AsJson = False,
) -> None:
    """The latest messages, as they were said."""
    with client_of(context) as client:
        messages = client.get(user, conversation, message_limit_number=limit)
    if as_json:
        print_json(messages)
        return
    for message in messages:
        print_line(
            f"{message['create_time']}  {message['role']}: {show.content(message['content'])}"
        )


@app.command()
def memories(context: typer.Context, user: User, page: int = 1, size: int = 10) -> None:
    """One page of everything remembered, as JSON."""
    with client_of(context) as client:
        print_json(client.memories(user, page=page, size=size))


@app.command()
def delete(
    context: typer.Context,
    user: User,
    memory_ids: Annotated[list[str] | None, typer.Argument()] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All memories of the user.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget memories by id, or everything of a user."""
    if bool(memory_ids) == everything:
        raise ValueError("name the memories to forget, or say --all")
    if everything and not yes:
        typer.confirm(f"Forget everything about {user}?", abort=True)
    with client_of(context) as client:
        client.delete(memory_ids, user_id=user)
    print_line("forgotten")


@app.command()
def status(
    context: typer.Context,
    task_id: str,
    as_json: AsJson = False,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Watch it until it has ended.")
    ] = False,
) -> None:
    """How far a task is."""
    with client_of(context) as client:
        task = _followed(client, task_id) if follow else client.status(task_id)
    if as_json:
        print_json(task.raw)
    else:
        print_result(task)


def _followed(client: Client, task_id: str) -> Task:
    with show.bar(out) as bar:
        row = show.TaskRow(bar, f"task {task_id}")
        for task in client.watch(task_id):
            row.update(task)
    return task


@app.command()
def tasks(
    context: typer.Context,
    user: User,
    state: Annotated[
        list[str] | None, typer.Option(help="Only tasks in this state.")
    ] = None,
    limit: int = 20,
    as_json: AsJson = False,
) -> None:
    """The latest tasks of a user."""
    with client_of(context) as client:
        listed = client.tasks(user, state=state, limit=limit)
    if as_json:
        print_json([task.raw for task in listed])
    else:
        out.print(show.tasks(listed))


@app.command()
def cancel(context: typer.Context, task_id: str) -> None:
    """Cancel a task."""
    with client_of(context) as client:
        print_state(client.cancel(task_id))


@app.command()
def replay(context: typer.Context, task_id: str) -> None:
    """Try a failed or dead task again."""
    with client_of(context) as client:
        print_state(client.replay(task_id))


@app.command()
def reindex(
    context: typer.Context,
    wait: Annotated[
        bool, typer.Option(help="Watch it until it has ended; it goes on anyway.")
    ] = True,
) -> None:
    """Embed all memories anew, by the embedder that the server's settings name."""
    with client_of(context) as client:
        task = client.reindex()
        print_result(_followed(client, task.task_id) if wait else task)


@app.command("export")
def export_(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Default: standard output.")
    ] = None,
    user: Annotated[
        str,
        typer.Option(
            "--user",
            "-u",
            envvar="SOUVENIR_USER",
            help="Only this user; default: everybody.",
        ),
    ] = "",
) -> None:
    """All messages and memories of a user, or of everybody, as JSON Lines."""
    with client_of(context) as client:
        records = (
            transfer.export_user(client, user)
            if user
            else transfer.export_project(client)
        )
        if file is None:
            transfer.write_lines(records, sys.stdout)
            return
        with file.open("w", encoding="utf-8") as target, show.bar(out) as bar:
            row = bar.add_task(file.name, total=None, unit="records")
            count = transfer.write_lines(bar.track(records, task_id=row), target)
    print_line(f"{count} records in {file}")


@app.command("import")
def import_(
    context: typer.Context,
    file: Path,
    user: Annotated[
        str,
        typer.Option(
            "--user",
            "-u",
            help="Put everything under this user; default: as the file says.",
        ),
    ] = "",
) -> None:
    """Import an export of Souvenir or of mem0. Records that exist already are passed over."""
    records = transfer.read_records(file.read_text(encoding="utf-8"))
    with client_of(context) as client, show.bar(out) as bar:
        row = bar.add_task(file.name, total=len(records), unit="records")
        counts = transfer.import_records(
            client, records, user, on_batch=lambda done: bar.update(row, completed=done)
        )
    print_line(
        f"{counts['messages']} messages and {counts['memories']} memories brought in, "
        f"{counts['known']} were known"
    )


agent_commands.register(app)
admin_commands.register(app)


def run(name: str, arguments: Sequence[str]) -> NoReturn:
    """Runs a command and ends the process; an error is one line under the name that the
    program was called by, with exit code 1.
    """
    try:
        app(list(arguments), prog_name=name)
    except (ApiError, ValueError, OSError, httpx.InvalidURL) as error:
        sys.stderr.write(f"{name}: {error}\n")
    sys.exit(1)


def main() -> None:
    """The console script."""
    run("souvenir-client", sys.argv[1:])


if __name__ == "__main__":
    main()
