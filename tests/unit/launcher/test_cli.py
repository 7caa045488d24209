"""The command line: what it refuses, and with which exit code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher.network import free_ports

ROOT = Path(__file__).parents[3]


def souvenir(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings}
    return subprocess.run(
        [sys.executable, "-m", "services.launcher.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_taken_port_gives_one_line_and_its_own_code(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = souvenir("up", SOUVENIR_PORT=port, SOUVENIR_DATA=str(tmp_path))
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert (
        f"port {port} of 127.0.0.1 is taken by process {os.getpid()} (" in ended.stderr
    )
    assert "SOUVENIR_PORT=" in ended.stderr


def test_a_setting_that_cannot_be_read_is_named() -> None:
    ended = souvenir("up", SOUVENIR_PORT="eighty")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "souvenir: SOUVENIR_PORT='eighty' is not a whole number: "
        "it takes a port from 1 to 65535"
    ]


def test_options_win_over_the_environment(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = souvenir(
            "up",
            "--port",
            port,
            "--data",
            str(tmp_path),
            SOUVENIR_PORT=str(free_ports(1)[0]),
        )
    assert ended.returncode == 3


@pytest.mark.parametrize(
    "arguments", [("--help",), ("up", "--help"), ("doctor", "--help")]
)
def test_help_is_there(arguments: tuple[str, ...]) -> None:
    ended = souvenir(*arguments)
    assert ended.returncode == 0
    assert "usage: souvenir" in ended.stdout


def test_no_command_is_a_mistake() -> None:
    assert souvenir().returncode == 2


def test_a_model_that_is_not_there_gives_one_line(tmp_path: Path) -> None:
    ended = souvenir(
        "up",
        "--model",
        str(tmp_path / "none.gguf"),
        "--data",
        str(tmp_path),
        "--port",
        str(free_ports(1)[0]),
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "none.gguf cannot be read" in ended.stderr


def test_what_is_the_clients_goes_to_the_client(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    ended = souvenir(
        "search",
        "anything",
        "-u",
        "ann",
        SOUVENIR_URL=url,
        SOUVENIR_DATA=str(tmp_path),
        PYTHONPATH=str(ROOT / "clients/python"),
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 2)
    assert ended.stderr.startswith(f"souvenir: no answer from {url}")
    assert f"SOUVENIR_URL names {url}" in ended.stderr


def test_a_url_that_was_given_is_named_and_not_the_data_folder(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    data = ("--data", str(tmp_path))
    ended = souvenir("--url", f"http://ann:word@{url[7:]}", *data, "search", "anything")
    assert ended.returncode == 1
    assert f"--url or SOUVENIR_URL names {url}: is that right" in ended.stderr
    assert "no Souvenir runs" not in ended.stderr and "word" not in ended.stderr


def test_a_data_folder_that_was_given_is_the_one_that_is_named(tmp_path: Path) -> None:
    ended = souvenir("--data", str(tmp_path), "search", "anything", SOUVENIR_URL="")
    assert f"no Souvenir runs on {tmp_path}" in ended.stderr


@pytest.mark.parametrize("option", ["--url", "--data"])
def test_a_command_of_this_machine_says_where_its_options_stand(option: str) -> None:
    ended = souvenir(option, "http://127.0.0.1:9", "doctor")
    assert ended.returncode == 2
    assert "souvenir doctor --help" in ended.stderr


def test_from_another_folder_it_says_how_to_find_the_server(tmp_path: Path) -> None:
    ended = souvenir("search", "anything", SOUVENIR_DATA=str(tmp_path), SOUVENIR_URL="")
    assert ended.returncode == 1
    assert f"no Souvenir runs on {tmp_path}" in ended.stderr
    for word in ("souvenir up -d", "SOUVENIR_DATA=", "--url URL --key KEY"):
        assert word in ended.stderr


def test_help_names_all_commands_and_how_to_say_the_server() -> None:
    said = souvenir("--help").stdout
    for word in ("up", "down", "logs", "add", "kb", "import", "keys", "--url", "--key"):
        assert f" {word} " in said


def test_the_release_is_printed() -> None:
    assert souvenir("--version").stdout.startswith("souvenir 0.")


def test_where_nothing_runs_down_says_so(tmp_path: Path) -> None:
    ended = souvenir("down", "--data", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (0, f"No Souvenir runs on {tmp_path}.\n")


def test_a_start_in_the_background_that_fails_says_why(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = souvenir("up", "-d", "--port", port, "--data", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
