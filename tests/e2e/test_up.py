"""`souvenir up` on the real processes: starts, keeps, restarts, stops."""

from __future__ import annotations

import base64
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.system import System, alive, descendants, until

NAMES = {"redis", "vectors", "status", "worker-text", "worker-files", "gateway"}


def curl_lines(output: str) -> list[list[str]]:
    return [
        shlex.split(line)
        for line in output.splitlines()
        if line.strip().startswith("curl ")
    ]


def remember(system: System, user: str, text: str) -> None:
    said = {"role": "user", "content": text}
    assert (
        system.post(
            "add/message",
            user_id=user,
            conversation_id="c",
            messages=[said],
            async_mode=False,
        )["status"]
        == "completed"
    )


def read_a_file(system: System, user: str) -> None:
    """Brings up the process that files are read in, too."""
    file = {
        "type": "file",
        "file": {
            "file_data": base64.b64encode(
                b"The key to the cellar hangs behind the door."
            ).decode()
        },
    }
    added = system.post(
        "add/message",
        user_id=user,
        conversation_id="c",
        messages=[{"role": "user", "content": [file]}],
    )
    assert system.finished(added["task_id"])["status"] == "completed"


def recalls(system: System, user: str, query: str, words: str) -> bool:
    found = system.post("search/memory", user_id=user, query=query, relativity=0)[
        "memory_detail_list"
    ]
    return any(words in memory["memory_value"] for memory in found)


def test_the_printed_lines_work_when_pasted(system: System) -> None:
    add, search = curl_lines(system.output)
    added = subprocess.run(add, capture_output=True, text=True, check=True)
    assert '"status":"completed"' in added.stdout.replace(" ", "")
    found = subprocess.run(search, capture_output=True, text=True, check=True)
    assert "Lisbon" in found.stdout


def test_the_block_says_where_things_are(system: System) -> None:
    said = system.output
    assert f"{system.url}/api/openmem/v1" in said
    assert system.key in said
    assert str(system.data / "logs") in said
    docs = re.search(r"http\S+/docs", said)
    assert docs is not None
    assert httpx.get(docs[0]).status_code == 200


def test_six_processes_run_and_are_ready(system: System) -> None:
    assert set(system.pids) == NAMES
    assert all(map(alive, system.pids.values()))
    ready = httpx.get(f"{system.url}/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


def test_inner_services_listen_on_loopback_only(system: System) -> None:
    """Every listening socket of every child, as the kernel lists them."""
    inner = {int(pid) for name, pid in system.pids.items() if name != "gateway"}
    addresses = listening(inner | {one for pid in inner for one in descendants(pid)})
    assert addresses == ["0100007F"] * 3, (
        "127.0.0.1, as the kernel writes it: redis, vectors, status"
    )


def listening(pids: set[int]) -> list[str]:
    sockets = {
        name
        for pid in pids
        for fd in Path(f"/proc/{pid}/fd").glob("*")
        if (name := target(fd))
    }
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return [
        row[1].partition(":")[0]
        for row in rows
        if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
    ]


def target(fd: Path) -> str:
    """What a descriptor stands for; it may be closed by now."""
    try:
        return fd.readlink().name
    except OSError:
        return ""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that tests stop and kill, and leave running."""
    with System(tmp_path_factory.mktemp("own") / "data") as running:
        yield running


@pytest.mark.parametrize(
    ("how", "given_key"),
    [
        (signal.SIGINT, ""),
        (signal.SIGTERM, ""),
        (signal.SIGKILL, "a-key-from-outside"),
    ],
)
def test_a_stop_leaves_no_process_and_the_next_start_finds_everything(
    own: System, user: str, how: signal.Signals, given_key: str
) -> None:
    """The key is the one in the data folder, unless the next start is given another."""
    key = given_key or own.key
    remember(own, user, "My sister Marta plays the cello in Porto.")
    read_a_file(own, user)
    first, family = own.pids, descendants(own.pid)
    assert set(first.values()) < family
    assert own.stop(how) == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    until(lambda: not any(map(alive, family)), "the end of every process")
    own.settings["SOUVENIR_API_KEY"] = given_key
    own.start()
    assert key in own.output
    assert own.key == key
    assert not set(first.values()) & set(own.pids.values())
    assert recalls(own, user, "Which instrument does my sister play?", "cello")


def test_a_stop_during_the_start_leaves_nothing(systems: Callable[..., System]) -> None:
    system = systems()
    system.launch()
    until(lambda: (system.data / "running.json").exists(), "the first children")
    family = descendants(system.pid)
    assert system.stop() == 0
    assert not any(map(alive, family))


def test_children_that_were_killed_are_started_again_and_nothing_is_lost(
    own: System, user: str
) -> None:
    remember(own, user, "My dentist is called Doctor Almeida.")
    for name in sorted(NAMES):
        pid = own.kill(name)
        until(
            lambda name=name, pid=pid: own.pids.get(name, pid) != pid,
            f"another {name}",
        )  # type: ignore[misc]
        assert f"{name} ended (signal SIGKILL), starting it again" in own.output
    until(lambda: answers(f"{own.url}/ready"), "a ready gateway")
    assert recalls(own, user, "What is the name of my dentist?", "Almeida")
    remember(own, user, "My plumber is called Mister Costa.")
    assert recalls(own, user, "What is the name of my plumber?", "Costa")


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_taken_port_gives_one_line(
    systems: Callable[..., System], system: System
) -> None:
    other = systems(SOUVENIR_PORT=str(system.port))
    other.launch()
    until(lambda: other.ended() is not None, "the refusal")
    assert other.ended() == 3
    (line,) = other.output.splitlines()
    assert line.startswith(f"souvenir: port {system.port} of 127.0.0.1 is taken by ")
    assert ", a Souvenir, release " in line
    assert line.endswith(
        f": choose another, e.g. SOUVENIR_PORT={system.port + 10} souvenir up"
    )


def test_a_data_folder_in_use_gives_one_line(system: System) -> None:
    other = System(system.data.parent / "data")
    other._output = system.data.parent / "second.out"
    other.launch()
    until(lambda: other.ended() is not None, "the refusal")
    assert other.ended() == 4
    assert (
        f"already runs on {system.data} (process {system.pid}, {system.url})"
        in other.output
    )
    assert len(other.output.splitlines()) == 1


def test_two_systems_side_by_side_know_nothing_of_each_other(
    own: System, system: System, user: str
) -> None:
    remember(own, user, "My boat is called Albatross.")
    remember(system, user, "My horse is called Relâmpago.")
    assert recalls(own, user, "What is the name of my boat?", "Albatross")
    assert not recalls(system, user, "What is the name of my boat?", "Albatross")
    assert not recalls(own, user, "What is the name of my horse?", "Relâmpago")
    wrong = httpx.post(
        f"{system.base_url}/search/memory",
        headers={"Authorization": f"Token {own.key}"},
        json={"user_id": user, "query": "x"},
    )
    assert (wrong.status_code, wrong.json()["code"]) == (401, 40132)


def test_logs_are_quiet_json_lines(system: System) -> None:
    import json

    for name in NAMES - {"redis"}:
        for line in system.log(name).splitlines():
            assert {"time", "level", "message"} <= set(json.loads(line)), (
                f"{name}: {line}"
            )
