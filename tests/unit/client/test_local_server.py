"""Which server and which key the command line uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from souvenir_client import local_server

HERE = "http://127.0.0.1:8123"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of a Souvenir that runs."""
    (tmp_path / "running.json").write_text(
        json.dumps({"pid": 1, "url": HERE, "processes": {}})
    )
    (tmp_path / "api_key").write_text("mpg-here\n")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (("", ""), (HERE, "mpg-here")),
        (("", "mine"), (HERE, "mine")),
        ((HERE + "/", ""), (HERE + "/", "mpg-here")),
        (("http://localhost:8123", ""), ("http://localhost:8123", "mpg-here")),
        (("http://[::1]:8123/", ""), ("http://[::1]:8123/", "mpg-here")),
        (("https://localhost:8123", ""), ("https://localhost:8123", "")),
        (("http://localhost:8124", ""), ("http://localhost:8124", "")),
        (("https://elsewhere.test", ""), ("https://elsewhere.test", "")),
        (("https://elsewhere.test", "mine"), ("https://elsewhere.test", "mine")),
    ],
)
def test_what_is_said_wins_and_the_folders_key_stays_at_home(
    folder: Path, given: tuple[str, str], used: tuple[str, str]
) -> None:
    assert local_server.server(*given, folder=folder) == used


@pytest.mark.parametrize("written", ["", "[]", '{"pid": 1}', "not json"])
def test_a_folder_that_says_nothing_is_passed_over(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "running.json").write_text(written)
    assert local_server.server(folder=tmp_path) == ("", "")
    assert local_server.server(folder=tmp_path / "none") == ("", "")


def test_the_folder_is_a_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUVENIR_DATA", str(folder))
    assert local_server.server() == (HERE, "mpg-here")


@pytest.mark.parametrize("url", ["http://evil.test", "http://10.0.0.1:8000", "evil"])
def test_a_folder_sends_nobody_to_another_machine(folder: Path, url: str) -> None:
    (folder / "running.json").write_text(json.dumps({"url": url}))
    assert local_server.server("", "mine", folder) == ("", "mine")
    assert local_server.server(url, "", folder) == (url, "")
