"""Lists that the client reads page by page while others change them: what is there all
the while is in what it gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from souvenir_client import Client
from souvenir_client.knowledge_commands import all_files
from tests.unit.client.framework_stubs import adapter
from tests.unit.client.servers import ok

Meanwhile = Callable[["Lists"], None]


class Lists:
    """A server with files, the oldest first, and memories, the newest first. `meanwhile`
    happens after the first page of either.
    """

    def __init__(self, meanwhile: Meanwhile) -> None:
        self.files = [{"id": f"file {number}"} for number in range(250)]
        self.memories = [_memory(str(number), 1000 - number) for number in range(120)]
        self._meanwhile: Meanwhile | None = meanwhile

    @property
    def client(self) -> Client:
        return Client("http://h", "k", pauses=(), transport=httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.read())
        answer = self._files(body) if "page_size" in body else self._memories(body)
        if self._meanwhile:
            self._meanwhile(self)
            self._meanwhile = None
        return answer

    def _files(self, body: dict[str, Any]) -> httpx.Response:
        first = (body["page"] - 1) * body["page_size"]
        page = self.files[first : first + body["page_size"]]
        return ok({"file_detail_list": page, "total": len(self.files)})

    def _memories(self, body: dict[str, Any]) -> httpx.Response:
        fitting = [m for m in self.memories if _fits(m, body["filter"]["and"])]
        first, size = (body["page"] - 1) * body["size"], body["size"]
        page, pages = fitting[first : first + size], -(-len(fitting) // size)
        return ok({"memory_detail_list": page, "pages": pages})


def _memory(key: str, at: int) -> dict[str, Any]:
    info = {
        "store_place": json.dumps(["notes", key]),
        "store_version": str(at),
        "store_value": "{}",
        "store_created": "2026-01-01T00:00:00+00:00",
        "store_order": str(at),
    }
    return {"id": f"{key} of {at}", "create_time": at, "info": info}


def _fits(memory: dict[str, Any], conditions: list[dict[str, Any]]) -> bool:
    bounds = [c["create_time"]["lte"] for c in conditions if "create_time" in c]
    return all(memory["create_time"] <= bound for bound in bounds)


def goes(lists: Lists) -> None:
    del lists.files[0], lists.memories[0]


def is_put_again(lists: Lists) -> None:
    """Of the last page: its new version is the newest, the former one goes."""
    lists.memories.insert(0, _memory("119", 2000))
    lists.memories.pop()


@pytest.mark.parametrize("meanwhile", [goes, is_put_again])
def test_items_of_a_store(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Meanwhile
) -> None:
    module, lists = adapter("langgraph_store", monkeypatch), Lists(meanwhile)
    stored = module.SouvenirStore(lists.client, "ana")._stored({})
    keys = {entry.item.key for entry in stored}
    assert keys == {str(number) for number in range(120)}


def test_items_of_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a page has."""
    module, lists = adapter("langgraph_store", monkeypatch), Lists(goes)
    lists.memories = [_memory(str(number), 7) for number in range(120)]
    stored = module.SouvenirStore(lists.client, "ana")._stored({})
    assert len({entry.item.key for entry in stored}) >= 119


def test_files_of_a_knowledge_base() -> None:
    lists = Lists(goes)
    files = all_files(lists.client, "base")
    assert [file["id"] for file in files] == [f"file {n}" for n in range(1, 250)]
