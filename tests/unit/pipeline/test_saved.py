"""Extractions survive their saving whole."""

from __future__ import annotations

from shared.domain.extraction import Draft, Extraction
from shared.domain.memory import Origin, ToolUse, Type
from workers.pipeline.saved_extractions import dumps, loads


def test_every_field_comes_back() -> None:
    full = Draft(
        type=Type.TRAJECTORY,
        text="查了天气 🌦",
        title="weather",
        tags=("a", "b"),
        confidence=0.5,
        context="around",
        reasoning="why",
        experience="retry",
        tools=(ToolUse("get_weather", 3, 0.5, "timeout", "ask again"),),
        detail={"steps": ["a", "b"], "n": {"x": 1}},
        origins=(Origin(("m1", "m2")), Origin(file="f.pdf", source="00", page=4)),
        speaker="Ana",
        subject="user.home_city",
        happened_at=17,
        superseding=("m3",),
    )
    found = Extraction(
        (full, Draft(type=Type.EXPLICIT, text="tea")), ("read by rules",)
    )
    assert loads(dumps(found)) == found
    assert full != Draft(type=full.type, text=full.text)


def test_half_a_pair_does_not_break_it() -> None:
    found = Extraction((Draft(type=Type.USER, text="cut \ud83d off"),))
    assert loads(dumps(found)) == found
