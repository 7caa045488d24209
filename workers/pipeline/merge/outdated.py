"""Which claims of a known statement a new one makes outdated: another day or amount for
the same thing, or the end of it. Pure functions.

A change needs a word that tells of one ("moved to", "now", "instead", "no longer", 改到,
推迟, 不去了): two dates, two prices are two things until somebody says that the one came in
the other's place. What is only wished for, asked or supposed changes nothing, what has
happened stays as it was, and another person's or another named thing is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from shared.language.words import terms
from workers.pipeline.merge.change_patterns import (
    CHANGE_OF_VALUE,
    GIVEN_UP,
    LASTS,
    LIMITS,
    LOOSE,
    OPEN,
    PAST,
    SMALL,
    TIME,
)
from workers.pipeline.merge.changes import about, ended, moved, people, without_denied
from workers.pipeline.merge.claims import Claim, claims, names, of_assistant

SHARED = 0.6
"""Share of the words of a change that the claim it bears on has, too."""
WHOLE = 0.4
"""Share of the words of a claim that name what is over, at which the claim is about nothing else."""
BRIEF = 6
"""Words up to which a claim may be about what it answers rather than about its own words."""

TIMES = frozenset(
    "hour hours minute minutes day days week weeks month months year "
    "years times 小时 分钟 天 周 年 次 岁".split()
)
"""Units that stand beside every amount of their kind: a bare number is none of these."""
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)")
_VERSION = re.compile(r"(?<![\d.])\d\.\d(?![\d.])")


@dataclass(frozen=True)
class Outdated:
    """A claim that no longer holds, and the clause that says so. `whole`: the claim is
    about what changed and little else.
    """

    claim: Claim
    clause: str
    whole: bool


@dataclass(frozen=True)
class _Change:
    """A new value: `about` are the words that tell of what."""

    claim: Claim
    about: frozenset[str]


@dataclass(frozen=True)
class _End:
    """Something is over."""

    claim: Claim
    thing: str


def outdated(
    new: str, new_at: datetime, existing: str, existing_at: datetime, context: str = ""
) -> list[Outdated]:
    """The claims of `existing` that `new` makes outdated, each with the time it was said
    at. `context` is what `existing` replied to.

    What the assistant says changes nothing: it repeats, plans and gets things wrong.
    """
    changes, ends = _changes_and_ends(new)
    if not changes and not ends:
        return []
    before: list[Claim] = []
    for claim in claims(existing, context):
        # Clauses that name nothing, only a day or an amount, are about what the one
        # before them names.
        is_leaning = bool(before) and not telling(claim.text)
        before.append(replace(claim, asked=before[-1].text) if is_leaning else claim)
    outdated_claims = [
        _by_change(claim, changes, existing_at, new_at) or _by_end(claim, ends)
        for claim in before
    ]
    return [claim for claim in outdated_claims if claim is not None] or list(
        _across(before, ends)
    )


@lru_cache(maxsize=1024)
def _changes_and_ends(text: str) -> tuple[Sequence[_Change], Sequence[_End]]:
    """What a statement changes and ends; kept, since it is compared with many."""
    own_claims = [] if of_assistant(text) else claims(text)
    ends: list[_End] = []
    for claim in filter(_asserts, own_claims):
        ends += [_End(claim, thing) for thing in _ended(claim.text)]
    return tuple(_changes(own_claims)), tuple(ends)


def tells_of_change(text: str) -> bool:
    """Whether a text may tell of a change at all."""
    return bool(CHANGE_OF_VALUE.search(text) or GIVEN_UP.search(text)) or any(
        True for _ in ended(text)
    )


def telling(text: str) -> frozenset[str]:
    """What a clause is about: its words without values and without those that tell of a
    change; versions ("2.0") are names.
    """
    words = (
        word
        for word in terms(CHANGE_OF_VALUE.sub(" ", TIME.sub(" ", text)))
        if not any(character.isdigit() or character in SMALL for character in word)
    )
    return frozenset(words) - LOOSE | frozenset(_VERSION.findall(text))


def _changes(own_claims: Sequence[Claim]) -> Iterator[_Change]:
    """The clauses that tell of another value; one that names nothing tells of what a
    clause before it names.
    """
    for index, claim in enumerate(own_claims):
        if (
            not (claim.when or claim.amounts)
            or not CHANGE_OF_VALUE.search(claim.text)
            or not _asserts(claim)
        ):
            continue
        named = (
            telling(before.text)
            for before in reversed(own_claims[:index])
            if CHANGE_OF_VALUE.search(before.text) or index == 1
        )
        thing = telling(next(moved(TIME.sub("", claim.text)), ""))
        words = thing or telling(claim.text) or next(filter(None, named), frozenset())
        if words:
            yield _Change(claim, words)


def _asserts(claim: Claim) -> bool:
    return not claim.text.endswith(("?", "？")) and not OPEN.search(claim.text)


def _ended(text: str) -> list[str]:
    plain = without_denied(TIME.sub("", text))
    things = [*ended(plain)]
    for match in GIVEN_UP.finditer(plain):
        things += filter(None, match.groupdict().values())
    return [thing for thing in things if set(terms(thing)) - LOOSE]


def _by_change(
    existing: Claim, changes: Sequence[_Change], existing_at: datetime, new_at: datetime
) -> Outdated | None:
    if PAST.search(existing.text):
        return None
    own = telling(existing.text)
    words = own | telling(existing.asked) if len(own) <= BRIEF else own
    own_names = names(existing.text)
    for change in changes:
        new = change.claim
        common = len(change.about & words)
        if not common or common < SHARED * len(change.about):
            continue
        new_names = names(new.text)
        other_names = own_names and new_names and not own_names & new_names
        if (
            not other_names
            and people(new.text) == people(existing.text)
            and _differs(new, existing)
            and not _is_past(existing, existing_at, new_at)
        ):
            return Outdated(existing, new.text, whole=True)
    return None


def _differs(new: Claim, existing: Claim) -> bool:
    """Whether both give the same part of a date, or an amount in the same unit, and not
    the same one.
    """
    if any(
        _part(kind, new) and not _part(kind, new) & _part(kind, existing)
        for kind in {kind for kind, _ in existing.when}
    ):
        return True
    ours, theirs = (
        {unit for _, unit in claim.amounts if unit} for claim in (new, existing)
    )
    if not ours & theirs and ((ours and theirs) or (ours | theirs) & TIMES):
        return False
    return bool(new.amounts and existing.amounts) and not {
        number for number, _ in new.amounts
    } & {number for number, _ in existing.amounts}


def _part(kind: str, claim: Claim) -> set[str]:
    return {part for of, part in claim.when if of == kind}


def _is_past(existing: Claim, existing_at: datetime, new_at: datetime) -> bool:
    """Whether the day of a claim is over by then: it cannot be changed any more. A day
    without a year is the next one after it was said; what comes back every week has
    none.
    """
    months = [
        int(part) for kind, part in existing.when if kind == "month" and part.isdigit()
    ]
    if not months:
        return False
    days = [int(part) for kind, part in existing.when if kind == "day"]
    year = _YEAR.search(existing.text)
    month = (
        max(months)
        if year
        else max(months, key=lambda candidate: (candidate - existing_at.month) % 12)
    )
    in_year = int(year[0]) if year else existing_at.year + (month < existing_at.month)
    return (in_year, month, max(days, default=31)) < (
        new_at.year,
        new_at.month,
        new_at.day,
    )


def _by_end(existing: Claim, ends: Sequence[_End]) -> Outdated | None:
    for end in ends:
        if _is_over(end, existing):
            return Outdated(
                existing,
                end.claim.text,
                whole=len(terms(end.thing)) >= WHOLE * len(telling(existing.text)),
            )
    return None


def _is_over(end: _End, existing: Claim) -> bool:
    if people(end.claim.text) != people(existing.text) or (
        PAST.search(existing.text) and not LASTS.search(existing.text)
    ):
        return False
    if LIMITS.search(existing.text) or _ended(existing.text):
        return False
    return about(
        end.thing,
        f"{existing.asked} {existing.text}"
        if existing.asked.endswith(("?", "？")) and len(terms(existing.text)) <= BRIEF
        else existing.text,
    )


def _across(existing: Sequence[Claim], ends: Sequence[_End]) -> Iterator[Outdated]:
    """What is over may be said in two clauses: "I go to Oslo in May, for a training"."""
    for claim, other in pairwise(existing):
        both = Claim(f"{claim.text}, {other.text}", other.end)
        yield from (
            Outdated(both, end.claim.text, whole=False)
            for end in ends
            if len(terms(end.thing)) > 1 and _is_over(end, both)
        )
