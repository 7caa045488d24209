"""Every answer is an envelope: a code, a message and the data (contract, section 0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

Data = TypeVar("Data")
PRODUCT = "/product/"


class Envelope(BaseModel, Generic[Data]):
    """A good answer. `code` is 0, under /product it is 200."""

    code: int = Field(
        default=0,
        examples=[0],
        description="0 means success (200 on paths under `/product`), anything else "
        "is a five-digit error code.",
    )
    data: Data = Field(description="What was asked for.")
    message: str = Field(
        default="ok", description='Exactly "ok" on success.', examples=["ok"]
    )
    remarks: list[str] | None = Field(
        default=None,
        description="What of the request has another effect than it seems to have, or "
        "none, where `data` has no place for that. Souvenir's own.",
        exclude_if=lambda value: value is None,
    )


class Failure(BaseModel):
    """A refusal, or what went wrong here."""

    code: int = Field(description="A five-digit error code.", examples=[40002])
    data: None = Field(default=None, description="Always null.")
    message: str = Field(
        description="What was wrong, for people.",
        examples=["user_id: required field missing or empty"],
    )


class Json(Response):
    """JSON by orjson; pydantic models may stand anywhere in the content."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes."""
        return orjson.dumps(content, default=_plain, option=orjson.OPT_NON_STR_KEYS)


class Verbatim(Json):
    """JSON in a form of the client's own: nothing is added to it."""


def answer(
    request: Request,
    data: object,
    message: str = "ok",
    *,
    remarks: Sequence[str] = (),
) -> Json:
    """`data` in an envelope; the code of success depends on the request's path. `remarks`
    stand beside data that has no place for them.
    """
    content = {"code": success_code(request), "data": data, "message": message}
    return Json(content | ({"remarks": remarks} if remarks else {}))


def success_code(request: Request) -> int:
    """200 under /product, else 0."""
    return 200 if request.scope["path"].startswith(PRODUCT) else 0


def failure(
    status: int,
    code: int,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    detail: object = None,
) -> Json:
    """An envelope without data. `detail` is sent only where there is one."""
    content = {"code": code, "data": None, "message": message}
    return Json(
        content if detail is None else {**content, "detail": detail},
        status_code=status,
        headers=headers,
    )


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    raise TypeError(f"{type(value).__name__} is not JSON")
