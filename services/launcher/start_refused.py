"""Why the launcher will not go on: one line for people and an exit code for scripts."""

from __future__ import annotations

from shared.settings.settings import BAD_SETTING

FAILED = 1
PORT_TAKEN = 3
FOLDER_IN_USE = 4
ASKED_TO_STOP = 130
"""As a shell gives it for Ctrl-C."""


__all__ = [
    "ASKED_TO_STOP",
    "BAD_SETTING",
    "FAILED",
    "FOLDER_IN_USE",
    "PORT_TAKEN",
    "Refused",
    "Stopped",
]


class Refused(Exception):
    """Nothing was left running; the message is one line that says what to do."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


class Stopped(Refused):
    """A signal asked to stop before what was wanted was done. Raised and not returned:
    nobody goes on by mistake.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, ASKED_TO_STOP)
