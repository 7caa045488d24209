"""A server that is a function, and both clients on it."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx

from souvenir_client import AsyncClient, Client

Answer = httpx.Response | Exception


class Server:
    """Gives its answers one after another, the last one over and over; keeps what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(
            answer.status_code, content=answer.content, headers=answer.headers
        )


class Sync:
    """The blocking client on a server; `do` calls a method."""

    def __init__(
        self, server: Server, url: str = "http://memory.test", key: str = "k"
    ) -> None:
        self.client = Client(
            url, key, pauses=(0, 0), transport=httpx.MockTransport(server)
        )

    def do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        result = getattr(self.client, method)(*args, **kwargs)
        return list(result) if inspect.isgenerator(result) else result


class Async:
    """The other one."""

    def __init__(
        self, server: Server, url: str = "http://memory.test", key: str = "k"
    ) -> None:
        self.client = AsyncClient(
            url, key, pauses=(0, 0), transport=httpx.MockTransport(server)
        )

    def do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        async def done() -> Any:
            result = getattr(self.client, method)(*args, **kwargs)
            return (
                [item async for item in result]
                if inspect.isasyncgen(result)
                else await result
            )

        return asyncio.run(done())


Build = Callable[..., Sync | Async]


def ok(data: Any, code: int = 0) -> httpx.Response:
    return httpx.Response(200, json={"code": code, "message": "ok", "data": data})


def no(status: int, code: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": message, "data": None})


def events(*given: Any) -> httpx.Response:
    text = "".join(
        f"event: message\ndata: {json.dumps(item)}\n\n"
        if isinstance(item, dict)
        else item
        for item in given
    )
    return httpx.Response(
        200, content=text.encode(), headers={"Content-Type": "text/event-stream"}
    )


ADDED = ok({"success": True, "task_id": "t", "status": "running"})
