"""The reasons of a search in the form of the wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from services.gateway.recall.explain import ConsideredMemory
from services.gateway.recall.query_parser import Question
from services.gateway.schemas.explanation import (
    ExplainedMemory,
    ExplainedQuestion,
    SearchExplanation,
)

DIGITS = 4
"""Decimal places of a term."""


def present_explanation(
    questions: Iterable[Question],
    considered: Iterable[ConsideredMemory],
    threshold: float,
) -> SearchExplanation:
    """Everything that was considered at a threshold of relativity, 0..1."""
    explained_questions = [
        ExplainedQuestion(
            text=question.text, rest=question.rest, is_request=question.is_request
        )
        for question in questions
    ]
    return SearchExplanation(
        threshold=threshold,
        questions=explained_questions,
        considered=[present_considered(memory) for memory in considered],
    )


def present_considered(considered: ConsideredMemory) -> ExplainedMemory:
    """One memory with the terms of its score."""
    terms = asdict(considered.score)
    relativity = terms.pop("relativity")
    return ExplainedMemory(
        id=considered.memory.id,
        kind=considered.memory.kind.value,
        text=considered.memory.text,
        question=considered.question,
        rank=considered.rank,
        relativity=relativity,
        total=round(considered.score.total, DIGITS),
        terms={name: round(value, DIGITS) for name, value in terms.items()},
        verdict=considered.verdict.value,
    )
