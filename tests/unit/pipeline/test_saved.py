"""Extractions survive their saving whole."""

from __future__ import annotations

import json

from shared.domain.extraction import Bears, Draft, Extraction, Labels, Relation
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
        labels=Labels("planner", "web", "monday", {"scene": "work"}, True, 9),
        relations=(
            Relation(Bears.UPDATES, "m4", whole=True),
            Relation(Bears.SAME, text="tea"),
        ),
        compared=("m4", "m5"),
        tagged=True,
    )
    extraction = Extraction(
        (full, Draft(type=Type.EXPLICIT, text="tea")),
        ("read by the built-in extractor",),
    )
    assert loads(dumps(extraction)) == extraction
    assert full != Draft(type=full.type, text=full.text)


def test_half_a_pair_does_not_break_it() -> None:
    extraction = Extraction((Draft(type=Type.USER, text="cut \ud83d off"),))
    assert loads(dumps(extraction)) == extraction


def test_what_an_earlier_release_saved_is_read() -> None:
    draft = Draft(type=Type.USER, text="tea", superseding=("m1",))
    values = json.loads(dumps(Extraction((draft,))))
    [saved] = values["drafts"]
    del saved["superseding"]
    saved["detail"] = {"outdone": ["m1"]}
    assert loads(json.dumps(values).encode()) == Extraction((draft,))
