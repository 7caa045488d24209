"""How newer statements bear on older ones: what the judge says of the pairs that are
worth judging.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.domain.memory import Memory
from shared.language.function_words import classes, language_of
from shared.language.lexical import without_date, without_written_dates
from shared.language.sentences import sentence_spans
from shared.language.words import is_chinese, terms
from shared.ports import RelationJudge
from workers.pipeline.merge.clauses import clauses, question_span

CHANGES = ("update", "ended", "correction", "instruction_replaced")
"""Relations after which the older statement does not hold any more."""
DENIES_SAME = ("past", "elsewhere", *CHANGES)
"""Relations of statements that are not the same, whatever their words."""
_ATTRIBUTION = frozenset(terms("the user's users says asks 用户 用户说 用户要求"))
SURELY = 0.95
"""Probability of a change from which one of several things that a statement says has
changed: the more it says, the more resembles a change that is none.
"""
LIKELIER = 0.5
"""Probability from which something is more likely so than not."""
SENTENCES, SENTENCE_PAIRS = 6, 64
"""Sentences of a memory, and pairs of them for a batch, that are judged one by one."""
SHARED, SHARED_ZH = 0.25, 0.04
"""Share of an older statement's telling terms that a newer one must have to archive it;
Chinese terms have pairs of characters among them.
"""
BRIEF, BRIEF_ZH = 24, 40
"""Index terms up to which a statement can be archived: a longer one says more."""

_DATE_UNITS = frozenset("年月日号時时点點分周星期礼拜一二三四五六七八九十上下午早晚")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_NAMING = frozenset(("verb", "general"))
"""Classes of small words that name something all the same."""

Pair = tuple[str, str]
"""Ids of an older and a newer memory."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a newer statement means for an older one."""

    change: float
    """Probability that the older one holds no more."""
    not_same: float
    """Probability that the two do not say the same."""
    past: float = 0.0
    """Probability that the newer one tells of an earlier time or a single occasion."""
    outdated: tuple[tuple[int, int], ...] = ()
    """Where the clauses of the older one stand that hold no more."""
    whole: bool = False
    """Whether the older one says nothing that still holds."""
    same: bool = False
    """Whether the two say the same in other words."""

    @property
    def allows_merge(self) -> bool:
        """Whether two statements with the same words may be one."""
        return self.not_same < LIKELIER


async def judge_pairs(
    pairs: Iterable[tuple[Memory, Memory]], judge: RelationJudge
) -> dict[Pair, Bearing]:
    """The bearing of each (older, newer); of those with a change also on which clauses."""
    chosen = list({(old.id, new.id): (old, new) for old, new in pairs}.values())
    texts = [
        (without_written_dates(old.text), without_written_dates(new.text))
        for old, new in chosen
    ]
    bearings: dict[Pair, Bearing] = {}
    changing: list[_Changing] = []
    unchanging: list[tuple[Memory, Memory]] = []
    for (old, new), likely in zip(chosen, await judge.judge(texts), strict=True):
        bearing = _bearing(likely)
        if _are_two_dates(old.text, new.text):
            bearing = replace(bearing, change=0.0)
        bearings[old.id, new.id] = bearing
        if bearing.change >= judge.mark_from:
            changing.append(_Changing(old, new, new.text, bearing))
        else:
            unchanging.append((old, new))
    changing += await _changing_by_sentences(unchanging, judge)
    bearings |= await _on_clauses(changing, judge)
    return bearings


@dataclass(frozen=True, slots=True)
class _Changing:
    """A newer memory that changes an older one; `said`: what of it does."""

    old: Memory
    new: Memory
    said: str
    bearing: Bearing


async def _changing_by_sentences(
    pairs: Sequence[tuple[Memory, Memory]], judge: RelationJudge
) -> list[_Changing]:
    """Changes that one sentence makes of several: "The hall called. Colin broke his leg,
    so he does not do the speech." They must be sure and share words.
    """
    asked = [
        (old, new, was, said)
        for old, new in pairs
        for was in _clauses(old.text)
        for said in _sentences(new.text)
        if shares_words(was, said)
    ][:SENTENCE_PAIRS]
    texts = [
        (without_written_dates(was), without_written_dates(said))
        for _, _, was, said in asked
    ]
    best: dict[Pair, _Changing] = {}
    for (old, new, _, said), likely in zip(
        asked, await judge.judge(texts), strict=True
    ):
        candidate = _Changing(old, new, said, _bearing(likely))
        before = best.get((old.id, new.id))
        is_sure = candidate.bearing.change >= SURELY
        if is_sure and (not before or candidate.bearing.change > before.bearing.change):
            best[old.id, new.id] = candidate
    return list(best.values())


def _clauses(text: str) -> list[str]:
    return [text[slice(*span)] for span in clauses(text)][:SENTENCES]


def _sentences(text: str) -> list[str]:
    """At most some of the sentences of a memory, without what it answers and the day."""
    plain = without_date(text)[question_span(text)[1] :]
    return [plain[slice(*span)] for span in sentence_spans(plain)][:SENTENCES]


def _bearing(likely: Mapping[str, float]) -> Bearing:
    return Bearing(
        change=sum(likely.get(name, 0.0) for name in CHANGES),
        not_same=sum(likely.get(name, 0.0) for name in DENIES_SAME),
        past=likely.get("past", 0.0),
    )


async def _on_clauses(
    changing: Sequence[_Changing], judge: RelationJudge
) -> dict[Pair, Bearing]:
    """The bearings with the clauses that hold no more: a statement of several clauses is
    judged clause by clause.
    """
    spans = [clauses(pair.old.text) for pair in changing]
    asked = [
        (
            without_written_dates(pair.old.text[start:end]),
            without_written_dates(pair.said),
        )
        for pair, own in zip(changing, spans, strict=True)
        if len(own) > 1
        for start, end in own
    ]
    answers = iter(await judge.judge(asked))
    result: dict[Pair, Bearing] = {}
    for pair, own in zip(changing, spans, strict=True):
        old, new, bearing = pair.old, pair.new, pair.bearing
        changes = [bearing.change for _ in own]
        if len(own) > 1:
            changes = [_bearing(next(answers)).change for _ in own]
        result[old.id, new.id] = _with_clauses(old, bearing, own, changes, new)
    return result


def _with_clauses(
    old: Memory,
    bearing: Bearing,
    spans: Sequence[tuple[int, int]],
    changes: Sequence[float],
    new: Memory,
) -> Bearing:
    """Those that likely hold no more, at least the likeliest. Of a statement that says
    several things it must be sure that something has changed.
    """
    outdated = [
        span
        for span, change in zip(spans, changes, strict=True)
        if change >= min(LIKELIER, max(changes))
    ]
    surely = bearing.change >= SURELY or any(
        change >= SURELY and shares_words(old.text[slice(*span)], new.text)
        for span, change in zip(spans, changes, strict=True)
    )
    if len(spans) > 1 and not surely:
        return replace(bearing, change=0.0)
    is_all = len(outdated) == len(spans) and _is_brief(old.text)
    whole = is_all and _is_mostly_shared(old.text, new.text)
    return replace(bearing, outdated=tuple(outdated), whole=whole)


def shares_words(old: str, new: str) -> bool:
    """Whether two statements name anything in common: without that, that they are of one
    thing is only likely.
    """
    common = telling_terms(old) & telling_terms(new)
    return bool(common)


def _is_mostly_shared(old: str, new: str) -> bool:
    """Whether the newer statement has enough of what the older one names: "Pixel died"
    is not all about "lives at 12 Elm Road in Leeds with their cat Pixel".
    """
    named = telling_terms(old)
    shared = named & telling_terms(new)
    least = SHARED_ZH if is_chinese(old) else SHARED
    return bool(shared) and len(shared) >= least * len(named)


def _are_two_dates(old: str, new: str) -> bool:
    """Whether two statements have a year each and nothing else in common: by their form
    a date of one thing looks like a new date of another.
    """
    dated = all(_YEAR.search(without_written_dates(text)) for text in (old, new))
    return dated and not shares_words(old, new)


def telling_terms(text: str) -> frozenset[str]:
    """The index terms of a memory that name something: no numbers, no units of dates,
    no function words.
    """
    plain = without_written_dates(text)
    class_of = classes(language_of(plain))
    named = frozenset(terms(plain)) - _ATTRIBUTION
    return frozenset(
        term
        for term in named
        if not (term.isdigit() or set(term) <= _DATE_UNITS)
        and class_of.get(term, "verb") in _NAMING
    )


def _is_brief(text: str) -> bool:
    limit = BRIEF_ZH if is_chinese(text) else BRIEF
    return len(terms(without_date(text))) <= limit
