"""Where an answer says what of its request has another effect than it seems to have, or
none: in `data` or beside it, as its form has a place, and always in a header, since a bare
list and a stream have none (contract, section 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.http.envelope import Envelope, Json, Verbatim
from services.http.task_view import Task

HEADER = "X-Souvenir-Remarks"
MOST_CHARACTERS = 2000
"""Of the header: proxies give all headers of an answer 4 kB. Further remarks are counted."""
_SHOWN = 160
"""Characters of one remark in the header."""
_SAFE = " !\"#$&'()*+,/:<=>?@[]^`{|}"
"""What stays as it is in the header: all of ASCII but what parts remarks and escapes."""
_STATE = "remarks"
_SOME = b'"remarks":['


def begin_remarks(request: Request, remarks: list[str]) -> None:
    """What there is to say before a request is read; its route says more."""
    setattr(request.state, _STATE, remarks)


def remarks_of(request: Request) -> list[str]:
    """What there is to say of a request, to be added to while it is answered."""
    remarks: list[str] = getattr(request.state, _STATE, [])
    return remarks


def with_remarks(
    answer: Response, model: Any, of_query: Iterable[str], remarks: Sequence[str]
) -> Response:
    """An answer that says all there is to say; `of_query`: what routes may leave to be
    said here, `remarks`: all that was said while it was made.
    """
    of_query = list(of_query)
    has_room = isinstance(answer, Json) and not isinstance(answer, Verbatim)
    said = _said_within(answer, model, of_query) if has_room else []
    return with_header(answer, list(dict.fromkeys((*said, *remarks))))


def with_header(answer: Response, remarks: Sequence[str]) -> Response:
    """An answer, or a refusal, that says it in its header alone."""
    if remarks:
        answer.headers[HEADER] = header_of(remarks)
    return answer


def _said_within(answer: Response, model: Any, of_query: Sequence[str]) -> list[str]:
    """The remarks that an object has now: its own and those on the query."""
    body = bytes(answer.body)
    if not of_query and _SOME not in body:
        return []
    content = orjson.loads(body)
    if not isinstance(content, dict):
        return []
    holder = content.get("data") if _has_place(model) else content
    if not isinstance(holder, dict):
        holder = content
    said = holder.get("remarks") or []
    unsaid = [remark for remark in of_query if remark not in said]
    if unsaid:
        holder["remarks"] = said = [*unsaid, *said]
        answer.body = orjson.dumps(content)
        answer.headers["Content-Length"] = str(len(answer.body))
    return list(said)


def _has_place(model: Any) -> bool:
    """Whether the data of an answer has a place for remarks on its request. Those of a
    task are on the task.
    """
    if not (isinstance(model, type) and issubclass(model, Envelope)):
        return False
    data = model.model_fields["data"].annotation
    return all(
        "remarks" in getattr(kind, "model_fields", ()) and not issubclass(kind, Task)
        for kind in get_args(data) or (data,)
    )


def header_of(remarks: Sequence[str]) -> str:
    """Remarks as ASCII, parted by "; ", and how many more there are."""
    written, room = list[str](), MOST_CHARACTERS
    for remark in remarks:
        text = quote(remark[:_SHOWN], safe=_SAFE)
        room -= len(text) + 2
        if room < 0:
            return "; ".join([*written, f"and {len(remarks) - len(written)} more"])
        written.append(text)
    return "; ".join(written)
