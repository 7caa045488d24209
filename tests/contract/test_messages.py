"""Messages: kept word for word, in order, apart from everybody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from shared.domain.identity import computed_id
from shared.domain.message import FilePart, Message, ToolCall
from shared.domain.scope import Scope
from tests.contract.conftest import Stores


def message(
    project: str,
    text: str,
    at: int = 1,
    *,
    user: str = "ann",
    conversation: str = "c1",
    position: int = 0,
) -> Message:
    return Message(
        id=computed_id(project, user, conversation, text),
        scope=Scope(project, user, conversation),
        role="user",
        text=text,
        content=text,
        spoken_at=datetime(2025, 3, 4, tzinfo=UTC),
        arrived_at=at,
        position=position,
        job=computed_id(project),
    )


def texts(messages: list[Message]) -> list[str]:
    return [entry.text for entry in messages]


async def test_a_message_comes_back_as_it_was(stores: Stores, project: str) -> None:
    content = [
        {"type": "text", "text": "看 this"},
        {"type": "file", "file": {"file_data": "sha"}},
        {"deep": [1, 2.5, None, True]},
    ]
    said = Message(
        id=str(uuid4()),
        scope=Scope(project, "ann", "c1", "agent", "app"),
        role="assistant",
        text="看 this",
        content=content,
        spoken_at=datetime(2025, 3, 4, 5, 6, 7, 89_000, timezone(timedelta(hours=8))),
        arrived_at=1_760_000_000_123,
        position=7,
        job=str(uuid4()),
        chat_time="2025-03-04",
        speaker="Ann",
        files=(
            FilePart("file", source="sha", name="a.pdf"),
            FilePart("image", url="http://x"),
        ),
        tool_calls=(ToolCall("1", "look", '{"a": 1}'),),
        tool_call_id="2",
        extra={"role_id": "r", "n": 1},
    )
    await stores.messages.put([said])
    assert await stores.messages.get(project, [said.id]) == [said]
    assert (await stores.messages.get(project, [said.id]))[
        0
    ].spoken_at.utcoffset() == timedelta(hours=8)


async def test_a_message_without_content_comes_back_so(
    stores: Stores, project: str
) -> None:
    said = Message(
        id=str(uuid4()),
        scope=Scope(project, "ann"),
        role="assistant",
        text="",
        content=None,
        spoken_at=datetime(2025, 1, 1, tzinfo=UTC),
        arrived_at=1,
        position=0,
        job="",
    )
    await stores.messages.put([said])
    assert await stores.messages.get(project, [said.id]) == [said]


async def test_messages_by_id_come_in_the_order_asked_for(
    stores: Stores, project: str
) -> None:
    a, b, c = (message(project, text) for text in "abc")
    await stores.messages.put([a, b, c])
    unknown = str(uuid4())
    assert texts(
        await stores.messages.get(project, [c.id, unknown, a.id, "nonsense", "", c.id])
    ) == ["c", "a"]
    assert await stores.messages.get(project, []) == []
    assert await stores.messages.get("another project", [a.id]) == []


async def test_an_id_must_be_a_uuid(stores: Stores, project: str) -> None:
    said = message(project, "a")
    with pytest.raises(ValueError, match="UUID"):
        await stores.messages.put(
            [
                Message(
                    **{name: getattr(said, name) for name in Message.__slots__}
                    | {"id": "m1"}
                )
            ]
        )


async def test_putting_twice_is_putting_once(stores: Stores, project: str) -> None:
    await stores.messages.put([message(project, "a")])
    await stores.messages.put([message(project, "a")])
    assert texts(await stores.messages.latest(project, "ann", None, 10)) == ["a"]


async def test_the_latest_are_the_newest_and_come_oldest_first(
    stores: Stores, project: str
) -> None:
    said = [
        message(project, f"{at}.{position}", at, position=position)
        for at in (1000, 2000, 3000)
        for position in range(3)
    ]
    await stores.messages.put(said[5:])
    await stores.messages.put(said[:5])
    assert texts(await stores.messages.latest(project, "ann", "c1", 4)) == [
        "2000.2",
        "3000.0",
        "3000.1",
        "3000.2",
    ]
    assert texts(await stores.messages.latest(project, "ann", "c1", 100)) == texts(said)
    assert await stores.messages.latest(project, "ann", "c1", 0) == []


async def test_the_latest_before_a_moment(stores: Stores, project: str) -> None:
    await stores.messages.put(
        [message(project, str(at), at) for at in (1000, 2000, 3000)]
    )
    assert texts(
        await stores.messages.latest(project, "ann", "c1", 1, before=3000)
    ) == ["2000"]
    assert await stores.messages.latest(project, "ann", "c1", 5, before=1000) == []


async def test_the_latest_that_were_said_by_a_moment(
    stores: Stores, project: str
) -> None:
    shanghai = timezone(timedelta(hours=8))
    days = {
        "imported last": datetime(2025, 1, 1, 23, 30, tzinfo=UTC),
        "the next day there": datetime(2025, 1, 2, 7, 0, tzinfo=shanghai),
        "later": datetime(2025, 1, 2, 0, 0, 0, 1000, tzinfo=UTC),
    }
    said = [
        replace(message(project, text, 1000 - at), spoken_at=spoken_at)
        for at, (text, spoken_at) in enumerate(days.items())
    ]
    more = [message(project, f"in March {at}", 2000 + at) for at in range(5)]
    await stores.messages.put([*said, *more])
    midnight = 1_735_776_000_000
    for until, found in (
        (midnight, ["the next day there", "imported last"]),
        (midnight + 1, ["later", "the next day there", "imported last"]),
        (0, []),
    ):
        latest = await stores.messages.latest(
            project, "ann", "c1", 4, spoken_until=until
        )
        assert texts(latest) == found


async def test_conversations_users_and_projects_are_kept_apart(
    stores: Stores, project: str
) -> None:
    await stores.messages.put(
        [
            message(project, "mine", 1),
            message(project, "elsewhere", 2, conversation="c2"),
            message(project, "bob's", 3, user="bob"),
            message(f"{project}-2", "other", 4),
        ]
    )
    assert texts(await stores.messages.latest(project, "ann", "c1", 10)) == ["mine"]
    assert texts(await stores.messages.latest(project, "ann", None, 10)) == [
        "mine",
        "elsewhere",
    ]
    assert texts(await stores.messages.latest(project, "bob", None, 10)) == ["bob's"]
    assert await stores.messages.latest(project, "", None, 10) == []


async def test_deleting_takes_all_of_one_user_and_nobody_elses(
    stores: Stores, project: str
) -> None:
    stored = [message(project, "bob's", user="bob"), message(f"{project}-2", "other")]
    gone = [message(project, "a"), message(project, "b", conversation="c2")]
    await stores.messages.put([*stored, *gone])
    await stores.messages.delete_where(project, "ann")
    assert await stores.messages.get(project, [entry.id for entry in gone]) == []
    assert await stores.messages.latest(project, "ann", None, 10) == []
    assert texts(await stores.messages.latest(project, "bob", None, 10)) == ["bob's"]
    assert texts(await stores.messages.latest(f"{project}-2", "ann", None, 10)) == [
        "other"
    ]


@pytest.mark.parametrize(("whose", "user"), [("", "ann"), ("p", "")])
async def test_deleting_needs_a_project_and_a_user(
    stores: Stores, whose: str, user: str
) -> None:
    with pytest.raises(ValueError, match="needs a project and a user"):
        await stores.messages.delete_where(whose, user)


async def test_more_messages_than_fit_one_request(stores: Stores, project: str) -> None:
    await stores.messages.put(
        [message(project, str(place), 1, position=place) for place in range(600)]
    )
    latest = await stores.messages.latest(project, "ann", "c1", 600)
    assert texts(latest) == [str(place) for place in range(600)]
    assert await stores.messages.get(project, [entry.id for entry in latest]) == latest


async def test_pages_oldest_first_of_all_conversations(
    stores: Stores, project: str
) -> None:
    said = [
        message(project, str(at), at, conversation=f"c{at % 2}")
        for at in range(1000, 1007)
    ]
    await stores.messages.put(
        [*reversed(said), message(project, "bob's", 1, user="bob")]
    )
    pages = [
        texts(await stores.messages.page(project, "ann", offset, 3))
        for offset in (0, 3, 6, 9)
    ]
    assert pages == [["1000", "1001", "1002"], ["1003", "1004", "1005"], ["1006"], []]


async def test_pages_of_one_moment_neither_repeat_nor_leave_out(
    stores: Stores, project: str
) -> None:
    many = [message(project, str(number), 1000) for number in range(60)]
    for entry in many:
        await stores.messages.put([entry])
    seen = [
        entry.id
        for offset in range(0, 60, 7)
        for entry in await stores.messages.page(project, "ann", offset, 7)
    ]
    assert sorted(seen) == sorted(entry.id for entry in many)


async def test_the_users_of_a_project(stores: Stores, project: str) -> None:
    await stores.messages.put(
        [
            message(project, "a"),
            message(project, "b"),
            message(project, "c", user="bob"),
            message(f"{project}-2", "d", user="carl"),
        ]
    )
    assert await stores.messages.users(project) == ["ann", "bob"]
    assert await stores.messages.users(f"{project}-3") == []


async def test_messages_are_removed_by_id_within_their_project(
    stores: Stores, project: str
) -> None:
    first, second = message(project, "one"), message(project, "two")
    await stores.messages.put([first, second])
    await stores.messages.delete(f"{project}-other", [first.id])
    assert await stores.messages.get(project, [first.id]) == [first]
    await stores.messages.delete(project, [first.id])
    await stores.messages.delete(project, [])
    assert await stores.messages.get(project, [first.id, second.id]) == [second]


async def test_how_much_a_project_has_said(stores: Stores, project: str) -> None:
    """The bytes of all texts, and the names of the files, of that project alone."""
    assert await stores.messages.footprint(project) == (0, frozenset())
    files = (FilePart("file", source="a" * 64), FilePart("image", url="http://x/y"))
    said = [
        message(project, "four"),
        message(project, "三", user="ben"),
        replace(message(project, "with a file"), files=files),
        message(f"{project}-2", "another's"),
    ]
    await stores.messages.put(said)
    size, sources = await stores.messages.footprint(project)
    assert size == len(b"four") + len("三".encode()) + len(b"with a file")
    assert sources == {"a" * 64}


async def test_a_footprint_of_more_than_one_page(stores: Stores, project: str) -> None:
    said = [message(project, f"{number:05}", number) for number in range(600)]
    await stores.messages.put(said)
    assert await stores.messages.footprint(project) == (3000, frozenset())
