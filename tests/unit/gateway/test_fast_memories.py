"""Fast memories: which raw turns an add becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from services.gateway.ingest.fast_memories import fast_memories
from shared.domain.job import Job, Options
from shared.domain.message import QUOTES, Message, Role
from shared.domain.scope import Scope
from shared.language.lexical import ask

JOB = Job(
    "00000000-0000-0000-0000-000000000001",
    Scope("p", "ann", "c", "agent", "app"),
    options=Options(("t",), {"scene": "x"}, True),
    created_at=5,
)
AT = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def said(*lines: tuple[Role, str], chat_time: str = "") -> list[Message]:
    return [
        Message(
            id=f"m{place}",
            scope=JOB.scope,
            role=role,
            text=text,
            content=text,
            spoken_at=AT,
            arrived_at=5,
            position=place,
            job=JOB.id,
            chat_time=chat_time,
        )
        for place, (role, text) in enumerate(lines)
    ]


def texts(messages: list[Message]) -> list[str]:
    return [embedded.memory.text for embedded in fast_memories(messages, JOB)]


def test_a_turn_is_what_the_user_says_and_what_is_answered() -> None:
    messages = said(
        ("user", "one"),
        ("assistant", "two"),
        ("tool", "three"),
        ("user", "four"),
        ("user", "five"),
        ("assistant", "six"),
    )
    assert [text.count("\n") + 1 for text in texts(messages)] == [3, 3]
    assert (
        texts(messages)[0].splitlines()[0] == "user: [2025-01-02 03:04:05+00:00]: one"
    )


def test_the_time_stands_there_as_it_was_sent() -> None:
    assert texts(said(("user", "one"), chat_time="今早")) == ["user: [今早]: one"]


def test_instructions_and_silence_are_no_turns() -> None:
    assert (
        texts(
            said(
                ("system", "<tool_schema>[]</tool_schema>"),
                ("user", " "),
                ("assistant", ""),
            )
        )
        == []
    )


def test_a_memory_knows_where_it_belongs() -> None:
    (embedded,) = fast_memories(said(("user", "one"), ("assistant", "two")), JOB)
    memory = embedded.memory
    assert (memory.scope, memory.info, memory.public, memory.fast, memory.job) == (
        JOB.scope,
        {"scene": "x"},
        True,
        True,
        JOB.id,
    )
    assert (memory.tags, memory.origins[0].message_ids, memory.created_at) == (
        ("mode:fast",),
        ("m0", "m1"),
        5,
    )
    assert memory.happened_at == 1_735_787_045_000 and embedded.dense is None


def test_it_is_found_by_what_was_said_only() -> None:
    (embedded,) = fast_memories(said(("user", "espresso"), chat_time="Tuesday"), JOB)
    assert set(ask("espresso").indices) <= set(embedded.lexical.indices)
    assert not set(ask("user Tuesday").indices) & set(embedded.lexical.indices)


def test_a_long_text_is_cut_at_its_sentences_and_nothing_is_lost() -> None:
    text = "".join(f"这是第{number}句话，说的是一件小事。" for number in range(600))
    pieces = texts(said(("user", text)))
    assert len(pieces) > 1 and all(len(piece) <= 2000 for piece in pieces)
    assert all(piece.endswith("。") for piece in pieces)
    assert "".join(pieces).endswith(text)


def test_ids_are_the_same_when_it_is_done_again() -> None:
    messages = said(("user", "one"), ("assistant", "two"), ("user", "three"))
    ids = [memory.memory.id for memory in fast_memories(messages, JOB)]
    assert len(set(ids)) == 2 and ids == [
        memory.memory.id for memory in fast_memories(messages, JOB)
    ]


def test_an_answer_that_quotes_memories_is_no_memory() -> None:
    asked, answered = said(
        ("user", "Where does Ada live?"),
        ("assistant", "I remember: Ada lives in Oslo."),
    )
    assert texts([asked, replace(answered, extra={QUOTES: True})]) == [
        "user: [2025-01-02 03:04:05+00:00]: Where does Ada live?"
    ]
