"""`souvenir-client add | search | chat | upload | memories | tasks | export | import`, against a running server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from souvenir_client import transfer
from souvenir_client.calls import ApiError, Found, Task
from souvenir_client.client import Client

PATIENCE_S = 120.0

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Talk to a Souvenir server. Settings: SOUVENIR_URL, SOUVENIR_API_KEY, SOUVENIR_USER.")
out = Console(highlight=False)
User = Annotated[str, typer.Option("--user", "-u", envvar="SOUVENIR_USER", help="Whose memories.")]
Conversation = Annotated[str | None, typer.Option("--conversation", "-c", help="The conversation that it belongs to.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command()
def add(text: str, user: User, conversation: Conversation = None) -> None:
    """Remember a sentence; returns when it can be found."""
    with Client(timeout=PATIENCE_S) as client:
        task = client.add(text, user, conversation, wait=True)
        _say_end(task if task.ended else client.wait_for(task.task_id))


@app.command()
def search(
    query: str, user: User, conversation: Conversation = None, relativity: float = 0.45, limit: int = 9, as_json: AsJson = False
) -> None:
    """What is remembered about a question."""
    with Client() as client:
        found = client.search(
            query, user, conversation, relativity=relativity, memory_limit_number=limit, include_tool_memory=True, include_skill=True)
    if as_json:
        _print_json(found.raw)
    else:
        _show_found(found)


@app.command()
def chat(query: str, user: User, conversation: Conversation = None) -> None:
    """Ask, and see the answer as it is written."""
    with Client(timeout=PATIENCE_S) as client:
        for words in client.chat_stream(query, user, conversation):
            sys.stdout.write(words)
            sys.stdout.flush()
    sys.stdout.write("\n")


@app.command()
def upload(file: str, user: User, conversation: Conversation = None) -> None:
    """Remember a file (a path or a URL), with a progress bar."""
    with Client(timeout=PATIENCE_S) as client, _bar() as bar:
        name = Path(file).name
        row = bar.add_task(name, total=None, unit="pages")
        task = client.upload(file, user, conversation, on_progress=lambda seen: _show(bar, row, name, seen))
    _say_end(task)


@app.command()
def memories(user: User, page: int = 1, size: int = 10) -> None:
    """One page of everything remembered, as JSON."""
    with Client() as client:
        _print_json(client.memories(user, page=page, size=size))


@app.command()
def tasks(
    task_id: str, as_json: AsJson = False, wait: Annotated[bool, typer.Option("--wait", help="Wait for its end.")] = False
) -> None:
    """How far a task is."""
    with Client() as client:
        task = client.wait_for(task_id) if wait else client.status(task_id)
    if as_json:
        _print_json(task.raw)
    else:
        _say_end(task)


@app.command("export")
def export_(
    file: Annotated[Path | None, typer.Argument(help="Default: standard output.")] = None,
    user: Annotated[str, typer.Option("--user", "-u", envvar="SOUVENIR_USER", help="Only this user; default: everybody.")] = "",
) -> None:
    """All messages and memories of a user, or of everybody, as JSON Lines."""
    with Client(timeout=PATIENCE_S) as client:
        records = transfer.export_user(client, user) if user else transfer.export_project(client)
        if file is None:
            transfer.write_lines(records, sys.stdout)
            return
        with file.open("w", encoding="utf-8") as target:
            count = transfer.write_lines(records, target)
    _say(f"{count} records in {file}")


@app.command("import")
def import_(
    file: Path, user: Annotated[str, typer.Option("--user", "-u", help="Put everything under this user; default: as the file says.")] = ""
) -> None:
    """Bring in an export of Souvenir or of mem0. What is there already is passed over."""
    records = transfer.read_records(file.read_text(encoding="utf-8"))
    with Client(timeout=PATIENCE_S) as client, _bar() as bar:
        row = bar.add_task(file.name, total=len(records), unit="records")
        told = transfer.import_records(client, records, user, on_batch=lambda done: bar.update(row, completed=done))
    _say(f"{told['messages']} messages and {told['memories']} memories brought in, {told['known']} were known")


def main() -> None:
    """The console script: errors in one line, exit code 1."""
    try:
        app()
    except (ApiError, ValueError, OSError, httpx.InvalidURL) as error:
        sys.stderr.write(f"souvenir-client: {error}\n")
        sys.exit(1)


def _bar() -> Progress:
    """Shown on a terminal and gone at the end: in a pipe only the outcome is of use."""
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[unit]}")
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _show(bar: Progress, row: TaskID, name: str, task: Task) -> None:
    """Where a file is: the step, and how much of it is done: pages while it is read, then the passages it was split into."""
    progress = task.raw.get("progress") or {}
    unit = "passages" if progress.get("passages") else "pages"
    bar.update(row, description=f"{name}: {task.raw.get('step') or task.status}", completed=progress.get(f"{unit}_done") or 0,
               total=progress.get(unit) or None, unit=unit)


def _show_found(found: Found) -> None:
    table = Table("relativity", "kind", "memory")
    for kind, rows, name in (("fact", found.memories, "memory_value"), ("preference", found.preferences, "preference"),
                             ("tool", found.tools, "tool_value"), ("skill", found.skills, "skill_value")):
        for row in rows:
            value = row[name]
            table.add_row(f"{row['relativity']:.2f}", kind, Text(value["name"] if isinstance(value, dict) else value))
    out.print(table)


def _say_end(task: Task) -> None:
    if task.status == "failed":
        raise ApiError(task.error_code, f"failed: {task.error_message}", 200)
    _say(f"{task.status} (task {task.task_id})")


def _say(line: str) -> None:
    out.print(line, markup=False, soft_wrap=True)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
