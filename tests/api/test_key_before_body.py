"""Large bodies of strangers are not read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.world import KEY, World

MEGABYTE = 1_000_000


class Sent:
    """A body of 3 MB, sent bit by bit, and how many bytes were asked for."""

    def __init__(self) -> None:
        self.asked_for = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        start, end = b'{"user_id": "ana", "messages": [', b"]}"
        yield start
        for _ in range(30):
            self.asked_for += MEGABYTE // 10
            yield b" " * (MEGABYTE // 10)
        yield end


async def _post(
    world: World, path: str, body: Sent, headers: dict[str, str]
) -> httpx.Response:
    return await world.client.post(path, content=body, headers=headers)


@pytest.mark.parametrize("length", ["", str(3 * MEGABYTE + 34)])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/openmem/v1/add/message", "application/json"),
        ("/api/openmem/v1/add/knowledgebase-file", "multipart/form-data; boundary=x"),
        ("/product/add", "application/json"),
        ("/mem0/v1/memories/", "application/json"),
    ],
)
async def test_a_large_body_without_a_key_is_refused_unread(
    world: World, path: str, kind: str, length: str
) -> None:
    for key in ("", "Token wrong"):
        body, headers = Sent(), {"Authorization": key, "Content-Type": kind}
        if length:
            headers["Content-Length"] = length
        answer = await _post(world, path, body, headers)
        assert answer.status_code == 401, answer.text
        assert body.asked_for == 0


async def test_with_a_key_it_is_read(world: World) -> None:
    body = Sent()
    answer = await _post(
        world,
        "/api/openmem/v1/add/message",
        body,
        {"Authorization": f"Token {KEY}", "Content-Type": "application/json"},
    )
    assert body.asked_for == 3 * MEGABYTE
    assert answer.status_code != 401
