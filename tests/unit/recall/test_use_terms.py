"""Thumbs and decay: bounded, for like questions, taken back, and no memory hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.gateway.recall.use_terms import (
    DECAY,
    GENERAL,
    QUESTION,
    AskedVector,
    decay_of,
    moved,
    nearness,
    thumbs,
)
from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope
from shared.domain.thumb import MOST_THUMBS, Thumb, packed, unpacked, with_thumb
from tests.unit.recall.memories import NOON_OF_MAY_3, World, embedder

HOME, CAT = "The user lives in Lisbon.", "The user has a cat called Tom."
WHERE = "Where do I live?"
DAY = 24 * 3600 * 1000
ASKED = AskedVector(WHERE, (0.6, 0.8), "e")


def memory(*given: Thumb, **more: object) -> Memory:
    of = Memory("m", Scope("p", "ann"), Type.LONG_TERM, HOME, thumbs=given)
    return replace(of, **more)  # type: ignore[arg-type]


def test_a_packed_vector_keeps_its_direction() -> None:
    vector = (0.6, -0.8, 0.0)
    assert unpacked(packed(vector)) == pytest.approx(vector, abs=0.01)
    assert packed((0.0, 0.0)) == ""


@pytest.mark.parametrize("text", ["", "no base64!", "AAAA"])
def test_what_is_no_vector_is_none(text: str) -> None:
    assert unpacked(text) == ()


def test_a_thumb_counts_for_like_questions_only() -> None:
    same = Thumb(up=False, query=" where do i LIVE? ")
    assert nearness(same, ASKED, 0.0) == 1.0
    by_vector = Thumb(False, "x", embedder="e", vector=packed((0.8, 0.6)))
    assert nearness(by_vector, ASKED, 0.0) == pytest.approx(0.88, abs=0.02)
    across = replace(by_vector, vector=packed((0.8, -0.6)))
    assert nearness(across, ASKED, 0.0) == 0.0


def test_without_comparable_vectors_it_goes_by_words() -> None:
    other = Thumb(False, "Where do I really live?", embedder="f", vector="AAAA")
    assert 0.5 <= nearness(other, ASKED, 0.0) <= 1.0
    assert nearness(replace(other, query="What about tea?"), ASKED, 0.0) == 0.0


def test_thumbs_add_up_to_a_bound_either_way() -> None:
    down, general = Thumb(False, WHERE), Thumb(True)
    assert thumbs(memory(down), ASKED, 0.0, "ann") == -QUESTION
    assert thumbs(memory(down, general), ASKED, 0.0, "ann") == GENERAL - QUESTION
    assert thumbs(memory(down, down, down), ASKED, 0.0, "ann") == -QUESTION
    assert thumbs(memory(*(general,) * 9), ASKED, 0.0, "ann") == QUESTION


def test_the_thumb_of_another_user_does_not_count() -> None:
    assert thumbs(memory(Thumb(False, user="bob")), ASKED, 0.0, "ann") == 0.0


def test_one_thumb_a_question_and_none_takes_it_away() -> None:
    up, down = Thumb(True, WHERE), Thumb(False, WHERE)
    given = with_thumb((Thumb(True), up), down, WHERE, "")
    assert given == (Thumb(True), down)
    assert with_thumb(given, None, WHERE, "") == (Thumb(True),)
    many: tuple[Thumb, ...] = ()
    for number in range(MOST_THUMBS + 5):
        many = with_thumb(many, Thumb(True, str(number)), str(number), "")
    assert [thumb.query for thumb in many][::19] == ["5", "24"]


def test_decay_halves_by_its_half_life_and_ends_at_its_bound() -> None:
    decay = decay_of(30 * DAY, 100 * DAY, "ann")
    assert decay(memory(created_at=100 * DAY)) == 0.0
    assert decay(memory(created_at=70 * DAY)) == pytest.approx(-DECAY / 2)
    assert decay(memory(created_at=1, recalled_at=100 * DAY)) == 0.0
    assert -DECAY < decay(memory(created_at=1)) < -0.8 * DECAY
    for shared in ({"public": True}, {"knowledge_base": "kb"}):
        assert decay(memory(created_at=1, **shared)) == 0.0


def test_a_relativity_moves_with_thumbs_and_stays_one() -> None:
    assert moved(0.7, 0.0) == 0.7
    assert moved(0.82, -QUESTION) == pytest.approx(0.504, abs=0.01)
    assert (moved(0.0, QUESTION), moved(1.0, -QUESTION)) == (0.0, 1.0)


async def test_a_thumb_down_lowers_it_for_its_question_and_for_no_other() -> None:
    world = World()
    await world.remember(HOME, CAT)
    before = {m.memory.text: m for m in await world.matches(WHERE)}
    vector = await embedder().query("In which city is my home?")
    thumb = Thumb(False, "In which city is my home?", "", 1, "", embedder().name)
    thumb = replace(thumb, vector=packed(vector))
    (stored,) = [e for e in world.store.stored.values() if e.memory.text == HOME]
    await world.store.update_thumbs([replace(stored.memory, thumbs=(thumb,))])
    after = {m.memory.text: m for m in await world.matches(WHERE)}
    assert after[HOME].score.thumbs < 0 == after[CAT].score.thumbs
    assert after[HOME].relativity < before[HOME].relativity
    of_cat = {m.memory.text: m for m in await world.matches("What is my cat called?")}
    assert of_cat[HOME].score.thumbs == 0


async def test_what_is_never_recalled_sinks_and_is_still_there() -> None:
    world = World()
    old, new = "The user's bike is blue.", "The user's bike is red."
    await world.remember(old, created_at=NOON_OF_MAY_3 - 300 * DAY)
    await world.remember(new, created_at=NOON_OF_MAY_3)
    off = await world.matches("What colour is my bike?")
    on = await world.matches("What colour is my bike?", half_life=30 * DAY)
    assert {m.memory.text for m in on} == {m.memory.text for m in off} == {old, new}
    by_text = {m.memory.text: m.score for m in on}
    assert by_text[old].decay < -1.9 and by_text[new].decay == 0
    assert on[0].memory.text == new
    alone = {m.memory.text: m.score.relativity for m in off}
    assert {m.memory.text: m.score.relativity for m in on} == alone
