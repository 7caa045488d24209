"""The score of a memory: why one stands before another. All of it is on this page.

For a question q, with cos and BM25 as the engine gives them, the candidates m are
ordered by

    S(m) = meaning + lexical + conversation + links + described
           + speaker + day + neighbours + peers + thumbs + decay

    meaning(m)      = cos(q, m) / unit
    lexical(m)      = w_language * BM25(q, m)
    conversation(m) = w_conversation * [m was said in the caller's conversation]
    links(m)        = w_link * sum(idf(t), t in T and in m) / sum(idf(t), t in T)
    described(m)    = 0; see below
    speaker(m)      = w_speaker * [q names the speaker of m]
    day(m)          = w_day * [m speaks of a day that q names, or was said on it]
    neighbours(m)   = w_neighbour * sum(gain(n), n = the turn before m, the turn after m)
    peers(m)        = w_peers * max(gain(n), n in the conversation of m, m among them)

thumbs and decay are those of `use_terms`. [...] is 1 where it holds and 0 elsewhere.
What the dense search did not bring up has the worst cosine that it did; a fast memory,
which has no vector, the average one.
gain(n) = max(0, s(n) - median of s), where s is the sum of the terms that stand above.
The anchor is the memory with the highest meaning + lexical + conversation; T are its
words that q lacks, and idf(t) = ln(1 + (N - k + 0.5) / (k + 0.5)) for a word in k of
the N best memories.

A question may describe a thing and ask something of it ("the one who works in the
hospital, when is their birthday?"). Its rest r ("when is their birthday?") is searched
too, and with the share p = w_rest

    meaning(m)      = (1 - p) * cos(q, m) / unit + p * cos(r, m) / unit
    lexical(m)      = (1 - p) * w_language * BM25(q, m) + p * w_language * BM25(r, m)
    conversation(m) = (1 - p) * as above
    links(m)        = p * w_link_described * as above
    described(m)    = for the anchor, which is the thing described: what lifts it to
                      w_described_lead above all others in the sum up to here

The anchor is then the memory with the most for q beyond BEYOND_REST times what it has for r.

Cosine and BM25 are taken as they come, on a scale fixed once per embedder, and not by
their rank or spread among the candidates: measured, ranks forget by how much a memory
is ahead, and deviations depend on where the lists were cut (three points of evidence).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.recall.query_parser import Question
from services.gateway.recall.score_terms import (
    Terms,
    best_cosines,
    conversation,
    day,
    lexical,
    links,
    meaning,
    named_speakers,
    neighbours,
    peers,
    speaker,
    totals,
)
from shared.domain.memory import Candidate, Match, Memory


@dataclass(frozen=True, slots=True)
class Weights:
    """Every weight of the order, in the unit of the meaning unless said otherwise. The
    values stand in `calibration.json`.
    """

    unit: float
    """Cosine that counts 1: the spread of cosines between unrelated texts."""
    lexical_english: float
    """A point of BM25, for a question that is not Chinese."""
    lexical_chinese: float
    """The same for a Chinese one: paraphrases share few words, each indexed in parts."""
    conversation: float
    """The caller is in the memory's conversation: wins between equals, hides nothing better."""
    link: float
    """All words of the anchor that the question lacks: the name that it gives leads on."""
    link_described: float
    """The same where the anchor is the thing that the question describes."""
    rest: float
    """Share, 0..1, of the rest of a question that describes a thing; the whole has the other."""
    described_lead: float
    """By how much the thing described leads, before speaker and what follows is added."""
    speaker: float
    """The question names who said it."""
    day: float
    """The question names its day."""
    neighbour: float
    """Share, 0..1, of the gain of the turn before and after."""
    peers: float
    """Share, 0..1, of the best gain in its conversation: what is said around an answer
    tends to belong to it.
    """
    standing_floor: float
    """Relativity, 0..1, of a standing instruction: above the usual threshold, below what
    is about the question itself.
    """
    fast_coverage: float
    """Share, 0..1, of the question's words that a fast memory holds to have relativity 0.5."""


@dataclass(frozen=True, slots=True)
class Score:
    """Why a memory stands where it stands: the terms of the module's formula by name."""

    meaning: float = 0.0
    lexical: float = 0.0
    conversation: float = 0.0
    links: float = 0.0
    described: float = 0.0
    speaker: float = 0.0
    day: float = 0.0
    neighbours: float = 0.0
    peers: float = 0.0
    thumbs: float = 0.0
    """This term and the next: `use_terms`."""
    decay: float = 0.0
    relativity: float | None = None
    """How likely the memory by itself answers, 0..1, before its place in the list is
    looked at; None where that was not asked, as for a standing instruction.
    """

    @property
    def total(self) -> float:
        """The sum of the terms, which the order goes by."""
        of_itself = self.meaning + self.lexical + self.conversation
        of_question = of_itself + self.links + self.described + self.speaker + self.day
        of_use = self.thumbs + self.decay
        return of_question + self.neighbours + self.peers + of_use


@dataclass(frozen=True, slots=True)
class ScoredMemory:
    """A candidate with its score, and what its relativity is computed from."""

    memory: Memory
    score: Score
    cosine: float | None
    """To the question or its rest, the better one; None for a fast memory."""
    question: Question
    speakers: frozenset[str] = frozenset()
    """The speakers whom the question names."""
    matter_cosine: float = 0.0
    """Cosine to statements on the matter that the question asks for; 0 where none is."""


@dataclass(frozen=True, slots=True)
class ScoredMatch(Match):
    """A match that can say why it stands where it stands."""

    score: Score


def score_candidates(
    question: Question,
    whole: Sequence[Candidate],
    rest: Sequence[Candidate],
    weights: Weights,
    conversation_id: str = "",
    now: int = 0,
) -> list[ScoredMemory]:
    """The candidates of one question, the best first.

    `whole` are those found for the question, `rest` those found for its rest, if it has
    one. `conversation_id` is the caller's, `now` epoch milliseconds: what "yesterday" is
    counted from.
    """
    if not whole:
        return []
    if rest:
        candidates = aligned(rest, whole)
        terms = described_terms(question, whole, candidates, weights, conversation_id)
    else:
        candidates = list(whole)
        terms = plain_terms(question, candidates, weights, conversation_id)
    speakers = named_speakers(candidates, question.text)
    terms["speaker"] = speaker(candidates, speakers, weights.speaker)
    terms["day"] = day(candidates, question.text, now, weights.day)
    terms["neighbours"] = neighbours(candidates, totals(terms), weights.neighbour)
    terms["peers"] = peers(candidates, totals(terms), weights.peers)

    scored = []
    cosines = best_cosines(whole, candidates)
    rows = zip(*terms.values(), strict=True)
    for candidate, cosine, row in zip(candidates, cosines, rows, strict=True):
        score = Score(**dict(zip(terms, row, strict=True)))
        memory = candidate.memory
        scored.append(ScoredMemory(memory, score, cosine, question, speakers))
    return sorted(scored, key=lambda memory: memory.score.total, reverse=True)


def plain_terms(
    question: Question,
    candidates: Sequence[Candidate],
    weights: Weights,
    conversation_id: str,
) -> Terms:
    """The terms as far as `described`, of a question that asks plainly."""
    terms = base_terms(question, candidates, weights, conversation_id)
    base = totals(terms)
    anchor = base.index(max(base))
    terms["links"] = links(candidates, base, anchor, question, weights.link)
    terms["described"] = [0.0] * len(candidates)
    return terms


BEYOND_REST = 0.4
"""Share of what a memory has for the rest of a question that does not count for its being
the thing described. *Trial:* 0 and .7 found .689 and .704 of the evidence of Chinese notes
among the first 3 (.697), and .675 and .664 of the answers (.671).
"""


def described_terms(
    question: Question,
    whole: Sequence[Candidate],
    candidates: Sequence[Candidate],
    weights: Weights,
    conversation_id: str,
) -> Terms:
    """The same of a question that describes a thing. `candidates` begin with the
    memories of `whole` and have the engine's scores for the rest of the question.

    What only the rest brought up has, for the whole, the terms of its worst candidate.
    """
    of_whole = base_terms(question, whole, weights, conversation_id)
    base = totals(of_whole)
    of_rest = base_terms(question, candidates, weights)
    base_of_rest = totals(of_rest)
    beyond = [
        first - BEYOND_REST * second
        for first, second in zip(base, base_of_rest, strict=False)
    ]
    anchor, worst = beyond.index(max(beyond)), base.index(min(base))
    share = weights.rest
    terms = {}
    for name, column in of_whole.items():
        padding = [column[worst]] * (len(candidates) - len(whole))
        pairs = zip([*column, *padding], of_rest[name], strict=True)
        terms[name] = [(1 - share) * first + share * second for first, second in pairs]
    linked = links(candidates, base_of_rest, anchor, question, weights.link_described)
    terms["links"] = [share * value for value in linked]
    mixed = totals(terms)
    terms["described"] = [0.0] * len(candidates)
    terms["described"][anchor] = max(mixed) + weights.described_lead - mixed[anchor]
    return terms


def base_terms(
    question: Question,
    candidates: Sequence[Candidate],
    weights: Weights,
    conversation_id: str = "",
) -> Terms:
    """Meaning, words and the caller's conversation."""
    by_language = (weights.lexical_english, weights.lexical_chinese)
    return {
        "meaning": meaning(candidates, weights.unit),
        "lexical": lexical(candidates, by_language[question.chinese]),
        "conversation": conversation(candidates, conversation_id, weights.conversation),
    }


def aligned(rest: Sequence[Candidate], whole: Sequence[Candidate]) -> list[Candidate]:
    """The memories of `whole` and then those that only `rest` has, with the engine's
    scores of `rest`; None where that did not bring a memory up.
    """
    by_id = {candidate.memory.id: candidate for candidate in rest}
    of_whole = [
        by_id.pop(candidate.memory.id, Candidate(candidate.memory))
        for candidate in whole
    ]
    return [*of_whole, *by_id.values()]
