"""The rules extractor: needs no model, no key and no network."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft, Extraction
from shared.domain.passage import Passage, Talk
from shared.language.lexical import without_date
from shared.language.words import terms
from shared.ports import Embedder
from workers.pipeline.extract.facts.passage_facts import facts_of_passages
from workers.pipeline.extract.facts.talk_facts import facts
from workers.pipeline.extract.preferences.preference_classifier import by_meaning
from workers.pipeline.extract.preferences.preferences import (
    LIKELY,
    clauses_of,
    preferences,
    texts_of_preferences,
)
from workers.pipeline.extract.tools.tool_memories import tool_memories

REPEATED = 0.8
"""Share of a fact's words that stand in a preference of the same message at which the
fact says nothing more.
"""


class RulesExtractor:
    """The Extractor port by rules. With an embedder it finds preferences by their meaning
    too, not by phrases and signs alone.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder

    async def from_talk(self, talk: Talk) -> Extraction:
        """Facts, preferences and tool memory of a talk."""
        judgement = await by_meaning(clauses_of(talk), self._embedder)
        preference_drafts = preferences(talk, judgement)
        fact_drafts = without_preferences(
            facts(talk, texts_of_preferences(talk, judgement)), preference_drafts
        )
        return Extraction((*fact_drafts, *preference_drafts, *tool_memories(talk)))

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        """One fact a passage worth keeping."""
        return Extraction(tuple(facts_of_passages(passages)))


def without_preferences(
    fact_drafts: Sequence[Draft], preference_drafts: Sequence[Draft]
) -> list[Draft]:
    """The facts less those that only repeat a preference: nothing is stored twice, as
    fact and as preference, unless it may be either.
    """
    sure = [
        preference for preference in preference_drafts if preference.confidence > LIKELY
    ]
    remaining = []
    for fact in fact_drafts:
        words = set(terms(without_date(fact.text)))
        repeated = [
            preference
            for preference in sure
            if set(fact.origins) & set(preference.origins)
            and len(words & set(terms(preference.text))) >= REPEATED * len(words)
        ]
        if not repeated:
            remaining.append(fact)
    return remaining
