"""Commands of the command line that move everything: export, import, backup, users."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import Annotated

import typer

from souvenir_client import show, transfer
from souvenir_client.cli_options import client_of, default_user, out, print_line
from souvenir_client.client import Client
from souvenir_client.following import interruptible
from souvenir_client.import_files import read_file
from souvenir_client.import_talks import Read, import_talks
from souvenir_client.importers.contents import Contents
from souvenir_client.outcomes import counted
from souvenir_client.whole_files import PART, written_whole

GROUP = "Moving in and out"
GOES_ON = "Broken off. Run it again: what has come in already is passed over."


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
            help="Only this user; default: everybody, and all knowledge bases.",
        ),
    ] = "",
    superseded: Annotated[
        bool,
        typer.Option(help="With the memories that newer ones took the place of."),
    ] = True,
) -> None:
    """All messages and memories of a user, or of everybody, as JSON Lines."""
    with client_of(context) as client:
        if user:
            records = transfer.export_user(client, user, superseded=superseded)
        else:
            records = transfer.export_project(client, superseded=superseded)
        if file is None:
            transfer.write_lines(records, sys.stdout)
            return
        with written_whole(file) as target, show.bar(out) as bar:
            row = bar.add_task(file.name, total=None, unit="records")
            text = codecs.getwriter("utf-8")(target)
            count = transfer.write_lines(bar.track(records, task_id=row), text)
    print_line(f"{count} records in {file}")


def import_(
    context: typer.Context,
    file: Path,
    user: Annotated[
        str,
        typer.Option(
            "--user",
            "-u",
            help="Put everything under this user; default: as the file says, or else"
            " SOUVENIR_USER or your login.",
        ),
    ] = "",
) -> None:
    """Import what Souvenir, mem0, ChatGPT, Claude, Letta, Memobase, Zep or MemOS exported.

    Memories are stored as they are, conversations read anew. What is known already is
    passed over, so it may be run again.
    """
    if file.suffix == PART:
        raise ValueError(f"{file} was broken off while it was written")
    contents = read_file(file)
    left_out = ", ".join(f"{count} {what}" for what, count in contents.left_out.items())
    with client_of(context) as client, interruptible(lambda: GOES_ON):
        if contents.records or not contents.conversations:
            _import_records(client, contents, file.name, user)
        if contents.conversations:
            _import_talks(client, contents, user or default_user())
    if left_out:
        print_line(f"left out: {left_out}")


def _import_records(client: Client, contents: Contents, name: str, user: str) -> None:
    total = len(contents.records)
    is_foreign = contents.format not in ("Souvenir", "mem0")
    default = default_user() if is_foreign else ""
    with show.bar(out) as bar:
        row = bar.add_task(name, total=total, unit="records")
        counts = transfer.import_records(
            client,
            contents.records,
            user,
            on_batch=lambda done: bar.update(row, completed=done),
            default_user=default,
        )
    print_line(
        f"{contents.format}: {counts['messages']} messages and {counts['memories']}"
        f" memories brought in, {counts['known']} were known"
    )


def _import_talks(client: Client, contents: Contents, user: str) -> None:
    talks = contents.conversations
    with show.bar(out) as bar:
        row = bar.add_task("reading", total=len(talks), unit="conversations")
        read = import_talks(
            client,
            talks,
            user,
            contents.format.lower(),
            lambda done: bar.update(row, completed=done),
        )
    print_line(_summary(contents.format, read, user))
    for title, task in read.failed:
        again = f" (again: souvenir replay {task.task_id})" if task.task_id else ""
        print_line(f"  not read: {title}: {task.error_message}{again}")


def _summary(name: str, read: Read, user: str) -> str:
    return (
        f"{name}: {counted(read.new, 'new conversation')} and"
        f" {counted(read.continued, 'continued one')} read for {user},"
        f" {counted(read.messages, 'message')}; {read.unchanged} were known"
    )


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to; it must not exist.")],
) -> None:
    """Download a backup of everything, with the server's first key.

    On the server's own machine `souvenir backup` copies without HTTP.
    """
    if file.exists():
        raise ValueError(f"{file} exists already")
    with client_of(context) as client, show.bar(out) as bar:
        row = bar.add_task(file.name, total=None, unit="KB")
        with written_whole(file) as target:
            for piece in client.download_backup():
                target.write(piece)
                bar.update(row, completed=target.tell() // 1024)
    print_line(f"{file.stat().st_size // 1024} KB in {file}")
    print_line(f"to see whether it is whole: souvenir restore --check {file}")


def users(context: typer.Context) -> None:
    """Everybody of whom something is kept, a line each."""
    with client_of(context) as client:
        for user in client.users():
            print_line(user)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export", rich_help_panel=GROUP)(export_)
    app.command("import", rich_help_panel=GROUP)(import_)
    app.command(rich_help_panel=GROUP)(backup)
    app.command(rich_help_panel="Administration")(users)
