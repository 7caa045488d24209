"""What became of a task, in words: how many memories of which kind it stored, updated
or knew already. Pure; the task is one of `Client.task`, which has the receipts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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
_FORGOTTEN, _REST = "forgotten, as the user wished", "what else a forgotten memory said"
_KEPT_OUT = "not remembered, as the user wished"
_BROUGHT_BACK, _PUT_BACK = "brought back, as the user wished", "the memory that it was"
_UNCLEAR = "unclear: "
_NOTHING_TO_UNDO = "nothing was forgotten within"
_OF_ORDERS = (
    "nothing matches",
    "it seems to be an order",
    "the memory that may be meant",
    "what was so before",
    "to delete everything",
)
"""How the server's reasons begin, behind "unclear: ", for which an order did nothing."""


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


def receipts_text(receipts: Sequence[Json]) -> str:
    """The receipts, counted by outcome and kind; what became of orders to the memory, and
    why feedback did nothing, in words of their own.
    """
    of_orders = [receipt for receipt in receipts if _is_of_order(receipt)]
    others = [receipt for receipt in receipts if not _is_of_order(receipt)]
    phrases = [*_order_phrases(of_orders), *_counted_phrases(others)]
    return ", ".join(phrases) or "nothing to remember was found in it"


def _counted_phrases(receipts: Iterable[Json]) -> list[str]:
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
    return phrases


def _is_of_order(receipt: Json) -> bool:
    reasons = (_FORGOTTEN, _REST, _KEPT_OUT, _BROUGHT_BACK, _PUT_BACK, _UNCLEAR)
    return _reason(receipt).startswith(reasons)


def _order_phrases(receipts: Sequence[Json]) -> list[str]:
    """What became of orders: what was forgotten, kept out or undone, and why nothing was."""
    forgotten = _with_reason(receipts, _FORGOTTEN)
    back = _with_reason(receipts, _BROUGHT_BACK)
    phrases = []
    if forgotten:
        phrases.append(f"{_of_kinds(forgotten)} forgotten")
    if rest := _with_reason(receipts, _REST):
        phrases.append(f"what else was said kept as {_of_kinds(rest)}")
    if back:
        phrases.append(f"undone: {_of_kinds(back)} brought back")
    if _with_reason(receipts, _KEPT_OUT):
        phrases.append("not remembered, as wished")
    reasons = dict.fromkeys(map(_reason, _with_reason(receipts, _UNCLEAR)))
    unclear = [reason.removeprefix(_UNCLEAR) for reason in reasons]
    return phrases + [_nothing_done(reason, bool(forgotten)) for reason in unclear]


def _nothing_done(reason: str, is_part: bool) -> str:
    """That an order or feedback did nothing, or with `is_part` not all, and why."""
    if reason.startswith(_NOTHING_TO_UNDO):
        return f"nothing was undone: {reason}"
    if not reason.startswith(_OF_ORDERS):
        return f"feedback ignored: {reason}"
    return (
        f"not everything was forgotten: {reason}"
        if is_part
        else f"nothing was forgotten: {reason}"
    )


def _with_reason(receipts: Sequence[Json], begins: str) -> list[Json]:
    return [receipt for receipt in receipts if _reason(receipt).startswith(begins)]


def _reason(receipt: Json) -> str:
    return str(receipt.get("reason") or "")


def _of_kinds(receipts: Sequence[Json]) -> str:
    """E.g. "2 facts and 1 preference"."""
    counts = Counter(str(receipt.get("kind") or "memory") for receipt in receipts)
    return _listed([counted(count, kind) for kind, count in counts.items()])


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
