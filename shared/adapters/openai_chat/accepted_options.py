"""The options that an endpoint takes: `max_tokens` becomes `max_completion_tokens` where it
wants that, an option that it names as wrong is dropped, and so is the count of a stream.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import openai

OPTIONS = ("temperature", "top_p", "max_tokens")
_COUNT = "stream_options"

Options = Mapping[str, Any] | None


class AcceptedOptions:
    """What one endpoint was found to take. `most` is the most tokens of an answer; 0: any."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._renamed: dict[str, str | None] = {}
        self._uncounted = False

    def extra(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What else is sent, without what it refused."""
        return {
            name: value
            for name, value in given.items()
            if not (self._uncounted and name == _COUNT)
        }

    def options(self, options: Options) -> dict[str, Any]:
        """The options under the names that the endpoint takes, without those that it
        refused.
        """
        given = _without_none(options)
        most = self._most
        if most:
            given["max_tokens"] = min(most, given.get("max_tokens", most))
        accepted: dict[str, Any] = {}
        for name, value in given.items():
            wire_name = self._renamed.get(name, name)
            if name in OPTIONS and value is not None and wire_name is not None:
                accepted[wire_name] = value
        return accepted

    def adapts(
        self,
        error: openai.BadRequestError,
        extra: Mapping[str, Any],
        options: Options,
    ) -> bool:
        """Whether the refusal names an option that was sent, so that another try differs."""
        if _COUNT in extra and _COUNT in error.message and not self._uncounted:
            self._uncounted = True
            return True
        sent = self.options(options)
        for name in OPTIONS:
            wire = self._renamed.get(name, name)
            if wire in sent and (
                error.param == wire or re.search(rf"\b{wire}\b", error.message)
            ):
                self._renamed[name] = (
                    "max_completion_tokens" if wire == "max_tokens" else None
                )
                return True
        return False


def _without_none(options: Options) -> dict[str, Any]:
    return {name: value for name, value in (options or {}).items() if value is not None}
