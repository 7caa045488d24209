"""Errors of the client, translated at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_core import PydanticSerializationError
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from shared.errors import BadRequest, NotSupported, Unavailable

_TOO_BUSY = (408, 425, 429)
"""HTTP statuses that ask for another try later."""
_NOT_IMPLEMENTED = 501
_MESSAGE_CHARACTERS = 300
"""Of an answer's body, as much as goes into an error message."""
_VECTORS_GONE = "Not existing vector name"
"""What is answered to the vectors of an embedder that is not used any more."""


@contextmanager
def translated() -> Iterator[None]:
    """No answer, or one that says "later": Unavailable; also where the embedder has been
    changed and this process does not know it yet. 501: NotSupported. Text that is
    no Unicode: BadRequest.

    Other refusals (4xx) are programming mistakes and go through as they are.
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
        status = error.status_code or 0
        message = error.content.decode(errors="replace")[:_MESSAGE_CHARACTERS]
        if status == _NOT_IMPLEMENTED:
            raise NotSupported(f"the vector store cannot do this: {message}") from error
        if _VECTORS_GONE in message:
            raise Unavailable(
                f"the store has the vectors of another embedder now: {message}"
            ) from error
        if status >= 500 or status in _TOO_BUSY:
            raise Unavailable(
                f"the vector store answers {status}: {message}"
            ) from error
        raise
    except PydanticSerializationError as error:
        raise BadRequest("text that is not valid Unicode") from error
