"""Commands of the command line about memories: add, upload, search, chat, get, memories,
memory, update, feedback, extract, delete.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from souvenir_client import explanation, show
from souvenir_client.cli_options import (
    AsJson,
    AsOf,
    Conversation,
    KnowledgeBases,
    User,
    client_of,
    out,
    print_json,
    print_line,
    print_table,
    text_of,
)
from souvenir_client.following import follow, interruptible, print_outcome
from souvenir_client.message_calls import upload_file

GROUP = "Memories"

Said = Annotated[str, typer.Argument(help="The words; -: standard input.")]
MemoryId = Annotated[str, typer.Argument(help="As `souvenir memories` shows it.")]


def add(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to remember; -: standard input.")],
    user: User,
    conversation: Conversation = None,
    as_json: AsJson = False,
) -> None:
    """Remember a sentence; says what was stored when it can be found."""
    with client_of(context) as client, interruptible(lambda: _unanswered(user)):
        task = client.add(text_of(text), user, conversation, wait=True)
    with client_of(context) as client:
        if not task.ended:
            (task,) = follow(client, {task.task_id: "add"})
        print_outcome(client, task, as_json=as_json, texts=True)


def _unanswered(user: str) -> str:
    return (
        "No answer was waited for. What the server has received is remembered all the"
        f" same; see: souvenir tasks --user {user}"
    )


def upload(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(help="Files (paths or URLs), web pages too.")
    ],
    user: User,
    conversation: Conversation = None,
    as_json: AsJson = False,
) -> None:
    """Remember files or web pages, with a progress bar; Ctrl-C leaves them being read."""
    for file in files:
        require_content(file)
    with client_of(context) as client:
        names = {}
        for file in files:
            sent = client.send(upload_file(file, user, conversation))
            names[sent.task_id] = file_name(file)
        for task in follow(client, names):
            print_outcome(client, task, as_json=as_json)


def require_content(file: str) -> None:
    """Raises ValueError for an empty file, OSError for one that cannot be read."""
    if "://" not in file and Path(file).stat().st_size == 0:
        raise ValueError(f"{file} is empty")


def file_name(file: str) -> str:
    """The name of a file or of a page, for people."""
    return file.rstrip("/").rpartition("/")[2] or file


def search(
    context: typer.Context,
    query: str,
    user: User,
    conversation: Conversation = None,
    knowledge_bases: KnowledgeBases = None,
    relativity: Annotated[
        float, typer.Option(help="The least likeness, 0..1; 0 cuts nothing.")
    ] = 0.45,
    limit: Annotated[int, typer.Option(help="Facts at most.")] = 9,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Draw what each score is made of, and the cut."),
    ] = False,
    ids: Annotated[bool, typer.Option("--ids", help="With the memories' ids.")] = False,
    as_of: AsOf = None,
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
            knowledgebase_ids=knowledge_bases,
            explain=explain or None,
            as_of=as_of,
        )
    if as_json:
        print_json(answer.raw)
        return
    if show.count(answer) and ids:
        print_table(("relativity", "kind", "id", "memory"), show.match_rows(answer))
    elif show.count(answer):
        out.print(show.matches(answer))
    else:
        print_line(nothing_found(relativity))
    for remark in answer.remarks:
        print_line(f"note: {remark}")
    if explain:
        explanation.draw(out, answer.raw.get("explanation") or {})


def nothing_found(relativity: float) -> str:
    """For people, in place of an empty table."""
    if relativity <= 0:
        return "nothing is remembered about it"
    return (
        f"nothing found of a relativity of {relativity:g} or more;"
        " --relativity 0 shows what comes nearest"
    )


def chat(
    context: typer.Context,
    user: User,
    query: Annotated[str, typer.Argument(help="Left out: talk until Ctrl-D.")] = "",
    conversation: Conversation = None,
    as_of: AsOf = None,
) -> None:
    """Ask, and see the answer as it is written."""
    conversation = conversation or f"cli-{uuid.uuid4().hex[:12]}"
    with client_of(context) as client:
        for question in [query] if query else _questions():
            asked = client.chat_stream(question, user, conversation, as_of=as_of)
            for words in asked:
                sys.stdout.write(show.visible(words))
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


def get(
    context: typer.Context,
    user: User,
    conversation: Conversation = None,
    limit: Annotated[int, typer.Option(help="Messages at most.")] = 6,
    as_json: AsJson = False,
) -> None:
    """The latest messages, as they were said."""
    with client_of(context) as client:
        messages = client.get(user, conversation, message_limit_number=limit)
    if as_json:
        print_json(messages)
        return
    for message in messages:
        words = show.content(message["content"])
        print_line(f"{message['create_time']}  {message['role']}: {words}")
    if not messages:
        print_line(f"no messages of {user}")


def memories(
    context: typer.Context,
    user: User,
    page: Annotated[int, typer.Option(help="From 1.")] = 1,
    size: Annotated[int, typer.Option(help="Of each kind on a page; up to 50.")] = 10,
    archived: Annotated[
        bool, typer.Option("--archived", help="Those that were replaced or forgotten.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """One page of everything remembered, the newest first, with ids."""
    status = "archived" if archived else None
    with client_of(context) as client:
        answer = client.memories(
            user,
            page=page,
            size=size,
            include_tool_memory=True,
            status=status,
            as_of=as_of,
        )
    if as_json:
        print_json(answer)
        return
    if not show.listed(answer):
        print_line(f"no{' archived' if archived else ''} memories of {user}")
        return
    print_table(("id", "since", "kind", "memory"), show.memory_rows(answer))
    pages = answer.get("pages") or 1
    if pages > 1:
        print_line(f"page {page} of {pages}: --page {page % pages + 1} for another")


def memory(context: typer.Context, memory_id: MemoryId) -> None:
    """One memory as JSON: its words, where it was read, what it replaced."""
    with client_of(context) as client:
        print_json(client.memory(memory_id))


def update(
    context: typer.Context,
    memory_id: MemoryId,
    text: Annotated[str, typer.Argument(help="The new words; -: standard input.")] = "",
    title: Annotated[str | None, typer.Option(help="A new short name.")] = None,
) -> None:
    """Change the words of a memory; the old ones stay in its history."""
    if not text and title is None:
        raise ValueError("say the new words, or --title")
    with client_of(context) as client:
        client.update(memory_id, content=text_of(text) or None, title=title)
    print_line("changed")


def feedback(
    context: typer.Context,
    text: Annotated[
        str, typer.Argument(help='E.g. "no, it is June 28"; -: standard input.')
    ],
    user: User,
    conversation: Conversation = None,
    as_json: AsJson = False,
) -> None:
    """Correct what is remembered, in words."""
    with client_of(context) as client:
        task = client.feedback(text_of(text), user, conversation)
        (task,) = follow(client, {task.task_id: "feedback"})
        print_outcome(client, task, as_json=as_json, texts=True)


def extract(context: typer.Context, text: Said, as_json: AsJson = False) -> None:
    """What would be remembered of a text. Nothing is stored."""
    with client_of(context) as client:
        answer = client.extract(text_of(text))
    if as_json:
        print_json(answer)
    elif show.listed(answer):
        rows = [row[2:] for row in show.memory_rows(answer)]
        print_table(("kind", "memory"), rows)
    else:
        print_line("nothing would be remembered")


def delete(
    context: typer.Context,
    user: User,
    memory_ids: Annotated[list[str] | None, typer.Argument()] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All memories and messages of the user.")
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


COMMANDS = (add, upload, search, chat, get, memories, memory, update, feedback, extract)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (*COMMANDS, delete):
        app.command(rich_help_panel=GROUP)(command)
