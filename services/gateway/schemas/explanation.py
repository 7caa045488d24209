"""What `explain: true` adds to the answer of a search. Souvenir's own."""

from __future__ import annotations

from pydantic import Field

from services.gateway.schemas.base import EXAMPLE_ID, Outgoing


class ExplainedQuestion(Outgoing):
    """One question that the query was taken apart into."""

    text: str = Field(examples=["Where do I live?"])
    rest: str = Field(
        description="What it asks of the thing that it describes; empty where it "
        "describes none."
    )
    is_request: bool = Field(description="Something is to be done, not told.")


class ExplainedMemory(Outgoing):
    """A memory that was considered, and why it came back or did not."""

    id: str = Field(examples=[EXAMPLE_ID])
    kind: str = Field(description="fact, preference, tool or skill.", examples=["fact"])
    text: str = Field(examples=["The user lives in Lisbon."])
    question: int = Field(
        description="Which question brought it up, from 0.", examples=[0]
    )
    rank: int = Field(
        description="Its place among the candidates of its kind and question, from 1.",
        examples=[1],
    )
    relativity: float | None = Field(
        description="How likely it answers by itself, 0..1, before its place is looked at.",
        examples=[0.83],
    )
    total: float = Field(
        description="The sum of the terms; the order goes by it.", examples=[9.4]
    )
    terms: dict[str, float] = Field(
        description="The terms of the score, see the page on scoring: meaning, lexical, "
        "conversation, links, described, speaker, day, neighbours, peers, thumbs, decay.",
        examples=[{"meaning": 8.2, "lexical": 1.2}],
    )
    verdict: str = Field(
        description="returned, below_threshold, repeats (a better memory says it "
        "already) or over_limit.",
        examples=["returned"],
    )


class SearchExplanation(Outgoing):
    """Why the memories came back, and what was cut."""

    threshold: float = Field(
        description="The least relativity that comes back.", examples=[0.45]
    )
    questions: list[ExplainedQuestion]
    considered: list[ExplainedMemory] = Field(
        description="By kind, question and rank. A memory that came along because it "
        "changed another one, and was not brought up itself, is not among them."
    )
