"""Statements: what of a turn is kept, and where it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.adapters.without_models import KeepingReader
from shared.domain.message_reading import Reading, Utterance
from tests.fakes.reader import ScriptedReader, kept_part
from tests.unit.extract.talks import said
from workers.pipeline.extract.speech.turns import Turn
from workers.pipeline.extract.statements.read_turns import read_turns
from workers.pipeline.extract.statements.segments import SEGMENT
from workers.pipeline.extract.statements.statements_of import statements_of


def kept(text: str, *words: str, **labels: float) -> list[str]:
    """The statements of a text of which these words are read as worth keeping."""
    parts = tuple(kept_part(text, each) for each in words)
    return [each.text for each in statements_of(text, Reading(labels, {}, parts))]


@pytest.mark.parametrize(
    ("text", "words", "statement"),
    [
        # questions beside it
        ("I'm diabetic, can I have mango?", "I'm diabetic", "I'm diabetic"),
        ("I'm deaf, what phone would you suggest?", "I'm deaf", "I'm deaf"),
        (
            "我怀孕了，请问这个药到底能不能吃，会不会对宝宝有影响呢？",
            "我怀孕了",
            "我怀孕了",
        ),
        # questions that hold it, and what the reader cut too short
        ("Do I like sushi and tea?", "sushi", "Do I like sushi and tea?"),
        ("I never eat pork at home.", "eat pork", "I never eat pork at home."),
        (
            "I eat pork, but only on Fridays.",
            "I eat pork",
            "I eat pork, but only on Fridays.",
        ),
        ("我不吃辣的东西。", "吃辣", "我不吃辣的东西。"),
        (
            "Ich rauche seit Mai nicht mehr.",
            "Ich rauche",
            "Ich rauche seit Mai nicht mehr.",
        ),
        # chatter
        ("Big news, I got the job.", "I got the job", "I got the job."),
        # quotation marks stay
        ("“I quit”, said Ana.", "I quit", "“I quit”, said Ana."),
    ],
)
def test_less_than_a_sentence_is_kept_only_beside_a_question(
    text: str, words: str, statement: str
) -> None:
    assert kept(text, words) == [statement]


@pytest.mark.parametrize(
    ("text", "words", "statement"),
    [
        ("Could you note that my dog is ill?", "my dog is ill", "my dog is ill"),
        ("Please remember: I moved to Rome.", "I moved to Rome.", "I moved to Rome."),
        ("My dog is ill, please note.", "My dog is ill", "My dog is ill"),
        ("请记住我对花生过敏，谢谢。", "我对花生过敏", "我对花生过敏"),
    ],
)
def test_the_frame_of_an_order_to_remember_is_left_out(
    text: str, words: str, statement: str
) -> None:
    assert [each.rstrip("。.") for each in kept(text, words)] == [
        statement.rstrip("。.")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can you note that I leave and that Ann covers for me?", "I leave"),
        ("Kannst du dir merken, dass Tine keine Lilien mag?", "Tine keine Lilien"),
        ("那就定密室吧，你帮我写个通知，周六上午10点集合", "周六上午10点集合"),
        ("tried that, he notices, mango ones esp", "he notices"),
    ],
)
def test_what_is_not_surely_a_frame_stays(text: str, words: str) -> None:
    assert kept(text, words, order_remember=0.9, request=0.9) == [text]


def test_a_request_frames_nothing_in_another_sentence() -> None:
    text = "Find me a hotel, please. Since last year I eat no meat, except at home."
    words = "I eat no meat"
    assert kept(text, words, request=0.9) == [
        "Since last year I eat no meat, except at home."
    ]
    beside = "Book a table for me, I eat no meat."
    assert kept(beside, words, request=0.9) == [beside]


def test_every_sentence_stands_for_itself() -> None:
    text = "I moved to Rome. How are you? My dog is ill."
    statements = list(
        statements_of(
            text,
            Reading(
                parts=(
                    kept_part(text, "I moved to Rome", "event"),
                    kept_part(text, "My dog is ill", "fact", "other"),
                )
            ),
            offset=100,
        )
    )
    assert [(s.text, s.kind, s.owner, s.start) for s in statements] == [
        ("I moved to Rome.", "event", "user", 100),
        ("My dog is ill.", "fact", "other", 100 + text.index("My")),
    ]
    assert not statements[0].is_preference


def test_the_longer_part_tells_the_kind_of_a_sentence() -> None:
    text = "I hate fish and moved to Lisbon in May."
    parts = (
        kept_part(text, "I hate fish", "explicit_preference"),
        kept_part(text, "moved to Lisbon in May", "event"),
    )
    [statement] = statements_of(text, Reading(parts=parts))
    assert (statement.kind, statement.text) == ("event", text)


@pytest.mark.parametrize("words", ["er", "or"])
def test_a_slip_of_the_reader_is_no_statement(words: str) -> None:
    assert kept("Is there honey or sugar in the larder?", words) == []


def test_a_heading_comes_with_the_first_line_below_it() -> None:
    text = "To bring:\n- the red tent\n- two lamps\nBye!\nFor the car:\nthe spare key"
    assert kept(text, "the red tent", "two lamps", "the spare key") == [
        "To bring:",
        "- the red tent",
        "- two lamps",
        "For the car:",
        "the spare key",
    ]
    assert kept("Look:\nHm.\nI moved.", "I moved") == ["I moved."]
    assert kept(f"{'A long line ' * 9}:\nI moved.", "I moved") == ["I moved."]


@pytest.mark.parametrize(
    ("text", "words", "statement"),
    [
        ("Note that I'm diabetic.", "'m diabetic", "I'm diabetic."),
        ("Note that we pay 2,050 by card?", "we pay 2", "we pay 2,050 by card"),
        (
            "Merke dir: Straßenbahn fährt um acht.",
            "bahn fährt um acht",
            "Straßenbahn fährt um acht.",
        ),
        ("क्या हाल है? मेरी बहन यहाँ है।", "री बहन यहाँ", "मेरी बहन यहाँ"),
        ("请记住我住在上海。", "住在上海", "我住在上海。"),
    ],
)
def test_it_begins_and_ends_at_the_borders_of_words(
    text: str, words: str, statement: str
) -> None:
    [text] = kept(text, words, order_remember=0.9)
    assert text.rstrip(" है।") == statement.rstrip(" है।")


def test_words_at_the_end_of_a_text_are_found() -> None:
    assert kept("I", "I") == ["I"]
    assert kept("So, xyz", "xyz") == ["xyz"]
    assert kept("") == []


# Turns


def turn(text: str, role: str = "user") -> Turn:
    return Turn(said(role, text), "", text)


async def test_a_long_turn_is_read_in_segments() -> None:
    sentences = [f"My {n}th cousin lives in a house of its own." for n in range(60)]
    reader = ScriptedReader(dict.fromkeys(sentences, ("fact", "other")))
    before = turn("Tell me of them.", "assistant")
    [read] = await read_turns([turn(" ".join(sentences))], [before], reader)
    assert [statement.text for statement in read.statements] == sentences
    text = read.turn.text
    assert all(text[s.start : s.start + len(s.text)] == s.text for s in read.statements)
    assert len(reader.messages) > 2
    assert all(len(message.text) <= 1.1 * SEGMENT for message in reader.messages)
    assert [bool(message.previous) for message in reader.messages[:2]] == [True, False]
    assert reader.messages[0].previous == "assistant: Tell me of them."


@pytest.mark.parametrize(
    "text",
    [
        "and then we went on " * 200,
        "我们昨天去了公园，" * 120,
        "我们昨天去了公园" * 120,
        "x" * 4000,
    ],
)
async def test_who_never_stops_is_read_to_the_end(text: str) -> None:
    text = text.strip()
    reader = ScriptedReader()
    await read_turns([turn(text)], [None], reader)
    read = [message.text for message in reader.messages]
    assert "".join("".join(read).split()) == "".join(text.split())
    assert all(len(part) <= SEGMENT for part in read)
    if "我" in text:
        assert all(len(part) <= 1.1 * SEGMENT / 3 for part in read)


async def test_the_likeliest_of_its_segments_labels_a_turn() -> None:
    filler = "My cousin lives in a house of its own by the river. " * 20
    reader = ScriptedReader(labels={"Forget it.": ("order_forget",)})
    [read] = await read_turns([turn(f"{filler}Forget it.")], [None], reader)
    assert read.likely("order_forget") == 1.0 and read.likely("question") == 0.0


@pytest.mark.parametrize(("speaker", "role"), [("Priya", "user"), ("", "assistant")])
async def test_whoever_has_a_name_is_read_as_a_person(speaker: str, role: str) -> None:
    answer = Turn(said("assistant", "I signed up for choir."), speaker, "I signed up.")
    reader = ScriptedReader()
    await read_turns([answer], [None], reader)
    assert [message.role for message in reader.messages] == [role]


async def test_of_an_empty_turn_nothing_is_read() -> None:
    reader = ScriptedReader()
    reads = await read_turns([turn(""), turn("  ")], [None, None], reader)
    assert [read.statements for read in reads] == [(), ()] and reader.messages == []
    assert await read_turns([], [], reader) == []


async def test_turns_keep_their_own_statements() -> None:
    turns = [turn("I moved to Rome. Why?"), turn("Hm?"), turn("My dog is ill.")]
    reads = await read_turns(turns, [None, *turns[:2]], KeepingReader())
    assert [[s.text for s in read.statements] for read in reads] == [
        ["I moved to Rome."],
        [],
        ["My dog is ill."],
    ]


# Premises: what stands before a question in its sentence


# Remarks


@pytest.mark.parametrize(
    "text",
    [
        "ok thx",
        "Perfect, thank you so much!!",
        "可以，挺好",
        "解释得不错。",
        "Super, danke dir!",
    ],
)
async def test_thanks_and_praise_state_nothing(text: str) -> None:
    reader = ScriptedReader({text: ("instruction", "user")})
    before = turn("Here is the haiku.", "assistant")
    [read] = await read_turns([turn(text)], [before], reader)
    assert read.statements == ()
    asked = turn("How was Rome?", "assistant")
    [read] = await read_turns([turn(text)], [asked], reader)
    assert [each.text for each in read.statements] == [text]


async def test_what_an_assistant_asks_is_no_statement() -> None:
    text = "And do you prefer leather or canvas?"
    reader = ScriptedReader({text: ("fact", "user")})
    [read] = await read_turns([turn(text, "assistant")], [None], reader)
    assert read.statements == ()


async def test_how_one_is_to_be_addressed_holds_from_then_on() -> None:
    [read] = await read_turns([turn("Und duz mich bitte.")], [None], ScriptedReader())
    assert [each.kind for each in read.statements] == ["instruction"]


class LabelReader:
    """A MessageReader that gives every message the same labels and keeps nothing."""

    def __init__(self, labels: dict[str, float]) -> None:
        self._labels = labels

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        return [Reading(self._labels, {"user": 1.0}) for _ in messages]


@pytest.mark.parametrize(
    ("text", "labels", "kept_as"),
    [
        ("Visa came through!", {"small_talk": 0.3, "worth_keeping": 0.4}, "stated"),
        ("Got the job!", {"small_talk": 0.98, "event": 0.02}, "passed over"),
        ("Got the job?", {"small_talk": 0.98, "event": 0.02}, "nothing"),
        ("Write me a poem.", {"request": 0.97, "event": 0.1}, "nothing"),
        ("Good morning!", {"small_talk": 0.97, "event": 0.01}, "nothing"),
        ("那部韩剧我弃了。", {"small_talk": 0.8, "order_forget": 0.55}, "passed over"),
    ],
)
async def test_news_that_look_like_small_talk(
    text: str, labels: dict[str, float], kept_as: str
) -> None:
    turn = Turn(said("user", text), "", text)
    [read] = await read_turns([turn], [None], LabelReader(labels))
    found = {"stated": read.statements, "passed over": read.passed_over}
    assert {name for name, said in found.items() if said} == {kept_as} - {"nothing"}
