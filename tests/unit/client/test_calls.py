"""Requests as values: what is sent where, and how answers are read."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from souvenir_client import AsyncClient, Client, calls
from souvenir_client.calls import Call, Task
from souvenir_client.http_exchange import request_arguments

SAID = [{"role": "user", "content": "hi"}]


@pytest.mark.parametrize(
    "call, path, body",
    [
        (
            calls.add("hi", "ann"),
            "/add/message",
            {"messages": SAID, "user_id": "ann", "async_mode": True},
        ),
        (
            calls.add(
                SAID,
                "ann",
                "c",
                wait=True,
                tags=["t"],
                info={"a": 1},
                agent_id="g",
                app_id="p",
                allow_public=True,
                allow_knowledgebase_ids=["k"],
                source="s",
            ),
            "/add/message",
            {
                "messages": SAID,
                "user_id": "ann",
                "conversation_id": "c",
                "async_mode": False,
                "tags": ["t"],
                "info": {"a": 1},
                "agent_id": "g",
                "app_id": "p",
                "allow_public": True,
                "allow_knowledgebase_ids": ["k"],
                "source": "s",
            },
        ),
        (calls.search("q", "ann"), "/search/memory", {"query": "q", "user_id": "ann"}),
        (
            calls.search(
                "q",
                "ann",
                "c",
                memory_limit_number=3,
                relativity=0,
                include_skill=True,
                filter={"and": []},
                knowledgebase_ids=["all"],
            ),
            "/search/memory",
            {
                "query": "q",
                "user_id": "ann",
                "conversation_id": "c",
                "memory_limit_number": 3,
                "relativity": 0,
                "include_skill": True,
                "filter": {"and": []},
                "knowledgebase_ids": ["all"],
            },
        ),
        (
            calls.get("ann", "c", message_limit_number=2),
            "/get/message",
            {"user_id": "ann", "conversation_id": "c", "message_limit_number": 2},
        ),
        (
            calls.chat("q", "ann", "c", model_name="m"),
            "/chat",
            {"query": "q", "user_id": "ann", "conversation_id": "c", "model_name": "m"},
        ),
        (
            calls.memories("ann", page=2, size=50, include_preference=False),
            "/get/memory",
            {"user_id": "ann", "page": 2, "size": 50, "include_preference": False},
        ),
        (calls.memory("m1"), "/get/memory/m1", {}),
        (calls.memory("a/b?c"), "/get/memory/a%2Fb%3Fc", {}),
        (calls.status("t1"), "/get/status", {"task_id": "t1"}),
        (calls.delete(["m1"]), "/delete/memory", {"memory_ids": ["m1"]}),
        (calls.delete(user_id="ann"), "/delete/memory", {"user_id": "ann"}),
        (
            calls.update("m1", content="new"),
            "/update/memory",
            {"memory_id": "m1", "content": "new"},
        ),
        (
            calls.feedback("no, Rome", "ann", "c"),
            "/add/feedback",
            {"feedback_content": "no, Rome", "user_id": "ann", "conversation_id": "c"},
        ),
        (
            calls.extract("hi", extraction_types=["memory"]),
            "/extract/memory",
            {"messages": SAID, "extraction_types": ["memory"]},
        ),
        (
            calls.rerank("q", ["a", "b"], top_n=1),
            "/rerank",
            {"query": "q", "documents": ["a", "b"], "top_n": 1},
        ),
        (calls.users(), "/list/user", {}),
        (
            calls.export("ann", after="fact:200"),
            "/export/memory",
            {"user_id": "ann", "after": "fact:200"},
        ),
        (
            calls.import_("ann", [{"record": "memory"}]),
            "/import/memory",
            {"user_id": "ann", "records": [{"record": "memory"}]},
        ),
        (
            calls.create_knowledgebase("k", "d"),
            "/create/knowledgebase",
            {"knowledgebase_name": "k", "knowledgebase_description": "d"},
        ),
        (
            calls.delete_knowledgebase("k"),
            "/delete/knowledgebase",
            {"knowledgebase_id": "k"},
        ),
        (
            calls.add_knowledgebase_file("k", ["https://example.com/a.pdf"]),
            "/add/knowledgebase-file",
            {
                "knowledgebase_id": "k",
                "file": [{"content": "https://example.com/a.pdf", "name": "a.pdf"}],
            },
        ),
        (
            calls.get_knowledgebase_file(["f"]),
            "/get/knowledgebase-file",
            {"file_ids": ["f"]},
        ),
        (
            calls.delete_knowledgebase_file(["f"]),
            "/delete/knowledgebase-file",
            {"file_ids": ["f"]},
        ),
        (
            calls.create_key("ci", scopes=["read"], user_id="ann", expires_at=5),
            "/project/keys",
            {"name": "ci", "scopes": ["read"], "user_id": "ann", "expires_at": 5},
        ),
        (
            calls.rotate_key("a/b", overlap_s=60.0),
            "/project/keys/a%2Fb/rotate",
            {"overlap_s": 60.0},
        ),
        (
            calls.revoke_key("k", project="p"),
            "/project/keys/k/revoke",
            {"project": "p"},
        ),
        (calls.keys(project="p"), "/project/keys", {"project": "p"}),
        (
            calls.audit(user_id="ann", limit=5),
            "/project/audit",
            {"user_id": "ann", "limit": 5},
        ),
        (calls.quota(), "/project/quota", {}),
        (calls.set_quota(memories=0), "/project/quota", {"memories": 0}),
    ],
)
def test_what_is_sent_where(call: Call[Any], path: str, body: dict[str, Any]) -> None:
    assert (call.path, call.body) == (path, body)


def test_only_one_memory_is_asked_for_with_get() -> None:
    assert calls.memory("m1").method == "GET"
    assert calls.search("q", "ann").method == "POST"


def test_a_quota_is_put_as_json() -> None:
    sent = request_arguments(calls.set_quota(memories=5, project="p"))
    assert sent["method"] == "PUT"
    assert json.loads(sent["content"]) == {"memories": 5, "project": "p"}
    assert request_arguments(calls.keys())["params"] == {}


@pytest.mark.parametrize(
    "call, data, expected",
    [
        (
            calls.add("hi", "ann"),
            {"success": True, "task_id": "t", "status": "running"},
            ("t", "running", 0, "", False),
        ),
        (
            calls.status("t"),
            {"task_id": "t", "status": "completed"},
            ("t", "completed", 0, "", True),
        ),
        (
            calls.status("t"),
            [{"task_id": "t", "status": "completed"}],
            ("t", "completed", 0, "", True),
        ),
        (
            calls.status("t"),
            {
                "task_id": "t",
                "status": "failed",
                "error_code": 50104,
                "error_message": "large",
            },
            ("t", "failed", 50104, "large", True),
        ),
        (
            calls.feedback("x", "ann"),
            {"success": True, "task_id": "t", "status": "running"},
            ("t", "running", 0, "", False),
        ),
    ],
)
def test_tasks_are_read(call: Call[Task], data: Any, expected: tuple[Any, ...]) -> None:
    task = call.read(data)
    assert (
        task.task_id,
        task.status,
        task.error_code,
        task.error_message,
        task.ended,
    ) == expected


@pytest.mark.parametrize(
    "call, data, expected",
    [
        (calls.get("ann"), {"message_detail_list": SAID}, SAID),
        (calls.chat("q", "ann"), {"response": "r"}, "r"),
        (calls.delete(["m"]), {"success": True}, True),
        (calls.users(), {"user_id_list": ["a"]}, ["a"]),
        (calls.create_knowledgebase("k"), {"id": "k1"}, "k1"),
        (calls.add_knowledgebase_file("k", []), [{"id": "f"}], [{"id": "f"}]),
        (
            calls.get_knowledgebase_file(["f"]),
            {"file_detail_list": [{"id": "f"}]},
            [{"id": "f"}],
        ),
        (calls.rerank("q", []), {"results": [{"index": 0}]}, [{"index": 0}]),
    ],
)
def test_answers_are_read(call: Call[Any], data: Any, expected: Any) -> None:
    assert call.read(data) == expected


def test_lists_that_are_turned_off_are_empty() -> None:
    result = calls.search("q", "ann").read(
        {
            "memory_detail_list": [{"id": "m"}],
            "preference_detail_list": None,
            "preference_note": None,
        }
    )
    assert (
        result.memories,
        result.preferences,
        result.tools,
        result.skills,
        result.preference_note,
    ) == ([{"id": "m"}], [], [], [], "")


def test_every_add_has_a_key_of_its_own() -> None:
    keys = {
        call.headers["Idempotency-Key"]
        for call in (
            calls.add("hi", "ann"),
            calls.add("hi", "ann"),
            calls.feedback("hi", "ann"),
        )
    }
    assert len(keys) == 3


def test_what_must_not_be_done_twice_is_known() -> None:
    once = (
        calls.chat("q", "a"),
        calls.delete(["m"]),
        calls.create_knowledgebase("k"),
        calls.add_knowledgebase_file("k", []),
    )
    again = (
        calls.add("q", "a"),
        calls.search("q", "a"),
        calls.status("t"),
        calls.import_("a", []),
    )
    assert [call.idempotent for call in (*once, *again)] == [False] * 4 + [True] * 4


def test_a_file_is_sent_along(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"\x00key")
    expected = {
        "file_data": base64.b64encode(b"\x00key").decode(),
        "filename": "note.txt",
    }
    assert (
        calls.file_part(path)["file"] == calls.file_part(str(path))["file"] == expected
    )
    assert calls.file_part(b"\x00key", "note.txt")["file"] == expected
    assert calls.file_part(b"\x00key")["file"] == {"file_data": expected["file_data"]}
    assert calls.file_part("https://example.com/a.pdf") == {
        "type": "file",
        "file": {"file_data": "https://example.com/a.pdf"},
    }


def test_a_word_may_go_with_a_file() -> None:
    (message,) = calls.upload_file(b"x", "ann", "c", text="my notes").body["messages"]
    assert [part["type"] for part in message["content"]] == ["text", "file"]
    (message,) = calls.upload_file(b"x", "ann").body["messages"]
    assert [part["type"] for part in message["content"]] == ["file"]


def test_the_former_name_of_import_goes_on_working() -> None:
    assert calls.bring_in is calls.import_
    assert Client.bring_in is Client.import_
    assert AsyncClient.bring_in is AsyncClient.import_
