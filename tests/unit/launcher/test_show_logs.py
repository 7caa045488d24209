"""`souvenir logs`: the ends of all logs, by time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.launcher.data_folder import DataFolder
from services.launcher.show_logs import show_logs
from services.launcher.start_refused import Refused


def event(at: str, message: str, level: str = "WARNING", **more: object) -> str:
    fields = {"time": f"2026-01-02T03:04:{at}.000+00:00", "level": level}
    return json.dumps({**fields, "message": message, "service": "x", **more}) + "\n"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.logs.mkdir()
    (folder.logs / "gateway.log").write_text(
        event("01", "first", job="j1") + event("05", "fourth", "ERROR")
    )
    (folder.logs / "status.log").write_text(
        event("02", "second") + "a line of a library\n" + event("03", "third")
    )
    (folder.logs / "up.log").write_text("API key  secret\n")
    return folder


def lines(data: DataFolder, **options: object) -> list[str]:
    said: list[str] = []
    show_logs(data, said.append, **options)  # type: ignore[arg-type]
    return said


def test_all_programs_together_by_time(data: DataFolder) -> None:
    assert lines(data) == [
        "gateway | 2026-01-02 03:04:01 WARNING first job=j1",
        "status  | 2026-01-02 03:04:02 WARNING second",
        "status  | a line of a library",
        "status  | 2026-01-02 03:04:03 WARNING third",
        "gateway | 2026-01-02 03:04:05 ERROR   fourth",
    ]


def test_the_last_ones_of_a_level_or_a_program(data: DataFolder) -> None:
    assert [line.split()[-1] for line in lines(data, count=2)] == ["third", "fourth"]
    assert len(lines(data, level="ERROR")) == 1
    assert all(line.startswith("status") for line in lines(data, programs=["status"]))


def test_the_key_that_a_start_prints_comes_only_by_name(data: DataFolder) -> None:
    assert "secret" not in "".join(lines(data))
    assert lines(data, programs=["up"]) == ["up | API key  secret"]


def test_what_is_written_later_is_followed(data: DataFolder) -> None:
    said: list[str] = []
    log = data.logs / "gateway.log"

    def say(line: str) -> None:
        said.append(line)
        if line.endswith("fourth"):  # the last of those that were there
            with log.open("a") as file:
                file.write(event("06", "fifth") + '{"half of a line')
        if line.endswith("fifth"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        show_logs(data, say, follow=True)
    assert said[-1] == "gateway | 2026-01-02 03:04:06 WARNING fifth"


def test_what_is_not_there_is_named(data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no log of redis: there are gateway"):
        lines(data, programs=["redis"])
    with pytest.raises(Refused, match="no logs in"):
        lines(DataFolder(tmp_path / "other"))
