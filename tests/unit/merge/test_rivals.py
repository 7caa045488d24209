"""What a newer statement makes outdated by its words alone."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.rivals import DENIAL_OBJECTIONS, rivals


def outdated(old: str, new: str) -> list[str]:
    return [old[slice(*rival.span)] for rival in rivals(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        (
            "User: rent 980, gym 35",
            "The rent goes up to 1,020 in May.",
            "rent 980",
        ),
        (
            "用户：（demo 是哪一天？）6月12号，下午两点",
            "User: demo postpone到18号了",
            "6月12号",
        ),
        ("User: (How many guests?) About 90", "The guests are 74 now.", "About 90"),
        ("Die Probe ist am 4. Mai.", "Die Probe wurde auf den 11. Mai verlegt.", ""),
        ("用户：房租3200，车贷1850", "用户：房租涨到3500了", "房租3200"),
        ("家賃は8万円、ガス代は6千円です。", "家賃が9万円に上がりました。", ""),
    ],
)
def test_another_value_of_the_same_thing(old: str, new: str, clause: str) -> None:
    found = outdated(old, new)
    assert found and (not clause or found == [clause])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rent 980, gym 35", "The rent is 1,020."),  # no word of change: the judge's
        ("rent 980", "The internet goes up to 40."),
        ("The rent is due in May.", "The rent goes up to 1,020."),
        ("rent 980, phone 18", "The rent stays at 980 now."),
        ("The flight is on 3 June.", "The flight now costs 80."),
        ("Ines turns 40 in May.", "The rent goes up to 1,020 in June."),
        ("用户：房租3200", "用户：车贷涨到1900了"),
    ],
)
def test_what_is_no_other_value(old: str, new: str) -> None:
    assert outdated(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        ("User: rent 980, gym 35", "and the user cancelled the gym", "gym 35"),
        ("The user rides a Brompton.", "The user's Brompton was stolen.", ""),
        ("用户：健身卡每月200，房租3000", "用户把健身卡退了", ""),
        ("Der Fahrradkurs ist montags.", "Der Fahrradkurs ist abgesagt.", ""),
    ],
)
def test_an_end(old: str, new: str, clause: str) -> None:
    found = outdated(old, new)
    assert found and (not clause or found == [clause])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gym 35", "I cancelled the gym class for beginners."),
        ("The gym is where Otto met Ida, Ben and Kim.", "I cancelled the gym."),
        ("I cancelled the gym.", "The gym is cancelled."),
        ("The user has a cat.", "The dog died."),
    ],
)
def test_what_is_no_end(old: str, new: str) -> None:
    assert outdated(old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Soy alérgico al polen.", "El médico dice que ya no soy alérgico al polen."),
        ("用户对花生过敏。", "上周检查说用户对花生不过敏了。"),
        ("The user eats meat.", "The doctor says the user no longer eats meat."),
    ],
)
def test_a_denial_has_all_the_words(old: str, new: str) -> None:
    [rival] = rivals(old, new)
    assert rival.objections == DENIAL_OBJECTIONS


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("The user lives in Lyon.", "User: We moved to Rome.", True),
        ("The user lives in Lyon.", "The user moved to the backend team.", False),
        ("The user lives in Lyon.", "The user lives in Lyon, near the river.", False),
        ("The user works as a nurse.", "The user works at the Charité.", False),
    ],
)
def test_another_home_where_both_are_certain(old: str, new: str, found: bool) -> None:
    assert bool(outdated(old, new)) is found
