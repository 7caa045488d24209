"""Records in files: ours and mem0's."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from souvenir_client import Client, transfer
from souvenir_client.transfer import read_records

AT = 1736935200000  # 2025-01-15 10:00 UTC
ENTRY: dict[str, Any] = {
    "id": "m1",
    "memory": "Lives in Lisbon",
    "user_id": "ann",
    "created_at": "2025-01-15T10:00:00Z",
}
RECORD: dict[str, Any] = {
    "record": "memory",
    "id": "m1",
    "type": "LongTermMemory",
    "text": "Lives in Lisbon",
    "user_id": "ann",
    "created_at": AT,
    "updated_at": AT,
    "happened_at": AT,
}


@pytest.mark.parametrize(
    "document",
    [
        [ENTRY],
        {"results": [ENTRY]},
        {"count": 1, "next": None, "previous": None, "results": [ENTRY]},
        {"results": [ENTRY], "relations": []},
        {"memories": [ENTRY]},
        ENTRY,
    ],
)
def test_every_form_of_a_mem0_export(document: Any) -> None:
    assert (
        read_records(json.dumps(document))
        == read_records(json.dumps(document, indent=2))
        == [RECORD]
    )


@pytest.mark.parametrize(
    "entry, expected",
    [
        ({"memory": "x"}, {"text": "x"}),
        ({"content": "x"}, {"text": "x"}),
        ({"data": "x"}, {"text": "x"}),
        ({"text": "x"}, {"text": "x"}),
        (
            {"memory": "x", "agent_id": "g"},
            {"text": "x", "user_id": "agent:g", "agent_id": "g"},
        ),
        (
            {
                "memory": "x",
                "user_id": "u",
                "agent_id": "g",
                "run_id": "r",
                "app_id": "p",
            },
            {
                "text": "x",
                "user_id": "u",
                "agent_id": "g",
                "conversation_id": "r",
                "app_id": "p",
            },
        ),
        (
            {"memory": "x", "metadata": {"a": 1}, "categories": ["food", "health"]},
            {"text": "x", "info": {"a": 1}, "tags": ["food", "health"]},
        ),
        (
            {"memory": "x", "metadata": None, "categories": None, "score": None},
            {"text": "x"},
        ),
        (
            {
                "memory": "x",
                "created_at": "2025-01-15T02:00:00.000000-08:00",
                "updated_at": "2025-01-15T10:00:01",
            },
            {"text": "x", "created_at": AT, "updated_at": AT + 1000, "happened_at": AT},
        ),
        (
            {"memory": "x", "created_at": AT // 1000},
            {"text": "x", "created_at": AT, "updated_at": AT, "happened_at": AT},
        ),
        (
            {"memory": "x", "created_at": AT},
            {"text": "x", "created_at": AT, "updated_at": AT, "happened_at": AT},
        ),
        ({"memory": "x", "created_at": "long ago"}, {"text": "x"}),
    ],
)
def test_what_becomes_of_an_entry(
    entry: dict[str, Any], expected: dict[str, Any]
) -> None:
    owned = {"user_id": "", **expected}
    assert read_records(json.dumps([entry])) == [
        {"record": "memory", "type": "LongTermMemory", **owned}
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"memory": ""},
        {"memory": " "},
        {"memory": None},
        {"memory": "x", "state": "deleted"},
    ],
)
def test_what_holds_nothing_is_left_out(entry: dict[str, Any]) -> None:
    assert read_records(json.dumps({"results": [entry]})) == []


def test_lines_of_ours_and_of_mem0() -> None:
    ours = {
        "record": "message",
        "user_id": "ann",
        "role": "user",
        "text": "one\u2028two",
        "content": "one\u2028two",
    }
    text = json.dumps(ours, ensure_ascii=False) + "\n\n" + json.dumps(ENTRY) + "\r\n"
    assert read_records(text) == [ours, RECORD]
    assert read_records("") == []


@pytest.mark.parametrize(
    "text, where",
    [
        ('{"memory": "x"}\n{"memory"', "line 2 is not JSON"),
        ('{"memory": "x"}\n[1]', "line 2 is no object"),
        ("not JSON", "line 1 is not JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, where: str) -> None:
    with pytest.raises(ValueError, match=where):
        read_records(text)


PAGES: dict[str, Any] = {
    "": (["a", "b"], "message:2"),
    "message:2": ([], "fact:0"),
    "fact:0": (["c"], None),
}


class Server:
    """Three pages of each user and of one knowledge base to export; takes all that is
    imported.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/console/knowledgebases"):
            return self._ok([{"id": "kb", "name": "manuals"}])
        body = json.loads(request.content)
        if request.url.path.endswith("/list/user"):
            return self._ok({"user_id_list": ["ann", "bob"]})
        if request.url.path.endswith("/export/memory"):
            texts, after = PAGES[body.get("after", "")]
            names = ("user_id", "knowledgebase_id")
            whose = {name: body[name] for name in names if name in body}
            return self._ok(
                {
                    "records": [
                        {"record": "memory", **whose, "text": text} for text in texts
                    ],
                    "after": after,
                }
            )
        self.taken.append((body["user_id"], body["records"]))
        return self._ok(
            {"messages": 1, "memories": len(body["records"]) - 1, "known": 2}
        )

    def _ok(self, data: Any) -> httpx.Response:
        return httpx.Response(200, json={"code": 0, "message": "ok", "data": data})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server) -> Client:
    return Client("http://memory.test", "k", transport=httpx.MockTransport(server))


def test_an_export_goes_on_to_the_end(client: Client) -> None:
    assert [record["text"] for record in transfer.export_user(client, "ann")] == [
        "a",
        "b",
        "c",
    ]


def test_a_project_is_all_its_users_and_knowledge_bases(client: Client) -> None:
    out = io.StringIO()
    assert transfer.write_lines(transfer.export_project(client), out) == 9
    assert [
        (record.get("user_id") or record["knowledgebase_id"], record["text"])
        for record in read_records(out.getvalue())
    ] == [(owner, text) for owner in ("ann", "bob", "kb") for text in "abc"]


def test_what_belongs_to_a_knowledge_base_stays_with_it(
    client: Client, server: Server
) -> None:
    records = [
        {"record": "memory", "user_id": "ann", "text": "a"},
        {"record": "memory", "knowledgebase_id": "kb", "text": "b"},
    ]
    transfer.import_records(client, records, "bea")
    assert [(user, rows[0]["text"]) for user, rows in server.taken] == [
        ("bea", "a"),
        (transfer.KNOWLEDGE_OWNER, "b"),
    ]


def test_everybody_gets_their_own(client: Client, server: Server) -> None:
    records = [
        {"record": "memory", "user_id": user, "text": str(number)}
        for number in range(150)
        for user in ("ann", "bob")
    ]
    seen: list[int] = []
    counts = transfer.import_records(client, records, on_batch=seen.append)
    assert [(user, len(batch)) for user, batch in server.taken] == [
        ("ann", 100),
        ("ann", 50),
        ("bob", 100),
        ("bob", 50),
    ]
    assert (counts, seen) == (
        {"messages": 4, "memories": 296, "known": 8},
        [100, 150, 250, 300],
    )


def test_all_can_be_put_under_one_user(client: Client, server: Server) -> None:
    transfer.import_records(
        client,
        [{"record": "memory", "user_id": user, "text": "x"} for user in ("ann", "")],
        "eve",
    )
    assert [(user, len(batch)) for user, batch in server.taken] == [("eve", 2)]


def test_what_is_nobodys_is_refused_before_anything_is_sent(
    client: Client, server: Server
) -> None:
    with pytest.raises(ValueError, match="record 2 names no user"):
        transfer.import_records(client, [RECORD, {**RECORD, "user_id": ""}])
    assert server.taken == []


def test_half_an_emoji_comes_through_a_file(tmp_path: Path) -> None:
    record = {"record": "memory", "text": "cut \ud83d, whole \U0001f600"}
    file = tmp_path / "all.jsonl"
    with file.open("w", encoding="utf-8") as target:
        transfer.write_lines([record], target)
    assert read_records(file.read_text(encoding="utf-8")) == [record]
