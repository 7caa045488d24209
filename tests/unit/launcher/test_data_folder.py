"""The data folder: made once, held by one, its key kept."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher.data_folder import (
    api_key,
    locked,
    open_data_folder,
    running_instance,
    write_running_file,
)
from services.launcher.start_refused import FOLDER_IN_USE, Refused


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


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Refused, match="SOUVENIR_DATA"):
        open_data_folder(tmp_path / "file" / "data")
