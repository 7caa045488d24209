"""Title and tags follow a memory's text."""

from __future__ import annotations

from shared.domain.memory import EVERY_ANSWER, Memory, Type
from shared.domain.scope import Scope
from shared.language.renewed_phrases import renewed_tags, renewed_title


def memory(text: str, type: Type = Type.WORKING, speaker: str = "") -> Memory:
    return Memory("m", Scope("p", "u"), type, text, speaker=speaker)


OSLO = memory("The user is moving to Oslo.")
BERGEN = "The user is moving to Bergen."


def test_what_only_the_old_text_says_goes() -> None:
    assert renewed_title(OSLO, "Moving to Oslo", BERGEN) == "Moving to Bergen"
    assert renewed_tags(OSLO, ("Oslo", "travel"), BERGEN) == ("travel", "Bergen")


def test_what_still_holds_or_was_given_by_hand_stays() -> None:
    assert renewed_title(OSLO, "New home", BERGEN) == "New home"
    assert renewed_title(OSLO, "Moving", BERGEN) == "Moving"
    assert renewed_tags(OSLO, ("Oslo",), OSLO.text) == ("Oslo",)


def test_an_empty_title_is_made_of_the_new_words_only() -> None:
    assert renewed_title(OSLO, "", BERGEN) == "Moving to Bergen"
    assert renewed_title(OSLO, "", OSLO.text) == ""


def test_the_speaker_is_no_part_of_the_title() -> None:
    said = memory("Ann: My dog is called Rex.", speaker="Ann")
    assert renewed_title(said, "Dog Rex", "Ann: My dog is called Bo.") == "Dog Bo"


def test_tags_of_preferences_and_titles_of_tools_stay() -> None:
    wish = memory("The user asks: every answer in French", Type.EXPLICIT)
    assert renewed_tags(wish, (EVERY_ANSWER,), "in Greek") == (EVERY_ANSWER,)
    tool = memory("get_weather: the weather", Type.SCHEMA)
    assert renewed_title(tool, "get_weather", "the forecast") == "get_weather"


def test_chinese_is_renewed_as_well() -> None:
    teacher = memory("用户的小提琴老师是陈老师。")
    new = "用户的小提琴老师是王老师。"
    assert "陈老师" not in renewed_title(teacher, "小提琴老师是陈老师", new)
    assert "王老师" in renewed_tags(teacher, ("陈老师", "小提琴"), new)
    assert "陈老师" not in renewed_tags(teacher, ("陈老师", "小提琴"), new)
