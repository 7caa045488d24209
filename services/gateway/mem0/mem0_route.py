"""Routes whose errors have mem0's form: `detail` is what its clients show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.mem0 import SENT_IN_VAIN
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.wire.foreign_route import ForeignRoute, kept_headers
from services.http import Json
from shared.errors import BadRequest

_UNPROCESSABLE, _BAD_REQUEST = 422, 400
_OF_EVERY_CLIENT = ("org_id", "project_id")
"""In the query of a deletion; there is one project a key."""


M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], given: Any) -> M:
    """What a client sent, read by a model. Raises `RequestValidationError`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def remarked(
    context: RequestContext,
    answer: Mapping[str, Any],
    *requests: RemarkedRequest,
    status: int = 200,
) -> Json:
    """An object with what there is to say of it and of how the requests were sent, which is
    Souvenir's own: published clients pass over keys that they do not know.
    """
    of_requests = chain.from_iterable(request.remarks() for request in requests)
    remarks = list(dict.fromkeys((*of_requests, *context.remarks)))
    return Json({**answer, **({"remarks": remarks} if remarks else {})}, status)


def bare(
    context: RequestContext, items: Sequence[Any], *requests: RemarkedRequest
) -> Json:
    """A list: what there is to say of how the requests were sent stands in the header."""
    for request in requests:
        context.remarks.extend(request.remarks())
    return Json(items)


def refuse_further(given: Iterable[str], served: Iterable[str] = ()) -> None:
    """Of a deletion: `given` may narrow it by what is `served`. Raises `BadRequest` for
    all else but what every client sends: passed over it would narrow nothing.
    """
    unknown = sorted({*given} - {*served, *_OF_EVERY_CLIENT})
    if unknown:
        raise BadRequest(f"{', '.join(unknown)}: cannot be deleted by")


class Mem0Route(ForeignRoute):
    """A route of mem0's dialect."""

    sent_in_vain = SENT_IN_VAIN

    def in_its_form(self, refusal: Response) -> Json:
        """The message as `detail` and as `error`, the contract's code beside. A request
        that its model refuses is a 400 there.
        """
        envelope = json.loads(bytes(refusal.body))
        status = refusal.status_code
        return Json(
            {
                "detail": envelope["message"],
                "error": envelope["message"],
                "code": envelope["code"],
            },
            status_code=_BAD_REQUEST if status == _UNPROCESSABLE else status,
            headers=kept_headers(refusal),
        )
