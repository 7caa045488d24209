"""Events as every reader of lines cuts them."""

from __future__ import annotations

import json

import pytest

from services.http.event_stream import event


@pytest.mark.parametrize("name", ["", "end"])
def test_no_character_of_the_data_ends_a_line(name: str) -> None:
    data = {"file": "a\u2028b\u2029c\u0085d\u000be\nf ，é"}
    head = ["event: end"] if name else []
    *before, line, empty = event(data, name).decode().splitlines()
    assert (before, empty) == (head, "")
    assert json.loads(line.removeprefix("data: ")) == data
