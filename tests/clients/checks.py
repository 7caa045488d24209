"""Every method of the published client, called as it is documented, with its answer
checked for values.

One check, one method (chat has two ways to answer). A check asks nothing of another:
each has a user of its own. Run by tests/e2e/test_published_client.py, and by
tests/clients/matrix.py for the table.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.published import Published
from tests.support.system import until

SAID = "My sister Inês plays the cello in Porto."
OLD = ("2.0.0", "2.0.20")
"""Releases that cannot lower the threshold of a search nor chat as a stream, and that
do not hand the count of pages on.
"""

Check = Callable[[Published, str, Path], None]
CHECKS: dict[str, Check] = {}


def check(name: str = "") -> Callable[[Check], Check]:
    """Keep a check under the name of its method; a second way of one method says which
    in brackets.
    """

    def keep(run: Check) -> Check:
        CHECKS[name or run.__name__] = run
        return run

    return keep


def method(name: str) -> str:
    """The method that a check of this name calls."""
    return name.partition(" ")[0]


def ok(answer: Any) -> Any:
    """The data of a good answer."""
    assert (answer["code"], answer["message"]) in ((0, "ok"), (200, "ok")), answer
    return answer["data"]


def remember(client: Published, user: str, text: str = SAID) -> str:
    """Remember something; the id of its task."""
    data = ok(
        client.call(
            "add_message",
            messages=[{"role": "user", "content": text}],
            user_id=user,
            conversation_id="talk",
            async_mode=False,
        )
    )
    assert (data["success"], bool(data["task_id"]), data["status"]) == (
        True,
        True,
        "completed",
    )
    return str(data["task_id"])


def status(client: Published, task: str) -> str:
    """Old releases can read a list only, newer ones an object."""
    data = ok(client.call("get_task_status", task_id=task))
    return str((data[0] if isinstance(data, list) else data)["status"])


def search(
    client: Published, user: str, query: str = SAID, **more: Any
) -> list[dict[str, Any]]:
    threshold = {} if client.release in OLD else {"relativity": 0}
    rows: list[dict[str, Any]] = ok(
        client.call(
            "search_memory",
            query=query,
            user_id=user,
            conversation_id="talk",
            **threshold,
            **more,
        )
    )["memory_detail_list"]
    return rows


def memories(client: Published, user: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ok(
        client.call("get_memory", user_id=user, include_preference=True)
    )["memory_detail_list"]
    return rows


def note(user: str) -> str:
    return f"The boiler in the house of {user} is restarted with the red switch under the stairs."


def knowledge_base(client: Published, user: str) -> str:
    id = ok(
        client.call(
            "create_knowledgebase",
            knowledgebase_name=f"house of {user}",
            knowledgebase_description="manuals",
        )
    )["id"]
    assert isinstance(id, str) and id
    return id


def filled(client: Published, user: str) -> tuple[str, str]:
    """A knowledge base with one file that is read; both ids."""
    knowledge = knowledge_base(client, user)
    sent = [
        {
            "content": base64.b64encode(note(user).encode()).decode(),
            "name": "boiler.txt",
        }
    ]
    (file,) = ok(
        client.call(
            "add_knowledgebase_file_json", knowledgebase_id=knowledge, file=sent
        )
    )
    assert (file["name"], file["status"]) == ("boiler.txt", "running")
    read(client, file["id"])
    return knowledge, file["id"]


def read(client: Published, file: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        (row,) = ok(client.call("get_knowledgebase_file", file_ids=[file]))[
            "file_detail_list"
        ]
        assert row["status"] in ("running", "completed"), row
        return row if row["status"] == "completed" else None

    return until(look, "the file")


@check()
def add_message(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    assert any("cello" in row["memory_value"] for row in search(client, user))


@check()
def search_memory(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    row = search(client, user)[0]
    assert (row["status"], row["conversation_id"]) == ("activated", "talk")
    assert (
        row["memory_type"] in ("WorkingMemory", "LongTermMemory", "UserMemory")
        and "cello" in row["memory_value"]
    )
    assert (
        0.45 <= row["relativity"] <= 1
        and row["create_time"] > 10**12
        and isinstance(row["tags"], list)
    )


@check()
def get_message(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    (row,) = ok(client.call("get_message", user_id=user, conversation_id="talk"))[
        "message_detail_list"
    ]
    assert (row["role"], row["content"]) == ("user", SAID)


@check()
def get_memory(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    data = ok(client.call("get_memory", user_id=user, include_preference=True))
    assert client.release in OLD or (
        data["total"],
        data["size"],
        data["current"],
        data["pages"],
    ) == (1, 10, 1, 1)
    assert ["cello" in row["memory_value"] for row in data["memory_detail_list"]] == [
        True
    ]


@check()
def get_memory_by_id(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    (row,) = memories(client, user)
    single = ok(client.call("get_memory_by_id", memid=row["id"]))
    assert (single["id"], single["memory_value"]) == (row["id"], row["memory_value"])


@check()
def create_knowledgebase(client: Published, user: str, _: Path) -> None:
    assert knowledge_base(client, user) != knowledge_base(client, f"other {user}")


@check()
def delete_knowledgebase(client: Published, user: str, _: Path) -> None:
    knowledge, _file = filled(client, user)
    assert search(client, user, note(user), knowledgebase_ids=[knowledge])
    assert ok(client.call("delete_knowledgebase", knowledgebase_id=knowledge)) == {
        "success": True
    }
    assert not any(
        user in row["memory_value"]
        for row in search(client, user, note(user), knowledgebase_ids=["all"])
    )


@check()
def add_knowledgebase_file_json(client: Published, user: str, _: Path) -> None:
    knowledge, _file = filled(client, user)
    assert search(client, user, note(user)) == [], (
        "a knowledge base is searched only when it is named"
    )
    (row, *_more) = search(client, user, note(user), knowledgebase_ids=[knowledge])
    assert "red switch" in row["memory_value"]


@check()
def add_knowledgebase_file_form(client: Published, user: str, folder: Path) -> None:
    file = folder / "boiler.txt"
    file.write_text(note(user))
    knowledge = knowledge_base(client, user)
    (row,) = ok(
        client.call(
            "add_knowledgebase_file_form", knowledgebase_id=knowledge, files=[str(file)]
        )
    )
    assert (row["name"], row["status"]) == ("boiler.txt", "running")
    assert read(client, row["id"])["name"] == "boiler.txt"


@check()
def get_knowledgebase_file(client: Published, user: str, _: Path) -> None:
    _knowledge, file = filled(client, user)
    row = read(client, file)
    assert (row["id"], row["name"], isinstance(row["size"], str)) == (
        file,
        "boiler.txt",
        True,
    )


@check()
def delete_knowledgebase_file(client: Published, user: str, _: Path) -> None:
    knowledge, file = filled(client, user)
    assert ok(client.call("delete_knowledgebase_file", file_ids=[file])) == {
        "success": True
    }
    assert search(client, user, note(user), knowledgebase_ids=[knowledge]) == []


@check()
def get_task_status(client: Published, user: str, _: Path) -> None:
    assert status(client, remember(client, user)) == "completed"


@check()
def add_feedback(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    data = ok(
        client.call(
            "add_feedback",
            user_id=user,
            conversation_id="talk",
            feedback_content="Replace cello with viola",
        )
    )
    assert (data["success"], data["status"]) == (True, "running")
    until(
        lambda: status(client, data["task_id"]) == "completed",
        "the end of the feedback, in a form that this release reads",
    )
    until(
        lambda: any("viola" in row["memory_value"] for row in memories(client, user)),
        "the correction",
    )
    assert not any("cello" in row["memory_value"] for row in memories(client, user))


@check()
def delete_memory(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    ids = [row["id"] for row in memories(client, user)]
    assert ok(client.call("delete_memory", user_ids=[user], memory_ids=ids)) == {
        "success": True
    }
    assert (memories(client, user), search(client, user)) == ([], [])


@check()
def update_memory(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    (row,) = memories(client, user)
    assert ok(
        client.call(
            "update_memory",
            memory_id=row["id"],
            content="The user's sister Inês plays the oboe.",
        )
    ) == {"success": True}
    assert [row["memory_value"] for row in memories(client, user)] == [
        "The user's sister Inês plays the oboe."
    ]


@check()
def extract_memory(client: Published, user: str, _: Path) -> None:
    data = ok(
        client.call(
            "extract_memory",
            messages=[{"role": "user", "content": SAID}],
            extraction_types=["memory"],
        )
    )
    assert (
        data["success"] is True
        and "cello" in data["memory_detail_list"][0]["memory_value"]
    )
    assert memories(client, user) == []


@check()
def rerank(client: Published, _: str, __: Path) -> None:
    documents = [
        "Tax forms are due in May.",
        "The dog sleeps in the kitchen with the cat.",
    ]
    answer = client.call(
        "rerank", query="Where do the pets sleep?", documents=documents, top_n=2
    )
    assert [row["index"] for row in answer["results"]] == [1, 0]
    assert answer["results"][0]["document"] == {"text": documents[1]}


@check()
def bind_profile_template(client: Published, user: str, _: Path) -> None:
    assert ok(
        client.call(
            "bind_profile_template",
            bind_list=[{"user_id": user, "profile_template_id": "t"}],
        )
    ) == {"success": True}


@check()
def edit_profile(client: Published, user: str, _: Path) -> None:
    city = {"city": {"value": "Porto", "algorithm_updatable": False}}
    assert ok(
        client.call(
            "edit_profile", profile_template_id="t", user_id=user, metadata=city
        )
    ) == {"success": True}
    assert [row["memory_value"] for row in memories(client, user)] == ["city: Porto"]


@check()
def delete_profile(client: Published, user: str, _: Path) -> None:
    client.call(
        "edit_profile",
        profile_template_id="t",
        user_id=user,
        metadata={"city": {"value": "Porto"}},
    )
    assert ok(client.call("delete_profile", profile_template_id="t", user_id=user)) == {
        "success": True
    }
    assert memories(client, user) == []


@check()
def chat(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    data = ok(
        client.call(
            "chat",
            user_id=user,
            conversation_id="talk",
            query="Which instrument does my sister play?",
            add_message_on_answer=False,
        )
    )
    assert "cello" in data["response"]


@check("chat (events)")
def chat_events(client: Published, user: str, _: Path) -> None:
    remember(client, user)
    query = "Which instrument does my sister play?"
    lines = client.call(
        "chat",
        user_id=user,
        conversation_id="talk",
        query=query,
        add_message_on_answer=False,
        stream=True,
    )
    events = [json.loads(line) for line in lines]
    assert "cello" in "".join(
        event["data"] for event in events if event["type"] == "text"
    )
    assert events[-1] == {"type": "end", "data": ""}


def offered(client: Published, name: str) -> bool:
    """Whether this release has what the check calls."""
    return method(name) in client.methods() and not (
        name == "chat (events)" and client.release in OLD
    )
