"""Souvenir's own clients, both, against the running system."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from souvenir_client import ApiError, AsyncClient, Client, Task, transfer
from tests.support.system import System, until


class Both:
    """One of the two clients; `do` calls a method of it to its end."""

    def __init__(self, system: System, awaited: bool) -> None:
        self._system, self._awaited = system, awaited

    def do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return (
            asyncio.run(self._await(method, args, kwargs))
            if self._awaited
            else self._call(method, args, kwargs)
        )

    def _call(self, method: str, args: Any, kwargs: Any) -> Any:
        with Client(self._system.url, self._system.key) as client:
            result = getattr(client, method)(*args, **kwargs)
            return list(result) if inspect.isgenerator(result) else result

    async def _await(self, method: str, args: Any, kwargs: Any) -> Any:
        async with AsyncClient(self._system.url, self._system.key) as client:
            result = getattr(client, method)(*args, **kwargs)
            return (
                [each async for each in result]
                if inspect.isasyncgen(result)
                else await result
            )


@pytest.fixture(params=[False, True], ids=["blocking", "awaited"])
def both(request: pytest.FixtureRequest, system: System) -> Both:
    return Both(system, request.param)


@pytest.fixture
def client(system: System) -> Iterator[Client]:
    with Client(system.url, system.key) as client:
        yield client


def texts(found: Any) -> list[str]:
    return [row["memory_value"] for row in found.memories]


def test_what_is_added_is_found_listed_changed_and_forgotten(
    both: Both, user: str
) -> None:
    assert (
        both.do(
            "add", "I live in Lisbon with two greyhounds.", user, "c", wait=True
        ).status
        == "completed"
    )
    (row,) = both.do("search", "Where does the user live?", user, relativity=0).memories
    assert "Lisbon" in row["memory_value"]
    assert both.do("memory", row["id"])["memory_value"] == row["memory_value"]
    assert [each["id"] for each in both.do("memories", user)["memory_detail_list"]] == [
        row["id"]
    ]
    assert [each["content"] for each in both.do("get", user, "c")] == [
        "I live in Lisbon with two greyhounds."
    ]
    assert both.do("update", row["id"], content="The user lives in Porto.") is True
    assert texts(
        both.do("search", "Where does the user live?", user, relativity=0)
    ) == ["The user lives in Porto."]
    assert both.do("delete", [row["id"]], user_id=user) is True
    assert (
        texts(both.do("search", "Where does the user live?", user, relativity=0)) == []
    )


def test_thumbs_days_and_undo(both: Both, user: str) -> None:
    question = "Where does the user live?"
    task = both.do("add", "I live in Lisbon with two greyhounds.", user, "c", wait=True)
    (row,) = both.do("search", question, user, relativity=0).memories
    (rated,) = both.do("rate", row["id"], "down", query=question, reason="moved")
    assert [(t["thumb"], t["reason"]) for t in rated["thumbs"]] == [("down", "moved")]
    (lower,) = both.do("search", question, user, relativity=0).memories
    assert lower["relativity"] < row["relativity"]
    both.do("rate", [row["id"]], "none", query=question)
    (again,) = both.do("search", question, user, relativity=0).memories
    assert again["relativity"] == row["relativity"]
    day = {"as_of": "2020-01-01"}
    assert both.do("search", question, user, relativity=0, **day).memories == []
    assert both.do("memories", user, **day)["memory_detail_list"] == []
    assert "Lisbon" not in both.do("chat", question, user, **day)
    assert both.do("undo", task.task_id)["removed"] == [row["id"]]


def test_a_chat_quotes_what_is_remembered_whole_and_in_pieces(
    both: Both, user: str
) -> None:
    both.do("add", "My sister Carla plays the cello in Porto.", user, "c", wait=True)
    whole = both.do(
        "chat",
        "Which instrument does my sister Carla play?",
        user,
        "d",
        add_message_on_answer=False,
    )
    pieces = both.do(
        "chat_stream",
        "Which instrument does my sister Carla play?",
        user,
        "d",
        add_message_on_answer=False,
    )
    assert "cello" in whole
    assert "".join(pieces) == whole


def test_a_file_is_watched_while_it_is_read(
    both: Both, user: str, tmp_path: Path
) -> None:
    note = tmp_path / "cellar.txt"
    note.write_text("The key to the cellar hangs behind the blue door.")
    seen: list[Task] = []
    task = both.do("upload", note, user, on_progress=seen.append)
    assert (task.status, seen[-1]) == ("completed", task)
    assert [(file["name"], file["status"]) for file in task.raw["files"]] == [
        ("cellar.txt", "completed")
    ]
    assert any(
        "blue door" in text
        for text in texts(both.do("search", "cellar key", user, relativity=0))
    )


def test_tasks_are_watched_listed_and_looked_at(both: Both, user: str) -> None:
    begun = both.do("add", "I live in Lisbon with two greyhounds.", user, "c")
    seen = both.do("watch", begun.task_id)
    assert [task.task_id for task in seen] == [begun.task_id] * len(seen)
    assert (seen[-1].status, seen[-1].raw["step"], seen[-1].raw["counts"]) == (
        "completed",
        "done",
        {"stored": 1},
    )
    assert both.do("tasks", user) == both.do("tasks", user, state="completed")
    assert [task.task_id for task in both.do("tasks", user)] == [begun.task_id]
    assert both.do("tasks", user, state=["queued", "dead"]) == []
    assert [
        receipt["outcome"] for receipt in both.do("task", begun.task_id).raw["receipts"]
    ] == ["stored"]
    assert both.do("cancel", begun.task_id).status == "completed", (
        "what has ended stays as it ended"
    )
    with pytest.raises(ApiError, match="code 4"):
        both.do("replay", begun.task_id)


def test_a_file_that_cannot_be_read_says_why(both: Both, user: str) -> None:
    task = both.do("upload", b"%PDF-1.4 not really", user, name="broken.pdf")
    assert (task.status, task.error_code) == ("failed", 50107)
    assert "broken.pdf" in task.error_message


def test_errors_carry_the_servers_words(both: Both, system: System) -> None:
    with pytest.raises(ApiError) as told:
        both.do("status", "no-such-task")
    assert (told.value.code, told.value.status) == (50131, 404)
    with pytest.raises(ApiError) as told, Client(system.url, "wrong") as stranger:
        stranger.search("q", "u")
    assert (told.value.code, told.value.status) == (40132, 401)


def test_a_knowledge_base_from_its_making_to_its_end(
    both: Both, user: str, tmp_path: Path
) -> None:
    manual = tmp_path / "manual.txt"
    manual.write_text("The boiler is restarted with the red switch under the stairs.")
    knowledge_base = both.do("create_knowledgebase", f"house {user}")
    (file,) = both.do("add_knowledgebase_file", knowledge_base, [manual])
    until(
        lambda: (
            both.do("get_knowledgebase_file", [file["id"]])[0]["status"] == "completed"
        ),
        "the manual",
    )
    assert texts(both.do("search", "restart the boiler", user, relativity=0)) == []
    assert any(
        "red switch" in text
        for text in texts(
            both.do(
                "search",
                "restart the boiler",
                user,
                knowledgebase_ids=[knowledge_base],
                relativity=0,
            )
        )
    )
    assert both.do("delete_knowledgebase_file", [file["id"]]) is True
    assert both.do("delete_knowledgebase", knowledge_base) is True


def test_feedback_extraction_and_ranking(both: Both, user: str) -> None:
    both.do("add", "I live in Lisbon.", user, "c", wait=True)
    task = both.do("feedback", "I live in Porto, not in Lisbon.", user, "c")
    assert both.do("wait_for", task.task_id).status == "completed"
    found = both.do("extract", "I work as a baker in Leeds.")
    assert any("baker" in row["memory_value"] for row in found["memory_detail_list"])
    ranked = both.do(
        "rerank",
        "pets",
        ["Tax forms are due in May.", "The dog sleeps in the kitchen with the cat."],
    )
    assert ranked[0]["index"] == 1


def shown(client: Client, user: str) -> list[Any]:
    """All that is remembered of a user, but for ids."""
    page = client.memories(user, size=50)
    rows = [
        row
        for name in sorted(page)
        if name.endswith("_detail_list")
        for row in page[name]
    ]
    without_ids = [without(row, "id", "skill_url") for row in rows]
    for row in without_ids:
        row["history"] = [without(entry, "id") for entry in row.get("history") or []]
    return sorted(without_ids, key=repr)


def without(item: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def taken_out(client: Client, user: str) -> str:
    out = io.StringIO()
    transfer.write_lines(transfer.export_user(client, user, superseded=True), out)
    return out.getvalue()


def lived(client: Client, user: str) -> None:
    """Somebody with memories of several kinds, in two conversations, one of them
    corrected by hand, one forgotten.
    """
    client.add(
        "I live in Lisbon and I teach physics.",
        user,
        "first",
        wait=True,
        info={"scene": "chat"},
        tags=["home"],
    )
    client.add("I prefer trains to planes.", user, "second", wait=True)
    client.add("My dentist is called Molars.", user, "second", wait=True)
    client.add(
        [
            {"role": "user", "content": "What is the weather in Porto?"},
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": "1",
                        "type": "function",
                        "function": {
                            "name": "weather",
                            "arguments": '{"city": "Porto"}',
                        },
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "1", "content": '{"sky": "clear"}'},
            {"role": "assistant", "content": "Clear in Porto."},
        ],
        user,
        "second",
        wait=True,
    )
    client.upload(
        b"The spare key lies under the third flower pot.",
        user,
        "third",
        name="keys.txt",
    )
    facts = client.memories(user, size=50)["memory_detail_list"]
    client.update(
        next(row["id"] for row in facts if "Lisbon" in row["memory_value"]),
        content="The user teaches physics in Lisbon.",
    )
    client.delete([next(row["id"] for row in facts if "Molars" in row["memory_value"])])


def test_another_user_gets_the_same_memories_and_messages(
    client: Client, user: str
) -> None:
    lived(client, user)
    other = f"other-{user}"
    records = list(transfer.read_records(taken_out(client, user)))
    told = transfer.import_records(client, records, other)
    assert shown(client, other) == shown(client, user)
    assert {
        kind
        for kind in ("memory_value", "preference", "tool_value")
        for row in shown(client, other)
        if kind in row
    } == {"memory_value", "preference", "tool_value"}
    for conversation in ("first", "second", "third"):
        assert (
            client.get(other, conversation, message_limit_number=50)
            == client.get(user, conversation, message_limit_number=50)
            != []
        )
    exported = [record for record in records if record["record"] == "memory"]
    assert told["memories"] == len(exported) == len(shown(client, other)) + 1
    assert texts(client.search("physics", other, relativity=0)) == texts(
        client.search("physics", user, relativity=0)
    )
    assert "Molars" not in json.dumps(shown(client, other))


def test_bringing_in_twice_changes_nothing(client: Client, user: str) -> None:
    lived(client, user)
    before = taken_out(client, user)
    told = transfer.import_records(client, transfer.read_records(before))
    assert (told["messages"], told["memories"]) == (0, 0)
    assert taken_out(client, user) == before


def test_more_than_one_page_is_taken_out(client: Client, user: str) -> None:
    records = [
        {
            "record": "memory",
            "type": "LongTermMemory",
            "text": f"The box on shelf {number} holds {number * 7} screws.",
        }
        for number in range(230)
    ]
    said = [
        {
            "record": "message",
            "role": "user",
            "text": str(number),
            "content": str(number),
            "arrived_at": 1_760_000_000_000,
            "position": number,
        }
        for number in range(230)
    ]
    assert transfer.import_records(client, [*said, *records], user) == {
        "messages": 230,
        "memories": 230,
        "known": 0,
    }
    out = list(transfer.export_user(client, user))
    assert [record["text"] for record in out if record["record"] == "message"] == [
        str(number) for number in range(230)
    ]
    assert {record["text"] for record in out if record["record"] == "memory"} == {
        record["text"] for record in records
    }


def test_memories_of_mem0_are_found(client: Client, user: str) -> None:
    exported = {
        "results": [
            {
                "id": "6f1e",
                "memory": "Allergic to peanuts",
                "user_id": "alex",
                "hash": "h",
                "metadata": {"scene": "food"},
                "categories": ["health"],
                "created_at": "2025-01-15T10:00:00-08:00",
                "updated_at": None,
                "score": 0.3,
            },
            {
                "id": "6f1f",
                "memory": "Works night shifts at a hospital",
                "user_id": "alex",
                "metadata": None,
                "created_at": "2025-02-01T00:00:00Z",
            },
        ],
        "relations": [],
    }
    assert (
        transfer.import_records(
            client, transfer.read_records(json.dumps(exported)), user
        )["memories"]
        == 2
    )
    row = client.search(
        "peanut allergy", user, relativity=0, filter={"and": [{"scene": "food"}]}
    ).memories[0]
    assert (row["memory_value"], row["tags"], row["create_time"]) == (
        "Allergic to peanuts",
        ["health"],
        1736964000000,
    )


def test_everybody_of_a_project_is_listed(client: Client, user: str) -> None:
    client.add("I live in Lisbon.", user, wait=True)
    assert user in client.users()
    assert any(record["user_id"] == user for record in transfer.export_project(client))
