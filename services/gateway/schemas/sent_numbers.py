"""Numbers as they are sent: 9, 9.0, "9" and "9.0" are nine. A fraction where a whole number
is expected is refused, and so are true and false, which pydantic takes for 1 and 0.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from services.http.errors import refused
from shared.contract import Code

_SHOWN = 40
"""Characters of what was sent that a refusal repeats."""


def as_number(given: Any) -> Any:
    """What was sent; whether it is a number pydantic says. Raises 40000 for true and false."""
    if isinstance(given, bool):
        raise refused(f"{str(given).lower()} is not a number", Code.MALFORMED)
    return given


def as_whole_number(given: Any) -> Any:
    """The same as an integer; raises 40000 for what is none. What is neither a number nor
    a text is left for pydantic to refuse.
    """
    if isinstance(as_number(given), int) or not isinstance(given, str | float):
        return given
    try:
        return int(given) if isinstance(given, str) else _whole(given)
    except ValueError:
        pass
    try:
        return _whole(float(given))
    except ValueError:
        message = f"{str(given)[:_SHOWN]!r} is not a whole number"
        raise refused(message, Code.MALFORMED) from None


def _whole(number: float) -> int:
    if not number.is_integer():
        raise ValueError
    return int(number)


Number = Annotated[float, BeforeValidator(as_number)]
WholeNumber = Annotated[int, BeforeValidator(as_whole_number)]
