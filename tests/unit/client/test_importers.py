"""What other systems export, in small files of their shapes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from souvenir_client import Client
from souvenir_client.import_files import read_file, read_text
from souvenir_client.import_talks import import_talks
from souvenir_client.importers.contents import Contents, Conversation, SaidMessage

AT = 1736935200000  # 2025-01-15 10:00 UTC
ISO = "2025-01-15T10:00:00+00:00"


def read(document: Any) -> Contents:
    return read_text(json.dumps(document, ensure_ascii=False))


def said(contents: Contents) -> list[tuple[str, str, str]]:
    return [
        (message.role, message.text, message.said_at)
        for talk in contents.conversations
        for message in talk.messages
    ]


def node(
    id: str, parent: str | None, role: str, *parts: Any, **message: Any
) -> dict[str, Any]:
    content = {"content_type": "text", "parts": list(parts)}
    return {
        "id": id,
        "parent": parent,
        "children": [],
        "message": {
            "id": id,
            "author": {"role": role},
            "create_time": AT / 1000,
            "content": content,
            "recipient": "all",
            **message,
        },
    }


CHATGPT = {
    "conversation_id": "c1",
    "title": "Trip",
    "create_time": AT / 1000,
    "current_node": "e",
    "mapping": {
        "root": {"id": "root", "parent": None, "children": ["a"], "message": None},
        "a": node("a", "root", "system", "You are helpful."),
        "b": node("b", "a", "user", "我住在里斯本。"),
        "old": node("old", "b", "assistant", "An answer that was asked for again."),
        "hidden": node(
            "hidden",
            "b",
            "user",
            "x",
            metadata={"is_visually_hidden_from_conversation": True},
        ),
        "tool": node("tool", "hidden", "assistant", "search()", recipient="browser"),
        "d": node("d", "tool", "assistant", "Nice."),
        "e": node("e", "d", "user", {"asset_pointer": "file"}, "And I like tea."),
    },
}
CLAUDE = {
    "uuid": "k1",
    "name": "Plans",
    "created_at": "2025-01-15T09:00:00Z",
    "chat_messages": [
        {
            "uuid": "m1",
            "sender": "human",
            "text": "old field",
            "content": [
                {"type": "text", "text": "Ich ziehe nach Graz."},
                {"type": "tool_use", "name": "x"},
            ],
            "created_at": "2025-01-15T10:00:00.000000Z",
            "attachments": [{"file_name": "a.txt", "extracted_content": "The lease."}],
        },
        {"uuid": "m2", "sender": "assistant", "text": "Gut.", "content": []},
    ],
}
NOTES = {
    "conversations_memory": "**Work context**\n\nAna is a nurse.\n\n## Home\nShe has a cat.",
    "project_memories": {"p1": "The garden project."},
    "account_uuid": "a",
}


def test_the_branch_that_was_seen_last_without_what_was_not_said() -> None:
    contents = read([CHATGPT, {**CHATGPT, "mapping": {}, "current_node": None}])
    assert contents.format == "ChatGPT"
    assert said(contents) == [
        ("user", "我住在里斯本。", ISO),
        ("assistant", "Nice.", ISO),
        ("user", "And I like tea.", ISO),
    ]
    assert (contents.conversations[0].id, contents.conversations[0].title) == (
        "chatgpt-c1",
        "Trip",
    )
    assert contents.left_out == {"conversations without words": 1}


def test_a_tree_that_bites_its_tail_ends() -> None:
    mapping = {"a": node("a", "b", "user", "x"), "b": node("b", "a", "user", "y")}
    contents = read([{**CHATGPT, "mapping": mapping, "current_node": "a"}])
    assert [text for _, text, _ in said(contents)] == ["y", "x"]


def test_claudes_conversations_and_notes() -> None:
    contents = read([CLAUDE])
    assert contents.format == "Claude"
    assert said(contents) == [
        ("user", "Ich ziehe nach Graz.\n\n[a.txt]\nThe lease.", ISO),
        ("assistant", "Gut.", "2025-01-15T09:00:00+00:00"),
    ]
    notes = read([NOTES]).records
    assert [(row.get("title"), row["text"]) for row in notes] == [
        ("Work context", "Ana is a nurse."),
        ("Home", "She has a cat."),
        (None, "The garden project."),
    ]
    assert notes == read([NOTES]).records and len({row["id"] for row in notes}) == 3


def test_the_archive_that_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("conversations.json", json.dumps([CLAUDE]))
        archive.writestr("memories.json", json.dumps([NOTES]))
        archive.writestr("users.json", "[]")
    contents = read_file(file)
    assert (len(contents.conversations), len(contents.records)) == (1, 3)


def test_an_archive_without_conversations(tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.json", "{}")
    with pytest.raises(ValueError, match=r"no conversations\.json"):
        read_file(file)


def test_lettas_blocks_and_messages() -> None:
    packed = json.dumps(
        {"type": "user_message", "message": "I have a dog.", "time": ISO}
    )
    agent = {
        "name": "sam",
        "messages": [
            {"id": "message-0", "role": "system", "content": "prompt"},
            {
                "id": "message-1",
                "role": "user",
                "content": [{"type": "text", "text": packed}],
            },
            {"id": "message-2", "role": "user", "content": '{"type": "heartbeat"}'},
            {
                "id": "message-3",
                "role": "assistant",
                "content": "thinking",
                "tool_calls": [
                    {
                        "function": {
                            "name": "send_message",
                            "arguments": '{"message": "Woof."}',
                        }
                    }
                ],
            },
        ],
    }
    blocks = [
        {"id": "block-0", "label": "persona", "value": "I am Sam."},
        {"id": "block-1", "label": "human", "value": "Name: Ana.\n\nLikes tea."},
    ]
    contents = read({"agents": [agent], "blocks": blocks, "created_at": ISO})
    assert contents.format == "Letta"
    assert [(row["text"], row["created_at"]) for row in contents.records] == [
        ("Name: Ana.", AT),
        ("Likes tea.", AT),
    ]
    assert said(contents) == [
        ("user", "I have a dog.", ISO),
        ("assistant", "Woof.", ""),
    ]
    old = {"agent_type": "memgpt_agent", "core_memory": blocks, "messages": []}
    assert len(read(old).records) == 2


def test_memobases_profiles_and_events() -> None:
    slot = {
        "id": "s1",
        "content": "nurse",
        "attributes": {"topic": "work", "sub_topic": "job_title"},
        "created_at": ISO,
        "updated_at": ISO,
    }
    contents = read({"data": {"profiles": [slot]}, "errno": 0, "errmsg": ""})
    assert contents.format == "Memobase"
    (row,) = contents.records
    assert (row["text"], row["title"], row["created_at"]) == (
        "job title: nurse",
        "work / job title",
        AT,
    )
    event = {
        "id": "e1",
        "created_at": ISO,
        "event_data": {"event_tip": "Ana moved.", "profile_delta": []},
    }
    bare = {"id": "e2", "created_at": ISO, "event_data": {"profile_delta": [slot]}}
    assert [
        row["text"] for row in read({"data": {"events": [event, bare]}}).records
    ] == [
        "Ana moved.",
        "job title: nurse",
    ]


def test_zeps_facts_those_that_ended_archived() -> None:
    edge = {
        "uuid": "z1",
        "fact": "Ana lives in Graz",
        "name": "LIVES_IN",
        "source_node_uuid": "a",
        "target_node_uuid": "b",
        "created_at": ISO,
        "valid_at": "2024-01-15T10:00:00Z",
        "invalid_at": None,
    }
    over = {**edge, "uuid": "z2", "fact": "Ana lives in Rome", "invalid_at": ISO}
    person = {
        "uuid": "n",
        "name": "Ana",
        "summary": "A nurse.",
        "labels": [],
        "created_at": ISO,
    }
    contents = read({"user_id": "ana", "edges": [edge, over], "nodes": [person]})
    assert contents.format == "Zep"
    assert [
        (row["text"], row.get("status"), row["user_id"]) for row in contents.records
    ] == [
        ("Ana lives in Graz", None, "ana"),
        ("Ana lives in Rome", "archived", "ana"),
        ("Ana: A nurse.", None, "ana"),
    ]
    assert contents.records[0]["happened_at"] < contents.records[0]["created_at"] == AT
    messages = [
        {
            "uuid": "2",
            "role_type": "assistant",
            "content": "Hi.",
            "created_at": "2025-01-15T10:01:00Z",
        },
        {"uuid": "1", "role_type": "user", "content": "Hello", "created_at": ISO},
    ]
    assert [text for _, text, _ in said(read({"messages": messages}))] == [
        "Hello",
        "Hi.",
    ]


def test_the_dumps_of_memos() -> None:
    item = {
        "id": "8a5c1d0e-0000-4000-8000-000000000001",
        "memory": "用户住在里斯本。",
        "metadata": {
            "memory_type": "UserMemory",
            "status": "activated",
            "key": "住处",
            "tags": ["home"],
            "confidence": 99.0,
            "created_at": ISO,
            "updated_at": ISO,
            "user_id": "ana",
        },
    }
    working = {**item, "metadata": {**item["metadata"], "memory_type": "WorkingMemory"}}  # type: ignore[dict-item]
    gone = {**item, "metadata": {**item["metadata"], "status": "deleted"}}  # type: ignore[dict-item]
    for dump in (
        {"nodes": [item, working, gone], "edges": []},
        [
            {"id": item["id"], "vector": [0.1], "payload": entry}
            for entry in (item, working, gone)
        ],
    ):
        contents = read(dump)
        assert contents.format == "MemOS"
        (row,) = contents.records
        assert (row["text"], row["type"], row["title"]) == (
            "用户住在里斯本。",
            "UserMemory",
            "住处",
        )
        assert (row["confidence"], row["created_at"], row["user_id"]) == (
            0.99,
            AT,
            "ana",
        )
        assert contents.left_out == {"working memory": 1, "deleted memories": 1}
    page = {
        "memory_detail_list": [{"id": "1", "memory_value": "x", "create_time": AT}],
        "preference_detail_list": [
            {
                "id": "2",
                "preference": "tea",
                "preference_type": "implicit_preference",
                "reasoning": "r",
                "create_time": AT,
            }
        ],
    }
    rows = read({"code": 0, "data": page}).records
    assert [(row["text"], row["type"]) for row in rows] == [
        ("x", "LongTermMemory"),
        ("tea", "implicit_preference"),
    ]


def test_others_are_still_what_they_were() -> None:
    assert read([{"id": "1", "memory": "x", "metadata": {"a": 1}}]).format == "mem0"
    assert read({"results": [{"memory": "x"}]}).format == "mem0"
    assert read([{"record": "memory", "text": "x"}]).format == "Souvenir"
    assert (
        read_text(
            '{"record": "memory", "text": "x"}\n{"record": "memory", "text": "y"}'
        ).format
        == "Souvenir"
    )


def test_what_is_no_export_is_refused() -> None:
    with pytest.raises(ValueError, match="ChatGPT"):
        read([{"colour": "red"}])


class Server:
    """Keeps messages as Souvenir does and completes every task at once."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.adds = 0
        self.busy = 0
        self.broken_after = 1000

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        route = request.url.path.removeprefix("/api/openmem/v1")
        if route == "/get/status":
            return self._data({"task_id": body["task_id"], "status": "completed"})
        key = (body["user_id"], body["conversation_id"])
        if route == "/get/message":
            latest = self.messages.get(key, [])[-body["message_limit_number"] :]
            return self._data({"message_detail_list": latest})
        if self.busy:
            self.busy -= 1
            return httpx.Response(429, json={"code": 40300, "message": "later"})
        if self.adds >= self.broken_after:
            return httpx.Response(500, json={"code": 50000, "message": "broken off"})
        if "refuse me" in body["messages"][0]["content"]:
            return httpx.Response(400, json={"code": 40013, "message": "too long"})
        self.adds += 1
        self.messages.setdefault(key, []).extend(body["messages"])
        return self._data({"task_id": f"t{self.adds}", "status": "running"})

    @staticmethod
    def _data(data: Any) -> httpx.Response:
        return httpx.Response(200, json={"code": 0, "message": "ok", "data": data})

    def client(self) -> Client:
        transport = httpx.MockTransport(self)
        return Client("http://test", "k", transport=transport, pauses=(0.0, 0.0))


def talk(count: int, text: str = "words", id: str = "c") -> Conversation:
    messages = (SaidMessage(f"m{at}", "user", text, ISO) for at in range(count))
    return Conversation(id, "title", tuple(messages))


def test_talks_come_with_their_days_and_twice_is_once() -> None:
    server = Server()
    read = import_talks(server.client(), [talk(45)], "ana", "chatgpt")
    assert (read.new, read.messages, server.adds) == (1, 45, 3)
    sent = server.messages["ana", "c"]
    assert [message["imported_id"] for message in sent] == [
        f"m{at}" for at in range(45)
    ]
    assert {message["chat_time"] for message in sent} == {ISO}
    again = import_talks(server.client(), [talk(45)], "ana", "chatgpt")
    assert (again.new, again.unchanged, again.messages, server.adds) == (0, 1, 0, 3)


def test_a_later_export_brings_only_what_is_new() -> None:
    server = Server()
    import_talks(server.client(), [talk(45)], "ana", "chatgpt")
    read = import_talks(server.client(), [talk(120)], "ana", "chatgpt")
    assert (read.continued, read.messages) == (1, 75)
    assert len(server.messages["ana", "c"]) == 120


def test_an_import_that_broke_off_goes_on() -> None:
    server = Server()
    server.broken_after = 2
    with pytest.raises(Exception, match="broken off"):
        import_talks(server.client(), [talk(45)], "ana", "chatgpt")
    server.broken_after = 1000
    import_talks(server.client(), [talk(45)], "ana", "chatgpt")
    names = [message["imported_id"] for message in server.messages["ana", "c"]]
    assert names == [f"m{at}" for at in range(45)]


def test_long_messages_go_in_pieces_and_lose_nothing() -> None:
    server = Server()
    words = " ".join(f"word{at}" for at in range(20_000))
    import_talks(
        server.client(), [talk(1, words), talk(1, "字" * 12_000, "zh")], "ana", "claude"
    )
    pieces = [message["content"] for message in server.messages["ana", "c"]]
    assert len(pieces) > 1 and " ".join(pieces) == words
    assert (
        "".join(message["content"] for message in server.messages["ana", "zh"])
        == "字" * 12_000
    )
    again = import_talks(server.client(), [talk(1, words)], "ana", "claude")
    assert again.unchanged == 1


def test_a_busy_server_is_asked_again() -> None:
    server = Server()
    server.busy = 2
    assert import_talks(server.client(), [talk(1)], "ana", "claude").messages == 1


def test_what_is_refused_or_cut_in_an_emoji_stops_no_other_talk() -> None:
    server = Server()
    talks = [talk(1, text, text) for text in ("a", "refuse me", "cut \ud83d", "b")]
    read = import_talks(server.client(), talks, "ana", "chatgpt")
    assert [each for _, each in server.messages] == ["a", "cut \ud83d", "b"]
    ((_, failed),) = read.failed
    assert (failed.error_message, read.new, read.messages) == ("too long", 3, 3)
