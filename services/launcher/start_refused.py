"""Why the launcher will not go on: one line for people and an exit code for scripts."""

from __future__ import annotations

from shared.settings import BAD_SETTING

FAILED = 1
PORT_TAKEN = 3
FOLDER_IN_USE = 4


__all__ = ["BAD_SETTING", "FAILED", "FOLDER_IN_USE", "PORT_TAKEN", "Refused"]


class Refused(Exception):
    """Nothing was left running; the message is one line that says what to do."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
