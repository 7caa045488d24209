"""Errors of the client, translated at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_core import PydanticSerializationError
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from shared.errors import BadRequest, NotSupported, SouvenirError, Unavailable

_TOO_BUSY = (408, 425, 429)
_NOT_DONE = 501


@contextmanager
def translated() -> Iterator[None]:
    """No answer, or one that says "later": Unavailable. 501: NotSupported. Text that is
    no Unicode: BadRequest.

    Other refusals (4xx) are mistakes of ours and go through as they are.
    """
    try:
        yield
    except ResponseHandlingException as error:
        raise Unavailable(
            f"the vector store does not answer: {error.source!r}"
        ) from error
    except ResourceExhaustedResponse as error:
        raise Unavailable(f"the vector store is too busy: {error}") from error
    except UnexpectedResponse as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error
    except PydanticSerializationError as error:
        raise BadRequest("text that is not valid Unicode") from error


def _meaning(error: UnexpectedResponse) -> SouvenirError | None:
    status = error.status_code or 0
    words = error.content.decode(errors="replace")[:300]
    if status == _NOT_DONE:
        return NotSupported(f"the vector store cannot do this: {words}")
    if status >= 500 or status in _TOO_BUSY:
        return Unavailable(f"the vector store answers {status}: {words}")
    return None
