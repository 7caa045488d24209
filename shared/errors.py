"""What can go wrong, and what to do about it.

    SouvenirError
    ├── Permanent            trying again cannot help; carries the contract's code and an HTTP status
    │   ├── BadRequest       400   40000, 40002, 40003 ... the caller's mistake
    │   ├── Unauthorized     401   40100 no key, 40132 wrong key
    │   ├── Forbidden        403   40306 not the caller's to touch
    │   ├── NotFound         404   40001, 40307, 50120, 50131 ...
    │   ├── FileRejected     422   one file that cannot or must not be read: 40007, 40008, 50103 ...
    │   └── NotSupported     501   a documented thing that this set-up cannot do
    └── Transient            trying again may help: 50000, 50004, 50005
        ├── Unavailable      503   a service that we need does not answer
        ├── TooMany          429   40300 calls, 40309 tokens: more than a minute holds
        └── LeaseLost        503   another worker took the job over; stop, it goes on there

Adapters translate the errors of their SDK into these at the edge. Nothing else is
raised on purpose. Codes are those of the wire contract, section 0.1.
"""

from __future__ import annotations


class SouvenirError(Exception):
    """The root: `code` is the contract's, `status` the HTTP status, the message is for people."""

    code = 50000
    status = 500

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Permanent(SouvenirError):
    """Trying again cannot help."""

    code = 40000
    status = 400


class BadRequest(Permanent):
    """The request breaks the contract."""


class Unauthorized(Permanent):
    """No key, or one that is not known here."""

    code = 40132
    status = 401


class Forbidden(Permanent):
    """Known, but not the caller's to touch."""

    code = 40306
    status = 403


class NotFound(Permanent):
    """What the request names does not exist."""

    code = 40001
    status = 404


class FileRejected(Permanent):
    """One file cannot or must not be read; the rest of its job goes on."""

    code = 50107
    status = 422


class NotSupported(Permanent):
    """This set-up cannot do that; says what would be needed."""

    code = 40000
    status = 501


class Transient(SouvenirError):
    """Trying again may help."""

    status = 503


class Unavailable(Transient):
    """A service that we need does not answer."""

    code = 50004


class TooMany(Transient):
    """More than a minute holds; `after` says in how many seconds to come again."""

    code = 40300
    status = 429

    def __init__(self, message: str, *, code: int, after: float) -> None:
        super().__init__(message, code=code)
        self.after = after


class LeaseLost(Transient):
    """Another worker holds the job now."""
