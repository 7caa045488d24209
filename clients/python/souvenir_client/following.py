"""Following tasks to their end on a terminal, and saying what they did."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from souvenir_client import outcomes, show
from souvenir_client.calls import ApiError, Task
from souvenir_client.cli_options import out, print_json, print_line
from souvenir_client.client import Client
from souvenir_client.patience import passes
from souvenir_client.values import KINDS

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""
SHOWN_MEMORIES = 12
"""So many of the memories that an add stored are printed."""


@contextmanager
def interruptible(hint: Callable[[], str]) -> Iterator[None]:
    """Ctrl-C within ends the command with code 130 and, on standard error, with what
    `hint` says of the work that goes on.
    """
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{hint()}\n")
        raise typer.Exit(INTERRUPTED) from None


def follow(client: Client, names: Mapping[str, str]) -> list[Task]:
    """Watch tasks, given as name by id, until the last has ended: a bar each. After
    Ctrl-C the command ends and says how to go on watching.
    """
    ended: list[Task] = []

    def hint() -> str:
        done = {task.task_id for task in ended}
        return goes_on([task for task in names if task not in done])

    with interruptible(hint), show.bar(out) as bar:
        rows = {task: show.TaskRow(bar, name) for task, name in names.items()}
        for task_id, row in rows.items():
            ended.append(_ended(client, task_id, row, hint))
    return ended


def _ended(
    client: Client, task_id: str, row: show.TaskRow, hint: Callable[[], str]
) -> Task:
    """A task that has ended. Where the server stays away, says what goes on without it."""
    try:
        return client.wait_for(task_id, row.update, longest=math.inf)
    except ApiError as error:
        if passes(error):
            sys.stderr.write(f"{hint()}\n")
        raise


def goes_on(task_ids: Sequence[str]) -> str:
    """For people, when a command ends before its tasks."""
    commands = [f"  souvenir status {task_id} --follow" for task_id in task_ids]
    what = "The task goes on" if len(task_ids) == 1 else "The tasks go on"
    return "\n".join(
        [
            f"{what} without you. To watch or to cancel:",
            *commands,
            *[f"  souvenir cancel {task_id}" for task_id in task_ids],
        ]
    )


def print_outcome(
    client: Client, task: Task, *, as_json: bool = False, texts: bool = False
) -> None:
    """Print what a task did, with `texts` also the memories. Raises ApiError for a
    failed one.
    """
    whole = with_receipts(client, task)
    if as_json:
        print_json(whole.raw)
    if task.status == "failed":
        raise ApiError(task.error_code, f"failed: {task.error_message}", 200)
    if as_json:
        return
    said = outcomes.summary(whole) if task.ended else ""
    words = f"{task.status}: {said}" if said else task.status
    print_line(f"{words} (task {task.task_id})")
    for problem in outcomes.problems(whole):
        print_line(f"  note: {problem}")
    if texts:
        _print_written(client, whole)


def with_receipts(client: Client, task: Task) -> Task:
    """The same task with all that the server keeps of it; as it is where the server has
    no more to say of tasks than the hosted service.
    """
    try:
        return client.task(task.task_id)
    except ApiError:
        return task


def _print_written(client: Client, task: Task) -> None:
    """The words of the memories that a task wrote, the first few."""
    ids = outcomes.written_ids(task)
    kinds = {
        receipt["memory_id"]: str(receipt.get("kind") or "")
        for receipt in task.raw.get("receipts") or ()
    }
    for memory_id in ids[:SHOWN_MEMORIES]:
        try:
            text = _text_of(client.memory(memory_id))
        except ApiError:  # replaced or deleted in between
            continue
        print_line(f"  {kinds[memory_id]:<11} {text}")
    if len(ids) > SHOWN_MEMORIES:
        print_line(f"  ... and {len(ids) - SHOWN_MEMORIES} more")


def _text_of(memory: Mapping[str, object]) -> str:
    """The words of a memory as get/memory/{id} gives it."""
    for kind in KINDS:
        value = memory.get(kind.text)
        if isinstance(value, Mapping):
            return str(value.get("name") or "")
        if value:
            return str(value)
    return ""
