"""Commands of the command line about knowledge bases: `kb create`, `kb add` ..."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from souvenir_client.cli_options import (
    AsJson,
    client_of,
    print_json,
    print_line,
    print_table,
)
from souvenir_client.client import Client
from souvenir_client.following import follow
from souvenir_client.memory_commands import require_content
from souvenir_client.outcomes import counted
from souvenir_client.values import Json

GROUP = "Knowledge bases"
PAGE = 100
"""Files in one answer."""

kb = typer.Typer(
    no_args_is_help=True, help="Knowledge bases: documents that belong to no user."
)
BaseId = Annotated[str, typer.Argument(help="As `souvenir kb list` shows it.")]


@kb.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="For people.")],
    description: Annotated[str, typer.Option(help="What is in it.")] = "",
) -> None:
    """Make a knowledge base; prints its id."""
    with client_of(context) as client:
        print_line(client.create_knowledgebase(name, description))


@kb.command("list")
def list_bases(context: typer.Context, as_json: AsJson = False) -> None:
    """All knowledge bases of the project."""
    with client_of(context) as client:
        listed = client.knowledgebases()
    if as_json:
        print_json(listed)
    elif listed:
        rows = [
            [
                base["id"],
                base["name"],
                ", ".join(f"{count} {state}" for state, count in base["files"].items()),
                base["description"],
            ]
            for base in listed
        ]
        print_table(("id", "name", "files", "description"), rows)
    else:
        print_line("no knowledge bases: make one with souvenir kb create NAME")


@kb.command("add")
def add_files(
    context: typer.Context,
    knowledgebase_id: BaseId,
    files: Annotated[list[str], typer.Argument(help="Files (paths or URLs).")],
    wait: Annotated[
        bool, typer.Option(help="Until they have been read; they are read anyway.")
    ] = True,
) -> None:
    """Put files into a knowledge base."""
    for file in files:
        require_content(file)
    with client_of(context) as client:
        added = client.add_knowledgebase_file(knowledgebase_id, files)
        ids = [file["id"] for file in added]
        reading = {
            file["task_id"]: file["name"] for file in added if file.get("task_id")
        }
        if wait and reading:
            follow(client, reading)
        details = client.get_knowledgebase_file(ids)
    _print_files(details)
    if any(file["status"] == "failed" for file in details):
        raise typer.Exit(1)


@kb.command("files")
def list_files(
    context: typer.Context, knowledgebase_id: BaseId, as_json: AsJson = False
) -> None:
    """The files of a knowledge base and how they stand."""
    with client_of(context) as client:
        files = all_files(client, knowledgebase_id)
    if as_json:
        print_json(files)
    elif files:
        _print_files(files)
    else:
        print_line("no files in it: souvenir kb add ID FILE")


@kb.command("remove")
def remove_files(
    context: typer.Context,
    file_ids: Annotated[list[str], typer.Argument(help="As `kb files` shows them.")],
) -> None:
    """Remove files with everything that was read from them."""
    with client_of(context) as client:
        client.delete_knowledgebase_file(file_ids)
    print_line(f"removed {counted(len(file_ids), 'file')}")


@kb.command("delete")
def delete_base(
    context: typer.Context,
    knowledgebase_id: BaseId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a knowledge base with its files and memories."""
    if not yes:
        typer.confirm(f"Remove the knowledge base {knowledgebase_id}?", abort=True)
    with client_of(context) as client:
        client.delete_knowledgebase(knowledgebase_id)
    print_line("removed")


def all_files(client: Client, knowledgebase_id: str) -> list[Json]:
    """All files of a knowledge base, in the order they were added. Where there are several
    pages, they are read from the last one to the first: a file that is removed meanwhile
    moves others only to pages that are still to be read.
    """

    def read(page: int) -> dict[str, Json]:
        rows = client.get_knowledgebase_file(
            knowledgebase_id=knowledgebase_id, page=page, page_size=PAGE
        )
        return {row["id"]: row for row in rows}

    last, files = 1, read(1)
    while len(files) == PAGE:
        last += 1
        files = read(last)
    for page in range(last - 1, 0, -1):
        files = read(page) | files
    return list(files.values())


def _print_files(files: Sequence[Json]) -> None:
    rows = [
        [
            file["id"],
            file["name"],
            file.get("size") or "",
            file["status"],
            file.get("error_message") or "",
        ]
        for file in files
    ]
    print_table(("id", "file", "size", "status", ""), rows)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(kb, name="kb", rich_help_panel=GROUP)
