"""Lives: what somebody tells an assistant over months, and which words of it hold no more.

A pair that was written alone is about one matter. Of a life every two statements are a pair, and most
change nothing: so a model learns how seldom a raise, an exam or a move bears on what was said before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any

from shared.domain.judgement import CHANGES, Span
from shared.language.words import is_chinese
from training.as_stored import as_stored
from training.data import (
    DATA,
    RELATIONS,
    DataError,
    Question,
    Talk,
    Turn,
    lines,
    read_at,
    read_question,
)

USER, ASSISTANT = "user", "Assistant"
FEWEST_OF_CHAT = 30
"""Statements from which a life is a chat, in which next to nothing changes."""


@dataclass(frozen=True)
class Said:
    """A statement, what it answers, and who made it ("" is the user)."""

    text: str
    asked: str
    speaker: str


@dataclass(frozen=True)
class Change:
    """What the statement at place `new` makes of the one at `old`: its words `was` hold
    no more, the newer one's words `by` tell so.
    """

    old: int
    new: int
    was: Span
    by: Span
    relation: str


@dataclass(frozen=True)
class Life:
    """Statements in the order in which they were made, all changes among them, and what
    is asked weeks later; the questions' evidence are places in `said`.
    """

    language: str
    said: tuple[Said, ...]
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    source: str

    @property
    def identity(self) -> str:
        return "\n".join(said.text for said in self.said)

    @property
    def is_chat(self) -> bool:
        """Whether it is talk in which next to nothing changes."""
        return len(self.said) >= FEWEST_OF_CHAT


@dataclass(frozen=True)
class Met:
    """Two statements as the program may have stored them. `relation` is "" where all that
    is known is that it is no change.
    """

    old: str
    new: str
    relation: str
    was: tuple[Span, ...] | None
    """The words of the older one that hold no more; None where that is not known."""
    by: tuple[Span, ...] | None
    """The words of the newer one that tell so."""


def load_lives(root: Path = DATA) -> list[Life]:
    """All lives, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_life, said) for source, said in lines(root, "lives.jsonl")
    ]


def read_life(said: Mapping[str, Any], source: str) -> Life:
    """One line. Raises KeyError or ValueError for one of another form."""
    places = {entry["id"]: place for place, entry in enumerate(said["said"])}
    statements = tuple(map(_said, said["said"]))
    changes = tuple(
        _change(entry, places, statements, source) for entry in said["changes"]
    )
    questions = tuple(
        read_question(entry, [places[id] for id in entry["evidence"]])
        for entry in said.get("questions", ())
    )
    return Life(said["language"], statements, changes, questions, source)


def _said(entry: Mapping[str, Any]) -> Said:
    speaker = ASSISTANT if entry.get("by_assistant") else entry.get("speaker", "")
    return Said(entry["text"], entry.get("asked", ""), speaker)


def _change(
    entry: Mapping[str, Any],
    places: Mapping[int, int],
    said: Sequence[Said],
    source: str,
) -> Change:
    old, new = places[entry["old"]], places[entry["new"]]
    was = said[old].text.find(entry["was"])
    by = said[new].text.find(entry["by"])
    if old >= new or was < 0 or by < 0 or entry["relation"] not in CHANGES:
        raise DataError(f"{source}: no change: {dict(entry)}")
    return Change(
        old,
        new,
        (was, was + len(entry["was"])),
        (by, by + len(entry["by"])),
        entry["relation"],
    )


def _changes(life: Life) -> dict[tuple[int, int], list[Change]]:
    found: dict[tuple[int, int], list[Change]] = {}
    for change in life.changes:
        found.setdefault((change.old, change.new), []).append(change)
    return found


def changed_places(life: Life) -> list[tuple[int, int]]:
    """(older, newer) places of the statements of `changed_pairs`, in its order."""
    return list(_changes(life))


def changed_pairs(life: Life, chance: random.Random) -> list[Met]:
    """Every pair of statements of which the newer one makes something outdated."""
    return [
        _met(
            life.said[old],
            life.said[new],
            changes[0].relation,
            [change.was for change in changes],
            [change.by for change in changes],
            chance,
        )
        for (old, new), changes in _changes(life).items()
    ]


def unchanged_places(life: Life) -> Iterator[tuple[int, int]]:
    """(older, newer) places of the statements that do not bear on each other so."""
    changed = {(change.old, change.new) for change in life.changes}
    for old, new in combinations(range(len(life.said)), 2):
        if (old, new) not in changed and may_change(life.said[old], life.said[new]):
            yield old, new


def may_change(old: Said, new: Said) -> bool:
    """The program compares neither what an assistant says later, nor two named people."""
    if new.speaker == ASSISTANT:
        return False
    is_named = old.speaker not in ("", ASSISTANT) and new.speaker != ""
    return not is_named or old.speaker == new.speaker


def unchanged_pair(life: Life, pair: tuple[int, int], chance: random.Random) -> Met:
    """Such a pair."""
    return _met(life.said[pair[0]], life.said[pair[1]], "", (), (), chance)


def _met(
    old: Said,
    new: Said,
    relation: str,
    was: Sequence[Span],
    by: Sequence[Span],
    chance: random.Random,
) -> Met:
    old_text, was = stored_with(old, was, chance)
    new_text, by = stored_with(new, by, chance)
    assert not relation or relation in RELATIONS
    return Met(old_text, new_text, relation, tuple(was), tuple(by))


def stored(said: Said, chance: random.Random) -> str:
    """The statement as it may be stored, with its question."""
    return stored_with(said, (), chance)[0]


def stored_with(
    said: Said, spans: Sequence[Span], chance: random.Random
) -> tuple[str, Sequence[Span]]:
    """The statement as it may be stored, with its question, and where the spans lie then."""
    is_wide = is_chinese(said.text)
    if said.speaker:
        name = {ASSISTANT: "助手说" if is_wide else ASSISTANT}.get(said.speaker)
        lead = f"{name or said.speaker}：" if is_wide else f"{name or said.speaker}: "
        written = said.text
    else:
        lead, written = "", as_stored(said.text, chance)
    if said.asked:
        question = f"（{said.asked}）" if is_wide else f"({said.asked}) "
        for prefix in ("User: ", "用户："):
            if written.startswith(prefix):
                lead, written = prefix, written.removeprefix(prefix)
        lead += question
    moved = [_moved(span, said.text, written) for span in spans]
    shift = len(lead)
    return lead + written, [(start + shift, end + shift) for start, end in moved]


def as_talk(life: Life, chance: random.Random) -> Talk:
    """The life as something to find answers in: statements as they may be stored."""
    turns = tuple(Turn(USER, stored(said, chance)) for said in life.said)
    return Talk(life.language, "life", turns, life.questions, life.source)


def with_lives(
    talks: Sequence[Talk], lives: Sequence[Life], chance: random.Random
) -> list[Talk]:
    """The talks, and the lives that something is asked about, each in one of the forms in
    which it may be stored.
    """
    return [*talks, *(as_talk(life, chance) for life in lives if life.questions)]


def _moved(span: Span, text: str, written: str) -> Span:
    """Where the words of a span lie in the text as it was rewritten."""
    if text == written:
        return span
    at = written.find(text[slice(*span)])
    if at >= 0:
        return at, at + span[1] - span[0]
    blocks = SequenceMatcher(None, text, written, autojunk=False).get_matching_blocks()
    inside = [
        (
            block.b + max(0, span[0] - block.a),
            block.b + min(block.size, span[1] - block.a),
        )
        for block in blocks
        if block.a < span[1] and block.a + block.size > span[0]
    ]
    if not inside:
        return 0, 0
    return min(start for start, _ in inside), max(end for _, end in inside)
