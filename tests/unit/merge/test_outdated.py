"""Which claims a newer statement makes outdated, and which it must leave alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from workers.pipeline.merge.claims import claims
from workers.pipeline.merge.outdated import outdated

TOLD, SAID = datetime(2025, 3, 3), datetime(2025, 4, 10)


def clauses(new: str, known: str, context: str = "") -> list[str]:
    return [one.claim.text for one in outdated(new, SAID, known, TOLD, context)]


@pytest.mark.parametrize(
    ("new", "known", "clause"),
    [
        # days and times
        (
            "User: The recital is now on 21 June. (10 April 2025)",
            "User: The recital is on 14 June, in the town hall. (3 March 2025)",
            "The recital is on 14 June",
        ),
        (
            "The choir rehearsal moved to Wednesdays.",
            "Choir rehearsal is every Monday at 8pm, the user sings alto.",
            "Choir rehearsal is every Monday at 8pm",
        ),
        (
            "The release slipped to early July, QA needs longer.",
            "User: We ship the release at the end of May. Olga writes the notes.",
            "We ship the release at the end of May",
        ),
        (
            "We'll have the barbecue on Sunday instead.",
            "The barbecue is planned for Saturday, twelve people come.",
            "The barbecue is planned for Saturday",
        ),
        (
            "Their flight was rescheduled to 17:40.",
            "The flight leaves at 14:05, from terminal 2.",
            "The flight leaves at 14:05",
        ),
        (
            "The inspection was brought forward to 2 May.",
            "User: Roof work starts in April, the inspection is on 19 May.",
            "the inspection is on 19 May",
        ),
        (
            "Correction: the webinar starts at 4pm.",
            "The webinar starts at 3pm, the link comes by mail.",
            "The webinar starts at 3pm",
        ),
        # amounts
        (
            "The landlord raised the rent to 1,020.",
            "User: Rent is 940, internet 35. The lease runs until 2027.",
            "Rent is 940",
        ),
        (
            "Their salary is now 61k.",
            "User: Their salary is 54k, and they get 28 days off.",
            "Their salary is 54k",
        ),
        (
            "We're actually 14 people for the hike.",
            "User: We are 11 people for the hike, Sam drives.",
            "We are 11 people for the hike",
        ),
        (
            "The budget went up to 9,500 euros.",
            "The budget for the kitchen is 8,000 euros, the tiles are ordered.",
            "The budget for the kitchen is 8,000 euros",
        ),
        (
            "User: My weight is 68 kg now.",
            "User: Height 171 cm, weight 74 kg.",
            "weight 74 kg",
        ),
        (
            "Tuition was reduced to 300 dollars.",
            "User: (How much is the tuition?) 350 dollars (3 March 2025)",
            "350 dollars",
        ),
        # what is over
        (
            "The user cancelled the piano lessons.",
            "User: Piano lessons cost 120, and the user pays 40 for the pool.",
            "Piano lessons cost 120",
        ),
        (
            "The user sold the tent.",
            "The user owns a tent, two backpacks and a stove.",
            "The user owns a tent",
        ),
        (
            "They turned down the offer from Siemens.",
            "Ravi has an offer from Siemens, he would start in May.",
            "Ravi has an offer from Siemens",
        ),
        (
            "The user isn't going to Lisbon after all.",
            "The user is going to Lisbon for the congress, with Petra.",
            "The user is going to Lisbon for the congress",
        ),
        (
            "The user is no longer vegan.",
            "(Do you eat everything?) The user has been vegan since 2020, no nuts either.",
            "The user has been vegan since 2020",
        ),
        ("We dropped Redux.", "The stack is React, Redux, a Node server.", "Redux"),
        (
            "The user paid off the student loan.",
            "User: Rent 800, student loan 210, phone 15.",
            "student loan 210",
        ),
        # Chinese
        (
            "用户：体检改到5月8号了",
            "用户：体检约在4月22号，在市一医院，要空腹。",
            "体检约在4月22号",
        ),
        ("用户：钢琴课换成周四了", "用户：钢琴课每周二，老师姓柳。", "钢琴课每周二"),
        (
            "用户：发布会推迟到6月底，因为场地没谈好。",
            "用户：发布会定在5月，请了三十家媒体。",
            "发布会定在5月",
        ),
        (
            "用户：工资涨到15000了",
            "用户：工资12000，公积金另算，房贷4300。",
            "工资12000",
        ),
        ("用户：房租降到2600了", "用户：房租2900，水电两百。", "房租2900"),
        (
            "用户：婚礼最后定了，改在十月，酒店没变。",
            "用户：婚礼九月办，在杭州。",
            "婚礼九月办",
        ),
        ("用户：奥数班取消了", "用户：周末上奥数班，还学游泳。", "周末上奥数班"),
        ("用户不考雅思了，改考托福。", "用户在准备雅思，八月出国。", "用户在准备雅思"),
        (
            "用户不去厦门了，改去桂林。",
            "用户打算暑假去厦门，住三天。",
            "用户打算暑假去厦门",
        ),
        (
            "用户：信用卡还清了",
            "用户：花呗两千，信用卡八千，工资还没发。",
            "信用卡八千",
        ),
        (
            "用户放弃买新能源车了",
            "用户准备买新能源车，预算二十万。",
            "用户准备买新能源车",
        ),
        # others
        (
            "Al final la cena es el viernes 9 de mayo.",
            "User: La cena es el 2 de mayo, en casa de Pilar.",
            "La cena es el 2 de mayo",
        ),
    ],
)
def test_a_change_outdates_the_clause_it_is_about(
    new: str, known: str, clause: str
) -> None:
    assert clauses(new, known) == [clause]


@pytest.mark.parametrize(
    ("new", "known"),
    [
        # no word of a change
        ("The user saw a recital on 21 June.", "The recital is on 14 June."),
        ("The rent of the garage is 90.", "The rent of the flat is 900."),
        ("用户：周六有体检", "用户：体检约在4月22号。"),
        # other people, other things
        (
            "Ana's flight was moved to 17:40.",
            "The user's flight with Leo leaves at 14:05, so Ben drives.",
        ),
        ("Her sister's salary is now 61k.", "User: Their salary is 54k."),
        ("The Lyon office opens in May now.", "The Paris office opens in June."),
        (
            "The dentist appointment moved to Friday.",
            "The vet appointment is on Tuesday, for Momo.",
        ),
        ("用户：妹妹的体检改到5月8号了", "用户：体检约在4月22号。"),
        ("用户：英语课换成周四了", "用户：钢琴课每周二。"),
        ("The user sold the tent.", "The user's brother owns a tent."),
        # wishes, suppositions, questions, advice
        (
            "If the recital moved to 21 June, the user could come.",
            "The recital is on 14 June.",
        ),
        (
            "The user wants to move the recital to 21 June.",
            "The recital is on 14 June.",
        ),
        ("Is the recital now on 21 June?", "The recital is on 14 June."),
        ("用户：体检能不能改到5月8号", "用户：体检约在4月22号。"),
        ("用户：要是体检改到5月8号就好了", "用户：体检约在4月22号。"),
        ("The user might not go to Lisbon after all.", "The user is going to Lisbon."),
        # the assistant's words
        (
            "Assistant: The recital is now on 21 June.",
            "User: The recital is on 14 June.",
        ),
        ("助手说：体检改到5月8号了", "用户：体检约在4月22号。"),
        # what has happened
        (
            "The trip to Oslo is now in May.",
            "The user went on a trip to Oslo in March.",
        ),
        ("We changed the barbecue to 20 April.", "The barbecue on 9 March was great."),
        ("The next recital is now on 21 June 2025.", "The recital is on 6 April 2025."),
        ("用户：这次体检改到5月8号了", "用户：去年10月做过体检。"),
        ("The user cancelled the gym.", "The user went to the gym yesterday."),
        ("用户不去厦门了", "用户去年去过厦门。"),
        # what goes on
        ("The user won't quit the choir.", "The user sings in a choir, every Monday."),
        ("The user hasn't sold the tent.", "The user owns a tent and two backpacks."),
        ("用户没取消奥数班", "用户周末上奥数班"),
        # another kind of value, the same value
        ("The recital is now sold out, 300 people come.", "The recital is on 14 June."),
        ("Rent is now due on the 3rd.", "Rent is 940."),
        ("User: My weight is 68 kg now.", "User: Height 171 cm."),
        ("The recital stays on 14 June now.", "The recital is on 14 June."),
        # what says no itself
        ("The user no longer eats pork.", "The user doesn't eat pork at work."),
        ("用户晚饭别安排螃蟹了", "医生让用户少吃螃蟹"),
    ],
)
def test_what_changes_nothing_outdates_nothing(new: str, known: str) -> None:
    assert clauses(new, known) == []


def test_a_bare_answer_is_about_its_question() -> None:
    assert clauses(
        "User: The workshop was postponed to the 18th.",
        "User: 12 May, at ten",
        "When is the workshop?",
    ) == ["12 May"]
    assert (
        clauses(
            "User: The workshop was postponed to the 18th.",
            "User: 12 May, at ten",
            "When is your birthday?",
        )
        == []
    )


def test_a_change_that_names_nothing_is_about_the_clause_before() -> None:
    assert clauses(
        "用户：画展改了，策展人病了，推迟到6月。", "用户：画展5月开幕，在美术馆。"
    ) == ["画展5月开幕"]


def test_clauses_know_their_place_days_and_amounts() -> None:
    text = "User: Rent is 1,450 a month, due on 3 May at 10:30. (4 March 2025)"
    rent, due = claims(text)
    assert (text[: rent.end], rent.amounts, rent.when) == (
        "User: Rent is 1,450 a month",
        {("1450", "")},
        frozenset(),
    )
    assert (due.amounts, due.when) == (
        frozenset(),
        {("month", "5"), ("day", "3"), ("clock", "10:30")},
    )
    assert claims("") == [] and claims("User: ... (4 March 2025)") == []
