"""`souvenir logs`: the ends of the logs of all programs on one machine, put together by
time, and what is written to them from then on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from services.launcher.data_folder import DataFolder
from services.launcher.start_refused import Refused

LAUNCHER = "up"
"""Whose log holds what people see at a start, with the key: shown when it is named."""
TAIL_BYTES = 1_000_000
"""Of the end of each log that are looked at."""
POLL_S = 0.3
_FIRST_FIELDS = ("time", "level", "logger", "message", "service")
"""Fields of an event that are shown in a place of their own, or not at all."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_CLOCK = slice(0, 19)
"""Of a time in ISO 8601: to the second."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log."""

    program: str
    text: str
    at: str = ""
    """ISO 8601; of a line that says none the one before."""
    event: Mapping[str, Any] | None = None


def show_logs(
    data: DataFolder,
    say: Callable[[str], None],
    *,
    programs: Sequence[str] = (),
    count: int = 30,
    follow: bool = False,
    level: str = "",
) -> None:
    """Say the last `count` lines of the programs' logs (of all but the launcher's, where
    none is named), the newest last; with `follow` until Ctrl-C what comes after. `level`: only events
    of that level or above. Raises `Refused` for a program without a log.
    """
    logs = _logs(data, programs)
    ends = {log: log.stat().st_size for log in logs}
    lines = chain.from_iterable(
        _lines(log, max(end - TAIL_BYTES, 0), end) for log, end in ends.items()
    )
    lines_shown = [line for line in lines if _is_shown(line, level)]
    lines_shown.sort(key=lambda line: line.at)
    width = max((len(log.stem) for log in logs), default=0)
    for line in lines_shown[-count:] if count else ():
        say(as_text(line, width))
    while follow:
        time.sleep(POLL_S)
        for log in logs:
            size = log.stat().st_size if log.exists() else 0
            begin = ends[log] if size >= ends[log] else 0  # begun anew
            fresh, ends[log] = _whole_lines(log, begin, size)
            for line in fresh:
                if _is_shown(line, level):
                    say(as_text(line, width))


def as_text(line: Line, width: int) -> str:
    """For people: program, time, level, event, then its fields."""
    name = line.program.ljust(width)
    if line.event is None:
        return f"{name} | {line.text}"
    event = line.event
    clock = str(event.get("time", ""))[_CLOCK].replace("T", " ")
    more = " ".join(
        f"{field}={_value(value)}"
        for field, value in event.items()
        if field not in _FIRST_FIELDS
    )
    level = str(event.get("level", ""))
    return f"{name} | {clock} {level:<7} {event.get('message', '')} {more}".rstrip()


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value if "\n" not in value else "\n    " + value.replace("\n", "\n    ")
    return json.dumps(value, ensure_ascii=False)


def _logs(data: DataFolder, programs: Sequence[str]) -> list[Path]:
    by_program = {log.stem: log for log in sorted(data.logs.glob("*.log"))}
    if not by_program:
        raise Refused(
            f"there are no logs in {data.logs}: name the data folder by --data"
        )
    missing = [name for name in programs if name not in by_program]
    if missing:
        raise Refused(f"no log of {missing[0]}: there are {', '.join(by_program)}")
    return [
        by_program[name]
        for name in programs or by_program
        if programs or name != LAUNCHER
    ]


def _lines(log: Path, begin: int, end: int) -> list[Line]:
    """The lines between two places of a log; the first may be cut and is left out."""
    with log.open("rb") as file:
        file.seek(begin)
        texts = file.read(end - begin).decode("utf-8", "replace").splitlines()
    return list(_parsed(log.stem, texts[1:] if begin else texts))


def _whole_lines(log: Path, begin: int, end: int) -> tuple[list[Line], int]:
    """The lines that are written to their end, and where the next one begins."""
    if end <= begin:
        return [], begin
    with log.open("rb") as file:
        file.seek(begin)
        written = file.read(end - begin)
    whole = written[: written.rfind(b"\n") + 1]
    texts = whole.decode("utf-8", "replace").splitlines()
    return list(_parsed(log.stem, texts)), begin + len(whole)


def _parsed(program: str, texts: Sequence[str]) -> Iterator[Line]:
    at = ""
    for text in texts:
        event = None
        if text.startswith("{"):
            try:
                event = json.loads(text)
            except ValueError:
                event = None
        if isinstance(event, dict) and "message" in event:
            at = str(event.get("time", at))
            yield Line(program, text, at, event)
        elif text.strip():
            yield Line(program, text, at)


def _is_shown(line: Line, level: str) -> bool:
    if not level:
        return True
    own = str((line.event or {}).get("level", ""))
    return own in LEVELS and LEVELS.index(own) >= LEVELS.index(level)
