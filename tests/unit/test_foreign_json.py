"""What others nest without end is refused or passed over, wherever it is read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from services.gateway.wire.filter_parser import read_filter
from shared.errors import BadRequest
from shared.language.foreign_json import MOST_DEPTH, foreign_json, require_shallow
from workers.pipeline.extract.model.answer_json import Unreadable, object_in
from workers.pipeline.extract.model.read_memories import _numbers
from workers.pipeline.extract.speech.assistant_words import without_thoughts
from workers.pipeline.extract.tools.parsed_result import parsed
from workers.pipeline.extract.tools.tool_memories import _schema_list

DEPTHS = (MOST_DEPTH + 1, 260, 500, 1_000, 20_000)
SHAPES: tuple[Callable[[int], str], ...] = (
    lambda depth: "[" * depth,
    lambda depth: "[" * depth + "]" * depth,
    lambda depth: '{"a":' * depth + "1" + "}" * depth,
    lambda depth: '{"tool": "x", "name": ' * depth + "1" + "}" * depth,
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_nested_too_deep_breaks_nobody(
    shape: Callable[[int], str], depth: int
) -> None:
    text = shape(depth)
    with pytest.raises(ValueError):
        foreign_json(text)
    assert _schema_list(text) == []
    assert parsed(text) is None
    without_thoughts(text)
    without_thoughts(f"```json\n{text}\n```")
    with pytest.raises(Unreadable):
        object_in(text, ("facts",))
    with pytest.raises(BadRequest):
        read_filter(text)


def test_what_is_not_too_deep_is_read() -> None:
    text = "[" * MOST_DEPTH + "]" * MOST_DEPTH
    require_shallow(foreign_json(text))
    assert foreign_json('{"a": [1, "x\ny"]}') == {"a": [1, "x\ny"]}


def test_half_an_emoji_is_mended() -> None:
    assert foreign_json(r'["\ud83d", "\ud83d\ude00"]') == ["\ufffd", "😀"]
    assert parsed(r'{"a": "\ud83d"}') == {"a": "\ufffd"}
    assert object_in(r'{"facts": ["\ud83d"]}', ("facts",))[0] == {"facts": ["\ufffd"]}


@pytest.mark.parametrize("bound", [10**400, "1e400", float("inf"), "nan", True, "x"])
def test_a_bound_that_is_no_number_is_refused(bound: object) -> None:
    with pytest.raises(BadRequest):
        read_filter({"x": {"gte": bound}})


def test_numbers_of_a_model_without_end_are_none() -> None:
    assert _numbers(["9" * 5_000, "line 3", 4.0, json.loads("7")]) == [3, 4, 7]
