"""How statements relate: the same, a part, more, or against one another."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.relations import Relation, Statement, relation, tells_change


@pytest.mark.parametrize(
    ("new", "known"),
    [
        ("The user is no longer vegetarian.", "The user is vegetarian."),
        (
            "The user is no longer vegetarian, and started to eat fish in March.",
            "The user has been a vegetarian for years.",
        ),
        ("The user moved from Lyon to Rome.", "The user lives in Lyon."),
        ("The user quit smoking.", "The user smokes."),
        ("The user stopped eating meat.", "The user eats meat on Sundays."),
        ("The user hates tea.", "The user loves tea."),
        ("The user doesn't work at the bank anymore.", "The user works at the bank."),
        ("The user quit smoking two months ago (January 2026).", "The user smokes."),
        (
            "The user replaced their Nokia 12 with a tablet.",
            "The user uses a Nokia 12.",
        ),
        (
            "The user cancelled their trip to Norway.",
            "The user is planning a trip to Norway in June.",
        ),
        ("The user sold the boat and bought a van.", "The user has an old boat."),
        (
            "User: The rehearsal with Ines has been moved to Thursday at 10am.",
            "User: The rehearsal with Ines is on Tuesday at 3pm.",
        ),
        (
            "The doctor raised the aspirin to 40 mg.",
            "The user takes 20 mg of aspirin daily.",
        ),
        (
            "The user's favourite colour is green now.",
            "The user's favourite colour is blue.",
        ),
        ("The user's new manager is David.", "The user's manager is Claire."),
        (
            "Sorry, the exam is on the 13th of May, not the 3rd of May.",
            "The exam is on the 3rd of May.",
        ),
        (
            "The user decided against buying the red sofa.",
            "The user is going to buy the red sofa.",
        ),
        ("用户取消了去挪威旅游的计划", "用户计划六月去挪威旅游"),
        ("用户把帆船卖了，买了房车", "用户有一条帆船"),
        ("和李老师的会改到周六上午十点了", "周五下午三点和李老师开会"),
        ("用户的考试是5月13日，之前说错了", "用户的考试是5月3日"),
        ("用户和小雨分手了", "用户女朋友叫小雨"),
        ("用户不再吃素了", "用户吃素"),
        ("用户从北京搬到了上海", "用户住在北京"),
        ("用户不喜欢吃香菜", "用户喜欢吃香菜"),
    ],
)
def test_a_change_goes_against_what_it_makes_untrue(new: str, known: str) -> None:
    assert relation(Statement(new), Statement(known)) is Relation.AGAINST


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (
            "The user moved from Lyon to Rome.",
            "The user saw an exhibition in Lyon with her sister on 3 May 2021.",
        ),
        ("The user doesn't like slow horror films.", "The user likes horror films."),
        ("The user stopped by the shop.", "The user works at a shop."),
        ("The user is not tired.", "The user is tired of the long way to work."),
        (
            "The user cancelled their trip to Norway.",
            "The user's brother has a trip to Norway in June.",
        ),
        (
            "The rehearsal with Ben has been moved to Friday.",
            "The rehearsal with Ines is on Tuesday.",
        ),
        ("The user sold their hiking boots.", "The user loves hiking in Norway."),
        ("The user's favourite food is ramen.", "The user's favourite colour is blue."),
        ("用户取消了去挪威的计划", "用户朋友要去挪威"),
        ("用户从北京搬到上海了", "用户在北京出差过"),
        ("和王老师的会改到周六了", "周五和李老师开会"),
        ("用户喜欢喝茶", "用户喜欢喝咖啡"),
        ("用户的叔叔今年44岁", "用户的叔叔今年30岁"),
        ("The user has a cat.", "The user has a dog."),
        ("The user ran a race on 2023-05-20.", "The user ran a race on 2023-06-20."),
    ],
)
def test_different_things_stay_apart(new: str, known: str) -> None:
    assert relation(Statement(new), Statement(known)) is Relation.NONE


def test_a_part_lies_within_the_fuller_one() -> None:
    part, whole = (
        Statement("The user has a dog named Rex."),
        Statement("The user has a dog named Rex and a cat."),
    )
    assert (relation(part, whole), relation(whole, part)) == (
        Relation.WITHIN,
        Relation.FULLER,
    )


def test_a_denial_is_no_part_of_what_it_denies() -> None:
    assert (
        relation(
            Statement("The dog does not bite children."),
            Statement("The dog does bite children and cats."),
        )
        is not Relation.WITHIN
    )


def test_nearly_the_same_words_are_alike_unless_a_number_differs() -> None:
    one = (
        "The user's sister Clara works as a nurse at the hospital in Basel "
        "and likes hiking in the mountains with old friends"
    )
    assert (
        relation(Statement(f"{one} often."), Statement(f"{one} sometimes."))
        is Relation.ALIKE
    )
    assert (
        relation(Statement(f"{one} since 2019."), Statement(f"{one} since 2020."))
        is Relation.NONE
    )


def test_one_subject_has_one_value() -> None:
    new, known = (
        Statement("Home is now Rome.", subject="user.home"),
        Statement("The flat is in Lyon.", subject="user.home"),
    )
    assert relation(new, known) is Relation.AGAINST
    assert (
        relation(new, Statement("The flat is in Lyon.", subject="user.office"))
        is Relation.NONE
    )


def test_what_another_person_said_is_theirs() -> None:
    assert (
        relation(
            Statement("I no longer smoke.", speaker="Ann"),
            Statement("I smoke.", speaker="Ben"),
        )
        is Relation.NONE
    )


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("He quit his job.", True),
        ("从租房换成了买房", True),
        ("He likes his job.", False),
        ("", False),
    ],
)
def test_a_change_is_told_by_its_words(text: str, change: bool) -> None:
    assert tells_change(text) is change
