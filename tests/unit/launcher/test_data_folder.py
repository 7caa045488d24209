"""The data folder: made once, held by one, its key kept."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from services.launcher import background
from services.launcher.data_folder import (
    DataFolder,
    api_key,
    locked,
    open_data_folder,
    running_instance,
    running_now,
    write_running_file,
)
from services.launcher.start_refused import FOLDER_IN_USE, Refused
from shared.settings import Settings


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    data = open_data_folder(tmp_path / "data")
    key = api_key(data, "")
    assert len(key) > 20
    assert api_key(open_data_folder(tmp_path / "data"), "") == key
    assert stat.S_IMODE(data.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.path.stat().st_mode) == 0o700


def test_a_given_key_is_used_and_not_kept(tmp_path: Path) -> None:
    data = open_data_folder(tmp_path)
    assert api_key(data, "given") == "given"
    assert not data.key_file.exists()


def test_an_emptied_key_file_gets_a_new_key(tmp_path: Path) -> None:
    data = open_data_folder(tmp_path)
    data.key_file.write_text("\n")
    assert api_key(data, "") == data.key_file.read_text().strip() != ""


def test_a_second_launcher_is_refused_and_learns_who_has_the_folder(
    tmp_path: Path,
) -> None:
    data = open_data_folder(tmp_path)
    with locked(data):
        write_running_file(
            data, "http://127.0.0.1:1", {"redis_url": "redis://x"}, {"redis": 5}
        )
        with (
            pytest.raises(
                Refused, match=rf"process {os.getpid()}, http://127\.0\.0\.1:1"
            ) as refused,
            locked(data),
        ):
            pass
        assert refused.value.code == FOLDER_IN_USE
        assert running_instance(data) is not None, (
            "the one who was refused must not tidy up for the one who runs"
        )
    assert running_instance(data) is None
    with locked(data):
        pass


def test_a_launcher_that_was_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from services.launcher.data_folder import locked, open_data_folder
with locked(open_data_folder(Path({str(tmp_path)!r}))):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False
    )
    assert ended.returncode == -9
    with locked(open_data_folder(tmp_path)):
        pass


@pytest.fixture
def stranger() -> Iterator[int]:
    """The id of a process that has nothing to do with Souvenir."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=PIPE) as process:
        yield process.pid
        assert process.poll() is None, "it was ended"
        process.communicate(b"\n")


def left_by_one_that_was_killed(data: DataFolder, pid: int) -> None:
    """Its id is another process's by now."""
    write_running_file(data, "http://127.0.0.1:1", {}, {})
    written = json.loads(data.running_file.read_text())
    data.running_file.write_text(json.dumps({**written, "pid": pid}))


def test_down_ends_no_stranger_while_a_backup_holds_the_folder(
    tmp_path: Path, stranger: int
) -> None:
    data, said = open_data_folder(tmp_path), list[str]()
    left_by_one_that_was_killed(data, stranger)
    with locked(data):
        assert background.stop(Settings(data=tmp_path), said.append) == 0
    assert said == [f"No Souvenir runs on {tmp_path}."]


def test_down_ends_no_stranger_that_has_the_id_of_a_launcher(
    tmp_path: Path, stranger: int
) -> None:
    """Also where the file is there while the folder is held."""
    data, said = open_data_folder(tmp_path), list[str]()
    with locked(data):
        left_by_one_that_was_killed(data, stranger)
        assert background.stop(Settings(data=tmp_path), said.append) == 0
    assert said == [f"No Souvenir runs on {tmp_path}."]


def test_a_launcher_of_an_earlier_release_is_known(tmp_path: Path) -> None:
    data = open_data_folder(tmp_path)
    with locked(data):
        earlier = {"pid": os.getpid(), "url": "http://127.0.0.1:1"}
        data.running_file.write_text(json.dumps(earlier))
        assert running_now(data) == earlier


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": "x"}', '{"pid": null}'])
def test_a_file_that_cannot_be_read_names_nobody(tmp_path: Path, text: str) -> None:
    data = open_data_folder(tmp_path)
    with locked(data):
        data.running_file.write_text(text)
        assert running_now(data) is None


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Refused, match="SOUVENIR_DATA"):
        open_data_folder(tmp_path / "file" / "data")
