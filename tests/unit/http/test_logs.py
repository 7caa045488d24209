"""A log line is one JSON object with the request it belongs to."""

from __future__ import annotations

import asyncio
import json
import logging

from shared.logs import JsonLines, bound, bound_to


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines("gateway").format(record)
    assert "\n" not in text
    read: dict[str, object] = json.loads(text)
    return read


def record(**extra: object) -> logging.LogRecord:
    return logging.getLogger("x").makeRecord(
        "x", logging.WARNING, "f", 1, "said %s", ("词",), None, extra=extra
    )


def test_a_line_has_its_fields() -> None:
    read = line(record(status=200))
    assert (
        read["level"],
        read["logger"],
        read["message"],
        read["service"],
        read["status"],
    ) == ("WARNING", "x", "said 词", "gateway", 200)


def test_names_are_bound_inside_and_nowhere_else() -> None:
    with bound(request="r1", job=""):
        with bound(job="j1"):
            read = line(record())
            assert (read["request"], read["job"]) == ("r1", "j1")
        assert "job" not in line(record())
    assert bound_to("request") == ""


async def test_tasks_do_not_mix_their_names() -> None:
    async def seen(name: str) -> str:
        with bound(request=name):
            await asyncio.sleep(0)
            return bound_to("request")

    assert await asyncio.gather(seen("a"), seen("b")) == ["a", "b"]


def test_an_error_keeps_its_traceback() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        failed = logging.getLogger("x").makeRecord(
            "x",
            logging.ERROR,
            "f",
            1,
            "oh",
            (),
            (type(error), error, error.__traceback__),
        )
    assert "ValueError: broken" in str(line(failed)["error"])


def test_an_error_that_is_named_keeps_its_traceback_beside() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        failed = logging.getLogger("x").makeRecord(
            "x",
            logging.ERROR,
            "f",
            1,
            "indexing_failed",
            (),
            (type(error), error, error.__traceback__),
            extra={"error": "the disk is full"},
        )
    fields = line(failed)
    assert (fields["message"], fields["error"]) == (
        "indexing_failed",
        "the disk is full",
    )
    assert "ValueError: broken" in str(fields["traceback"])


def test_what_is_no_json_is_written_as_text() -> None:
    assert line(record(path={1, 2}))["path"] == "{1, 2}"
