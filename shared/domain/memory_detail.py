"""The keys of `Memory.detail` and `Draft.detail`: what only one kind of memory has. They
are stored, and exported, under these names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any


class Aspect(StrEnum):
    """Values of `ASPECT`."""

    PROFILE = "profile"
    """Who somebody is: name, home, job, family, health, ..."""
    EVENT = "event"
    """What happened or will happen on a day or in a period that is known."""
    PLAN = "plan"
    OPINION = "opinion"
    """What somebody thinks or feels."""
    ADVICE = "advice"
    """What the assistant proposed or found out."""
    OTHER = "other"


SUBJECT = "subject"
"""Any kind: what the memory is about in a normalised form ("user.home_city"); two
memories of one subject and another value contradict each other.
"""
ASPECT = "aspect"
"""A fact or a preference that a language model read: what sort of statement it is
(`Aspect`).
"""
ABOUT = "about"
"""A fact or a preference that a language model read: the person or thing that it is
about, by name; "user" for the user.
"""
UNTIL = "until"
"""What tells of a period: its last day, epoch milliseconds; `happened_at` is its first."""
TOPIC = "topic"
"""A preference that a language model read: what it is about, in a word or two."""
QUESTIONS = "questions"
"""What a language model read: questions that it answers, in other words than its own.
They are searched, and never returned.
"""
SUMMARY = "summary"
"""A passage of a document that a language model read: what it says, in a sentence. It
is searched, and never returned.
"""
NOTES_OF_MODEL = (QUESTIONS, SUMMARY)
"""What is noted of the words of a memory, and not of others."""
CHANGES = "changes"
"""Any kind: what newer memories have made outdated, each with `by` (the id of the newer
memory) and `said_at` (when that was said, epoch milliseconds), `start`, `end` and `was`
(where the outdated clause begins and ends, and its last words), `part` (start and end,
in the newer text, of the clause that says what has changed).
"""
PRESENT = "present"
"""Any kind: ids of memories that say what is so now, of what this one tells of the past."""
LIKELY_CHANGES = "likely_changes"
"""Facts and preferences: what newer memories likely, not surely, have made outdated, as in
`CHANGES`.
"""
NOTES = (CHANGES, LIKELY_CHANGES)
"""What newer memories say of a memory."""
VERSION_OF = "version_of"
"""What a memory said before it was changed by hand: the id of that memory."""
FEEDBACK = "feedback"
"""What a user thinks of a memory: `value` (POSITIVE, NEGATIVE, VERY_NEGATIVE), `reason`,
`at` (epoch milliseconds).
"""
STEPS = "steps"
"""A trajectory: the names of its successful tool calls, in order."""
STEP_ARGUMENTS = "arguments"
"""A trajectory: the arguments of each step, by name, as they are quoted."""
FAILED_CALLS = "failed"
"""A trajectory: how many of its tool calls failed."""
SCHEMA_NAME = "name"
"""A tool schema: the name of the tool."""
SKILL_VALUE = "skill_value"
"""A skill: the object that the wire calls so (name, description, procedure, ...)."""
SKILL_WORDS = "skill_words"
"""A skill: how a language model has worded it, as it answered."""
SKILL_TYPE = "skill_type"
"""A skill: "procedure" when it was found in runs, "uploaded" when somebody wrote it."""
OF_STATEMENT = (ASPECT, ABOUT, TOPIC, UNTIL)
"""What tells of a statement whatever words it has, the last as long as its day stays."""
OF_WORDS = (*NOTES_OF_MODEL, LIKELY_CHANGES, SKILL_VALUE, UNTIL)
"""What goes with the words of a memory, and comes back with them."""


def filtered_notes(
    detail: Mapping[str, Any], keep: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any]:
    """The detail with those of its notes (`NOTES`) that are to be kept."""
    remaining = {key: list(filter(keep, detail.get(key, ()))) for key in NOTES}
    others = {key: value for key, value in detail.items() if key not in NOTES}
    return others | {key: notes for key, notes in remaining.items() if notes}


def renamed(detail: Mapping[str, Any], new_id: Callable[[str], str]) -> dict[str, Any]:
    """The detail with other ids for the memories that it names."""
    notes = {
        key: [{**note, "by": new_id(note["by"])} for note in detail[key]]
        for key in NOTES
        if key in detail
    }
    others = dict(detail) | notes
    if PRESENT in detail:
        others[PRESENT] = list(map(new_id, detail[PRESENT]))
    if VERSION_OF in detail:
        others[VERSION_OF] = new_id(detail[VERSION_OF])
    return others
