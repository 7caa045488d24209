"""`souvenir-client add | search | chat | upload | memories | tasks | export | import`, against a running server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from souvenir_client import transfer
from souvenir_client.calls import ApiError, Task
from souvenir_client.client import Client

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Talk to a Souvenir server. SOUVENIR_URL, SOUVENIR_API_KEY, SOUVENIR_USER."
)
out = Console()
User = Annotated[str, typer.Option("--user", "-u", envvar="SOUVENIR_USER", help="whose memories")]
Conversation = Annotated[str | None, typer.Option("--conversation", "-c")]
AsJson = Annotated[bool, typer.Option("--json", help="print the answer as JSON")]


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@app.command()
def add(text: str, user: User, conversation: Conversation = None) -> None:
    """Remember a sentence; returns when it can be found."""
    with Client() as client:
        task = client.add(text, user, conversation, wait=True)
    out.print(f"{task.status} (task {task.task_id})")


@app.command()
def search(
    query: str, user: User, conversation: Conversation = None, relativity: float = 0.45, limit: int = 9, as_json: AsJson = False
) -> None:
    """What is remembered about a question."""
    with Client() as client:
        found = client.search(query, user, conversation, relativity=relativity, memory_limit_number=limit, include_tool_memory=True)
    if as_json:
        _print_json(found.raw)
        return
    table = Table("relativity", "kind", "memory")
    for kind, rows, name in (
        ("fact", found.memories, "memory_value"),
        ("preference", found.preferences, "preference"),
        ("tool", found.tools, "tool_value"),
    ):
        for row in rows:
            table.add_row(f"{row['relativity']:.2f}", kind, row[name])
    out.print(table)


@app.command()
def chat(query: str, user: User, conversation: Conversation = None) -> None:
    """Ask, and see the answer as it is written."""
    with Client(timeout=120) as client:
        for words in client.chat_stream(query, user, conversation):
            sys.stdout.write(words)
            sys.stdout.flush()
    sys.stdout.write("\n")


@app.command()
def upload(file: str, user: User, conversation: Conversation = None) -> None:
    """Remember a file (a path or a URL), with a progress bar."""
    with Client(timeout=120) as client, Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=out) as bar:
        row = bar.add_task(Path(file).name, total=None)
        task = client.upload(file, user, conversation, on_progress=lambda seen: _show(bar, row, seen))
    _say_end(task)


def _show(bar: Progress, row: Any, task: Task) -> None:
    progress = task.raw.get("progress") or {}
    bar.update(
        row, description=progress.get("step") or task.status, completed=progress.get("pages_done"), total=progress.get("pages") or None
    )


def _say_end(task: Task) -> None:
    if task.status == "failed":
        out.print(f"[red]failed[/red]: {task.error_message} (code {task.error_code})")
        raise typer.Exit(1)
    out.print(f"{task.status} (task {task.task_id})")


@app.command()
def tasks(task_id: str, as_json: AsJson = False) -> None:
    """How far a task is."""
    with Client() as client:
        task = client.status(task_id)
    if as_json:
        _print_json(task.raw)
    else:
        _say_end(task)


@app.command()
def memories(user: User, page: int = 1, size: int = 10) -> None:
    """One page of everything remembered."""
    with Client() as client:
        _print_json(client.memories(user, page=page, size=size))


@app.command("export")
def export_(user: User, file: Annotated[Path | None, typer.Argument(help="default: standard output")] = None) -> None:
    """All messages and memories of a user as JSON Lines."""
    with Client() as client:
        if file is None:
            transfer.write_lines(transfer.export_user(client, user), sys.stdout)
            return
        with file.open("w", encoding="utf-8") as target:
            count = transfer.write_lines(transfer.export_user(client, user), target)
    out.print(f"{count} records in {file}")


@app.command("import")
def import_(file: Path, user: Annotated[str | None, typer.Option("--user", "-u", help="put everything under this user")] = None) -> None:
    """Bring in an export of ours or of mem0."""
    with Client(timeout=120) as client, file.open(encoding="utf-8") as lines, Progress(console=out) as bar:
        records = list(transfer.read_records(lines))
        row = bar.add_task("messages", total=len(records))
        count = transfer.import_records(client, records, user, on_batch=lambda done: bar.update(row, completed=done))
        bar.update(row, completed=len(records))
    out.print(f"{count} messages added from {len(records)} records")


def main() -> None:
    """The console script: errors of the server in one line, exit code 1."""
    try:
        app()
    except (ApiError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
