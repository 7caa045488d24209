"""How newer statements bear on older ones, by the judge: of two statements as a whole, of
their sentences and clauses, and of values that both give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from shared.language.change_notes import QUOTED_WHOLE
from shared.language.lexical import without_date, without_written_dates
from shared.language.sentences import sentence_spans
from shared.ports import RelationJudge
from workers.pipeline.merge.bearings import (
    LIKELIER,
    SURELY,
    Bearing,
    Pair,
    bearing_of,
)
from workers.pipeline.merge.clauses import clauses, question_span
from workers.pipeline.merge.other_things import are_of_two_people
from workers.pipeline.merge.pairs import Comparison
from workers.pipeline.merge.rivals import Rival, gives_new_value, rivals
from workers.pipeline.merge.telling import (
    are_two_dates,
    says_little_else,
    shares_words,
    telling_terms,
)

SENTENCES, SENTENCE_PAIRS = 6, 64
"""Sentences of a memory, and pairs of them for a batch, that are judged one by one."""
AGREED = 0.75
"""Probability of a change from which a new value is one though nothing is named twice."""


async def judge_pairs(
    comparisons: Iterable[Comparison], judge: RelationJudge
) -> dict[Pair, Bearing]:
    """The bearing of each (older, newer); of those with a change also on which clauses.
    Of a doubtful one the judge must be sure, and the two must name something in common.
    """
    chosen = list({_ids(compared): compared for compared in comparisons}.values())
    bearings = await _as_a_whole(chosen, judge)
    changing = [
        _Changing(compared, bearings[_ids(compared)])
        for compared in chosen
        if bearings[_ids(compared)].change >= judge.mark_from
    ]
    bearings |= await _on_clauses(changing, judge)
    bearings |= await _which_sentences(changing, bearings, judge)
    rest = _unchanged(chosen, bearings, judge)
    bearings |= await _on_clauses(await _by_sentences(rest, judge), judge)
    rest = _unchanged(chosen, bearings, judge)
    return bearings | await _by_rivals(rest, bearings, judge)


def _ids(compared: Comparison) -> Pair:
    return compared.older.id, compared.newer.id


def _unchanged(
    comparisons: Sequence[Comparison],
    bearings: Mapping[Pair, Bearing],
    judge: RelationJudge,
) -> list[Comparison]:
    return [
        compared
        for compared in comparisons
        if bearings[_ids(compared)].change < judge.mark_from
        and not are_of_two_people(compared.older.text, compared.newer.text)
    ]


async def _as_a_whole(
    comparisons: Sequence[Comparison], judge: RelationJudge
) -> dict[Pair, Bearing]:
    texts = [(compared.older.text, compared.newer.text) for compared in comparisons]
    answers = await _judged(texts, judge)
    bearings: dict[Pair, Bearing] = {}
    for compared, bearing in zip(comparisons, answers, strict=True):
        old, new = compared.older.text, compared.newer.text
        is_sure = bearing.change >= SURELY and shares_words(old, new)
        is_sure = is_sure or (bearing.change >= AGREED and gives_new_value(old, new))
        is_none = are_two_dates(old, new) or are_of_two_people(old, new)
        if (compared.is_doubtful and not is_sure) or is_none:
            bearing = replace(bearing, change=0.0)
        bearings[_ids(compared)] = bearing
    return bearings


@dataclass(frozen=True, slots=True)
class _Changing:
    """A newer memory that changes an older one."""

    compared: Comparison
    bearing: Bearing

    @property
    def old(self) -> str:
        """The older one's text."""
        return self.compared.older.text

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where its clauses stand."""
        return clauses(self.old)

    @property
    def said(self) -> str:
        """What of the newer one changes the older."""
        return self.bearing.said or self.compared.newer.text


async def _by_sentences(
    comparisons: Sequence[Comparison], judge: RelationJudge
) -> list[_Changing]:
    """Changes that one sentence makes of several: "The hall called. Colin broke his leg,
    so he does not do the speech." They must be sure and share words.
    """
    asked: list[tuple[Comparison, str, str]] = []
    for compared in comparisons:
        clauses_, sentences = (
            _clauses(compared.older.text),
            _sentences(compared.newer.text),
        )
        for was, said in product(clauses_, sentences):
            if shares_words(was, said):
                asked.append((compared, was, said))
    asked = asked[:SENTENCE_PAIRS]
    answers = await _judged([(was, said) for _, was, said in asked], judge)
    best: dict[Pair, _Changing] = {}
    for (compared, _, said), bearing in zip(asked, answers, strict=True):
        before = best.get(_ids(compared))
        is_better = before is None or bearing.change > before.bearing.change
        if bearing.change >= SURELY and is_better:
            best[_ids(compared)] = _Changing(compared, replace(bearing, said=said))
    return list(best.values())


async def _on_clauses(
    changing: Sequence[_Changing], judge: RelationJudge
) -> dict[Pair, Bearing]:
    """The bearings with the clauses that hold no more: a statement of several clauses is
    judged clause by clause, and where that finds nothing, without each of them.
    """
    result: dict[Pair, Bearing] = {}
    alone = await _of_each_clause(changing, judge, _clause)
    for pair, changes in zip(changing, alone, strict=True):
        result[_ids(pair.compared)] = _with_clauses(pair, changes, judge.mark_from)
    unsure = [pair for pair in changing if not result[_ids(pair.compared)].change]
    without = await _of_each_clause(unsure, judge, _without_clause)
    for pair, changes in zip(unsure, without, strict=True):
        result[_ids(pair.compared)] = _without_each(pair, changes)
    return result


async def _of_each_clause(
    changing: Sequence[_Changing],
    judge: RelationJudge,
    part: Callable[[str, tuple[int, int]], str],
) -> list[list[float]]:
    """For each pair the change of a part of the older one, clause by clause; that of all
    of it, where it is one clause.
    """
    asked: list[tuple[str, str]] = []
    for pair in changing:
        if len(pair.spans) > 1:
            asked += [(part(pair.old, span), pair.said) for span in pair.spans]
    answers = iter(await _judged(asked, judge))
    return [
        [next(answers).change for _ in pair.spans]
        if len(pair.spans) > 1
        else [pair.bearing.change for _ in pair.spans]
        for pair in changing
    ]


def _clause(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)]


def _without_clause(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]].rstrip(" ,，、;；") + text[span[1] :]


def _without_each(pair: _Changing, changes: Sequence[float]) -> Bearing:
    """The clause without which the newer statement changes nothing, and which names most
    of what that names: "we have Omar for the backend and Yuki for design" says who does
    the design in no clause of its own.
    """
    new = telling_terms(pair.compared.newer.text)
    shared = {
        span: len(new & telling_terms(pair.old[slice(*span)]))
        for span, change in zip(pair.spans, changes, strict=True)
        if change < LIKELIER
    }
    most = max(shared.values(), default=0)
    outdated = tuple(span for span, count in shared.items() if count == most)
    if not most or len(outdated) != 1:
        return replace(pair.bearing, change=0.0)
    return replace(pair.bearing, outdated=outdated)


def _with_clauses(pair: _Changing, changes: Sequence[float], likely: float) -> Bearing:
    """Those that likely hold no more, at least the likeliest. Of a statement that says
    several things something must surely have changed, or likely both of the whole and of
    a clause that shares words.
    """
    old, new, bearing = pair.old, pair.compared.newer.text, pair.bearing
    spans = pair.spans
    outdated = [
        span
        for span, change in zip(spans, changes, strict=True)
        if change >= min(LIKELIER, max(changes))
    ]
    valued = [span for span in spans if gives_new_value(old[slice(*span)], pair.said)]
    if len(valued) == 1 and valued[0] not in outdated:
        # Of "got the invitation, Wednesday at two" the day.
        outdated = valued
    agrees = any(
        change >= likely and shares_words(old[slice(*span)], new)
        for span, change in zip(spans, changes, strict=True)
    )
    agrees = agrees or (outdated == valued and bearing.change >= AGREED)
    if len(spans) > 1 and not (bearing.change >= SURELY or agrees):
        return replace(bearing, change=0.0)
    is_alike = pair.compared.is_alike and not valued  # "the date is now 4 October"
    is_one_matter = is_alike or shares_words(old, new)
    is_all = len(outdated) == len(spans) and says_little_else(old, new)
    whole = is_all and is_one_matter
    return replace(bearing, outdated=tuple(outdated), whole=whole)


async def _which_sentences(
    changing: Sequence[_Changing],
    bearings: Mapping[Pair, Bearing],
    judge: RelationJudge,
) -> dict[Pair, Bearing]:
    """The bearings of newer memories that are too long to be quoted whole, with the
    sentence that most likely makes the change.
    """
    asked: list[tuple[Pair, str, str]] = []
    for pair in changing:
        ids, new = _ids(pair.compared), pair.compared.newer.text
        bearing = bearings[ids]
        if bearing.change < judge.mark_from or len(new) <= QUOTED_WHOLE:
            continue
        was = " ".join(pair.old[slice(*span)] for span in bearing.outdated)
        asked += [(ids, was or pair.old, said) for said in _sentences(new)]
    answers = await _judged([(was, said) for _, was, said in asked], judge)
    best: dict[Pair, tuple[float, str]] = {}
    for (ids, _, said), answer in zip(asked, answers, strict=True):
        best[ids] = max(best.get(ids, (0.0, "")), (answer.change, said))
    return {ids: replace(bearings[ids], said=said) for ids, (_, said) in best.items()}


async def _by_rivals(
    comparisons: Sequence[Comparison],
    before: Mapping[Pair, Bearing],
    judge: RelationJudge,
) -> dict[Pair, Bearing]:
    """Changes that the words tell (`rivals`), unless the judge objects. They mark, no
    more; none where there is no judge that could object, and so none that marks.
    """
    if judge.mark_from > 1:
        return {}
    asked = list(_with_rivals(comparisons))[:SENTENCE_PAIRS]
    texts = [_as_said(rival.was, rival.said) for _, rival in asked]
    changed: dict[Pair, Bearing] = {}
    for (ids, rival), likely in zip(asked, await judge.judge(texts), strict=True):
        if sum(likely.get(name, 0.0) for name in rival.objections) >= LIKELIER:
            continue
        bearing = changed.get(ids, replace(before[ids], outdated=(), not_same=1.0))
        changed[ids] = replace(
            bearing,
            change=judge.mark_from,
            outdated=(*bearing.outdated, rival.span),
            said=bearing.said or rival.plain,
        )
    return changed


def _with_rivals(comparisons: Sequence[Comparison]) -> Iterator[tuple[Pair, Rival]]:
    for compared in comparisons:
        for rival in rivals(compared.older.text, compared.newer.text):
            yield _ids(compared), rival


async def _judged(
    pairs: Sequence[tuple[str, str]], judge: RelationJudge
) -> list[Bearing]:
    answers = await judge.judge([_as_said(*pair) for pair in pairs])
    return [bearing_of(likely) for likely in answers]


def _as_said(old: str, new: str) -> tuple[str, str]:
    return without_written_dates(old), without_written_dates(new)


def _clauses(text: str) -> list[str]:
    return [text[slice(*span)] for span in clauses(text)][:SENTENCES]


def _sentences(text: str) -> list[str]:
    """At most some of the sentences of a memory, without what it answers and the day."""
    plain = without_date(text)[question_span(text)[1] :]
    return [plain[slice(*span)] for span in sentence_spans(plain)][:SENTENCES]
