"""What became of a task, in words: how many memories of which kind it stored, updated
or knew already. Pure; the task is one of `Client.task`, which has the receipts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from souvenir_client.values import Json, Task

STORED, SUPERSEDED = "stored", "superseded"
_PLURALS = {"memory": "memories", "tool": "tool memories", "skill": "skills"}
_SINGULARS = {"tool": "tool memory"}
_PHRASES = {
    STORED: "stored",
    SUPERSEDED: "updated",
    "merged": "known already",
    "dropped": "left out",
    "archived": "archived",
    "restored": "restored",
}
"""Outcomes of a receipt, in the order in which they are named, and the words for them."""


def summary(task: Task) -> str:
    """What a task that has ended did, e.g. "12 pages of a.pdf: 30 facts and 2
    preferences stored, 1 fact known already". "" where the server does not say.
    """
    receipts = task.raw.get("receipts")
    if receipts is None:
        return ""
    read = [_file_text(file) for file in task.raw.get("files") or ()]
    counts_text = receipts_text(receipts)
    if task.raw.get("work") == "reindex":
        counts_text = ""
    return ": ".join(filter(None, [" and ".join(filter(None, read)), counts_text]))


def outcome_text(task: Task | None) -> str:
    """What became of something to remember, for a model that tells its user."""
    if task is None:
        return "There was nothing to remember in it."
    if not task.ended:
        return "It is being remembered."
    if task.status != "completed":
        reason = task.error_message or "the server could not read it"
        return f"Not remembered: {reason}."
    done = summary(task)
    return f"Done: {done}." if done else "Remembered."


def receipts_text(receipts: Iterable[Json]) -> str:
    """The receipts, counted by outcome and kind."""
    counts = Counter(
        (str(receipt.get("outcome")), str(receipt.get("kind") or "memory"))
        for receipt in receipts
    )
    phrases = []
    for outcome in (*_PHRASES, *sorted({name for name, _ in counts} - set(_PHRASES))):
        of_kinds = [
            counted(count, kind)
            for (name, kind), count in counts.items()
            if name == outcome
        ]
        if of_kinds:
            phrases.append(f"{_listed(of_kinds)} {_PHRASES.get(outcome, outcome)}")
    return ", ".join(phrases) or "nothing to remember was found in it"


def counted(count: int, noun: str) -> str:
    """E.g. "1 fact", "3 facts", "2 memories"."""
    if count == 1:
        return f"1 {_SINGULARS.get(noun, noun)}"
    return f"{count} {_PLURALS.get(noun, noun + 's')}"


def written_ids(task: Task) -> list[str]:
    """The ids of the memories that a task stored or updated, in its order."""
    return [
        receipt["memory_id"]
        for receipt in task.raw.get("receipts") or ()
        if receipt.get("outcome") in (STORED, SUPERSEDED)
    ]


def problems(task: Task) -> list[str]:
    """What of a task that has ended went less well: files that could not be read, and
    the server's remarks.
    """
    said = [
        f"{file.get('name') or 'a file'}: {file['message']}"
        for file in task.raw.get("files") or ()
        if file.get("message")
    ]
    return [*said, *map(str, task.raw.get("remarks") or ())]


def _file_text(file: Json) -> str:
    if file.get("status") == "failed" or not file.get("pages"):
        return ""
    return f"{counted(file['pages'], 'page')} of {file.get('name') or 'a file'}"


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
