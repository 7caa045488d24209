"""How newer statements bear on older ones, by the judge: whether something has changed, which
clauses of the older one hold no more, and which sentence of the newer one tells so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shared.domain.judgement import Judgement, Span, Word, mean_probability
from shared.language.lexical import without_date, without_written_dates
from shared.language.sentences import sentence_spans
from shared.ports import RelationJudge
from workers.pipeline.merge.bearings import LIKELIER, Bearing, Pair, bearing_of
from workers.pipeline.merge.clauses import (
    clauses,
    question_span,
    without_quote_of,
)
from workers.pipeline.merge.other_people import are_of_two_people
from workers.pipeline.merge.pairs import Comparison
from workers.pipeline.merge.telling import (
    says_little_else,
    shares_words,
    telling_terms,
)


async def judge_pairs(
    comparisons: Iterable[Comparison], judge: RelationJudge
) -> dict[Pair, Bearing]:
    """The bearing of each (older, newer); of those with a change also on which clauses."""
    chosen = {(c.older.id, c.newer.id): c for c in comparisons}
    given = [_given(compared) for compared in chosen.values()]
    judged = await judge.judge(given)
    return {
        ids: _bearing(compared, texts, judgement, judge)
        for (ids, compared), texts, judgement in zip(
            chosen.items(), given, judged, strict=True
        )
    }


def _given(compared: Comparison) -> tuple[str, str]:
    """What the judge reads of the older and the newer statement."""
    old = without_written_dates(compared.older.text)
    return old, without_quote_of(old, without_written_dates(compared.newer.text))


def _bearing(
    compared: Comparison,
    given: tuple[str, str],
    judged: Judgement,
    judge: RelationJudge,
) -> Bearing:
    """Archived is only what is one matter by its words or its meaning, too. `given`: what
    was judged.
    """
    old = compared.older.text
    new = without_quote_of(old, compared.newer.text)
    spans = clauses(old)
    is_simple = len(spans) <= 1
    least = judge.mark_simple_from if is_simple else judge.mark_from
    bearing = replace(
        bearing_of(judged.relations),
        mark_from=least,
        likely_from=judge.likely_from,
        beside_likelier=judge.archive_from,
    )
    if are_of_two_people(old, new):
        return replace(bearing, change=0.0)
    if not bearing.is_likely:
        return bearing
    likely = _outdated(old, spans, given[0], judged.outdated)
    named = _named_most(old, new, likely)
    outdated = named or _likeliest(likely)
    is_one_matter = bool(named)
    if is_simple:
        is_one_matter = compared.is_alike or shares_words(old, new)
    is_all = len(outdated) == len(spans) and says_little_else(old, new)
    return replace(
        bearing,
        outdated=outdated,
        whole=is_all and is_one_matter,
        said=_telling_sentence(new, given[1], judged.telling),
    )


def _named_most(old: str, new: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Those clauses that name most of what the newer statement names; none where it
    names nothing of them. "Rent 720, power 65": the judge takes both for outdated when
    the rent goes up.
    """
    named = telling_terms(new)
    shared = {span: len(named & telling_terms(old[slice(*span)])) for span in spans}
    most = max(shared.values(), default=0)
    return tuple(span for span, count in shared.items() if count == most > 0)


def _likeliest(spans: Mapping[Span, float]) -> tuple[Span, ...]:
    """The clause that most likely holds no more: "lives in Lisbon, and only drinks decaf"
    when the user moves, and the judge takes both for outdated.
    """
    most = max(spans.values(), default=0.0)
    return tuple(span for span, share in spans.items() if share == most)


def _outdated(
    text: str, spans: Sequence[Span], given: str, words: Sequence[Word]
) -> dict[Span, float]:
    """The clauses that likely hold no more, at least the likeliest, and how likely; all
    where the judge does not tell which.
    """
    if not words:
        return dict.fromkeys(spans, 1.0)
    likely = [mean_probability(words, span) for span in _placed(text, spans, given)]
    least = min(LIKELIER, max(likely, default=0.0))
    of_span = dict(zip(spans, likely, strict=True))
    return {span: share for span, share in of_span.items() if share >= least}


def _telling_sentence(text: str, given: str, words: Sequence[Word]) -> str:
    """The sentence that most likely tells of the change, without what it answers."""
    plain = without_date(text)
    start = question_span(plain)[1]
    spans = [
        (start + first, start + last) for first, last in sentence_spans(plain[start:])
    ]
    if not words or not spans:
        return ""
    likely = [mean_probability(words, span) for span in _placed(plain, spans, given)]
    return plain[slice(*spans[likely.index(max(likely))])]


def _placed(text: str, spans: Sequence[Span], given: str) -> list[Span]:
    """Where stretches of a text lie in what the judge was given of it."""
    if given == text:
        return list(spans)
    placed: list[Span] = []
    at = 0
    for start, end in spans:
        part = without_written_dates(text[start:end]).strip()
        place = given.find(part, at)
        at = place if place >= 0 else at
        placed.append((at, at + len(part)))
    return placed
