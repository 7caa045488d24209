"""What can go wrong, and what to do about it.

    SouvenirError
    ├── Permanent            trying again cannot help; carries a `Code` and an HTTP status
    │   ├── BadRequest       400   the request breaks the contract: MALFORMED, MISSING, EMPTY ...
    │   ├── Unauthorized     401   NO_KEY, WRONG_KEY
    │   ├── Forbidden        403   NOT_YOURS: the caller may not touch it
    │   ├── NotFound         404   NOT_THERE, UNKNOWN_MEMORY, UNKNOWN_TASK ...
    │   ├── KeyUsed          422   an Idempotency-Key that came with another request before
    │   ├── FileRejected     422   one file cannot or must not be read: FILE_UNREADABLE ...
    │   ├── NotSupported     501   a documented thing that this set-up cannot do
    │   ├── ModelRefused     400   a language model does not do what it was asked
    │   │   └── ModelTooLong 400   the request does not fit into its context
    │   ├── ModelMisconfigured 500 wrong key, unknown model: the owner has to act
    │   ├── TookTooLong      504   an answer that was not read in the time that one may take
    │   └── BudgetExhausted  429   the project's tokens of the day or month are used up
    └── Transient            trying again may help: BROKEN, UNAVAILABLE
        ├── Unavailable      503   a service that is needed does not answer
        │   ├── ModelUnavailable   a language model: unreachable, busy or too slow
        │   └── Overloaded         more waits already than may wait in all
        ├── TooMany          429   TOO_MANY_CALLS, TOO_MANY_TOKENS: more than a minute allows,
        │                          or more than may wait of one project
        ├── LeaseLost        503   another worker took the job over; stop, it goes on there
        └── TurnOver         503   a long job makes room; it goes on with what it has saved

Adapters translate the errors of their SDK into these at the edge. Nothing else is
raised on purpose. The codes are members of `shared.contract.Code`.
"""

from __future__ import annotations

from shared.contract import Code


class SouvenirError(Exception):
    """The root. `code` is the contract's, `status` the HTTP status; the message is for
    people.
    """

    code: int = Code.BROKEN
    status: int = 500

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Permanent(SouvenirError):
    """Trying again cannot help."""

    code = Code.MALFORMED
    status = 400


class BadRequest(Permanent):
    """The request breaks the contract."""


class Unauthorized(Permanent):
    """No API key, or one that is not known here."""

    code = Code.WRONG_KEY
    status = 401


class Forbidden(Permanent):
    """It exists, and the caller may not touch it."""

    code = Code.NOT_YOURS
    status = 403


class NotFound(Permanent):
    """What the request names does not exist."""

    code = Code.NOT_THERE
    status = 404


class KeyUsed(Permanent):
    """The `Idempotency-Key` came with another request before."""

    status = 422


class FileRejected(Permanent):
    """One file cannot or must not be read; the rest of its job goes on."""

    code = Code.FILE_UNREADABLE
    status = 422


class NotSupported(Permanent):
    """This set-up cannot do that; the message says what would be needed."""

    code = Code.MALFORMED
    status = 501


class ModelRefused(Permanent):
    """A language model does not do what it was asked, and will not the next time."""

    code = Code.FAILED


class ModelTooLong(ModelRefused):
    """The request does not fit into the model's context: a part of it may."""


class ModelMisconfigured(Permanent):
    """The endpoint of a language model does not know the key or the model, or has no
    credit: nothing helps until its owner acts.
    """

    code = Code.FAILED
    status = 500


class TookTooLong(Permanent):
    """An answer that had not ended within the time that one may take."""

    code = Code.FAILED
    status = 504


class BudgetExhausted(Permanent):
    """The project's tokens of the day or the month are used up."""

    code = Code.TOO_MANY_TOKENS
    status = 429


class Transient(SouvenirError):
    """Trying again may help."""

    status = 503


class Unavailable(Transient):
    """A service that is needed does not answer."""

    code = Code.UNAVAILABLE


class ModelUnavailable(Unavailable):
    """A language model does not answer now: its endpoint is unreachable, busy or too
    slow. `after` is the number of seconds that it asks to wait, 0 where it names none.
    """

    def __init__(self, message: str, *, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class Overloaded(Unavailable):
    """More work waits than may wait in all; `after` is the number of seconds to wait."""

    def __init__(self, message: str, *, after: float) -> None:
        super().__init__(message)
        self.after = after


class TooMany(Transient):
    """More than a minute allows, or than may wait of one project; `after` is the number
    of seconds to wait.
    """

    code = Code.TOO_MANY_CALLS
    status = 429

    def __init__(self, message: str, *, code: int, after: float) -> None:
        super().__init__(message, code=code)
        self.after = after


class LeaseLost(Transient):
    """Another worker holds the job now."""


class TurnOver(Transient):
    """A job makes room and goes on where it was: one that has run for long, or one whose
    turn it is not; `after` is the number of seconds to wait.
    """

    def __init__(self, message: str, *, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after
