"""Real children, started, lost, started again and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.launcher.child import Spawner
from services.launcher.programs import Program, Wave
from services.launcher.supervisor import (
    LONGEST_PAUSE_S,
    Signals,
    Supervisor,
    listen_to_signals,
    pause_after,
)

FOREVER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(600)"
)


def python(
    name: str, script: str, wave: Wave = Wave.WORKERS, stop_timeout_s: float = 5.0
) -> Program:
    return Program(
        name, (sys.executable, "-c", script), wave, stop_timeout_s=stop_timeout_s
    )


def alive(pid: int) -> bool:
    """A zombie does not count: it runs no more."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Bench:
    """A supervisor on the programs of one test."""

    def __init__(
        self, spawner: Spawner, received: Signals, programs: list[Program]
    ) -> None:
        self.said: list[str] = []
        self.pids: dict[str, int] = {}
        self.supervisor = Supervisor(
            programs, spawner, received, self.said.append, self.pids.update
        )
        self.spawner = spawner


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []
    with (
        listen_to_signals() as received,
        Spawner(os.environ, tmp_path, tmp_path) as spawner,
    ):

        def make(*programs: Program) -> Bench:
            made.append(Bench(spawner, received, list(programs)))
            return made[-1]

        yield make
        for started in made:
            started.supervisor.stop()


def test_what_is_started_is_stopped(bench: Callable[..., Bench]) -> None:
    here = bench(python("one", FOREVER), python("two", FOREVER))
    assert here.supervisor.until_ready(list(Wave), 30) == []
    assert all(map(alive, here.pids.values()))
    here.supervisor.stop()
    assert not any(map(alive, here.pids.values()))
    assert here.said == []


def test_waves_end_in_the_opposite_order(
    bench: Callable[..., Bench], tmp_path: Path
) -> None:
    note = f"""
import signal, sys, time
def end(*_):
    open({str(tmp_path / "order")!r}, "a").write(sys.argv[1] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, end)
open({str(tmp_path)!r} + "/up-" + sys.argv[1], "w")
time.sleep(600)
"""
    waves = {"store": Wave.STORES, "worker": Wave.WORKERS, "door": Wave.GATEWAY}
    here = bench(
        *(
            Program(
                name,
                (sys.executable, "-c", note, name),
                wave,
                # On a busy machine a child may need long for its one line.
                stop_timeout_s=60,
            )
            for name, wave in waves.items()
        )
    )
    assert here.supervisor.until_ready(list(Wave), 30) == []
    until(lambda: len(list(tmp_path.glob("up-*"))) == 3)
    here.supervisor.stop()
    assert (tmp_path / "order").read_text().split() == ["door", "worker", "store"]


def test_a_child_that_was_killed_is_started_again_and_said_so(
    bench: Callable[..., Bench],
) -> None:
    here = bench(python("one", FOREVER))
    here.supervisor.until_ready(list(Wave), 30)
    first = here.pids["one"]
    os.kill(first, signal.SIGKILL)
    until(
        lambda: (
            here.supervisor.until_ready(list(Wave), 30) == []
            and here.pids["one"] != first
        )
    )
    assert alive(here.pids["one"])
    assert len(here.said) == 1
    assert "one ended (signal SIGKILL), starting it again in 0.5 s" in here.said[0]


def test_one_that_fails_at_once_is_given_up_at_the_start(
    bench: Callable[..., Bench], tmp_path: Path
) -> None:
    broken = Program(
        "broken",
        (sys.executable, "-c", "raise SystemExit('no such thing')"),
        Wave.WORKERS,
        settle_s=600,
    )
    here = bench(broken, python("well", FOREVER))
    late = here.supervisor.until_ready(list(Wave), 600)
    assert [process.program.name for process in late] == ["broken"]
    assert all("exit code 1" in line for line in here.said)
    assert "no such thing" in (tmp_path / "broken.log").read_text()


def test_a_program_that_is_not_there_counts_as_a_failure(
    bench: Callable[..., Bench],
) -> None:
    here = bench(Program("ghost", ("/nonexistent/program",), Wave.STORES))
    assert [
        process.program.name
        for process in here.supervisor.until_ready([Wave.STORES], 600)
    ] == ["ghost"]
    assert "cannot be started" in here.said[0]


def test_who_does_not_listen_is_killed(
    bench: Callable[..., Bench], tmp_path: Path
) -> None:
    here = bench(python("deaf", STUBBORN, stop_timeout_s=0.2))
    here.supervisor.until_ready(list(Wave), 30)
    until(lambda: "deaf" in (tmp_path / "deaf.log").read_text())
    here.supervisor.stop()
    assert not alive(here.pids["deaf"])


def test_what_a_child_left_behind_goes_with_it(
    bench: Callable[..., Bench], tmp_path: Path
) -> None:
    parent = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {STUBBORN!r}])
open({str(tmp_path / "grandchild")!r}, "w").write(str(child.pid) + "\\n")
time.sleep(600)
"""
    here = bench(python("parent", parent))
    here.supervisor.until_ready(list(Wave), 30)
    until(
        lambda: (
            (tmp_path / "grandchild").exists()
            and (tmp_path / "grandchild").read_text().endswith("\n")
        )
    )
    grandchild = int((tmp_path / "grandchild").read_text())
    assert alive(grandchild)
    here.supervisor.stop()
    until(lambda: not alive(grandchild))


def test_a_wish_to_stop_ends_the_watch(bench: Callable[..., Bench]) -> None:
    here = bench(python("one", FOREVER))
    here.supervisor.until_ready(list(Wave), 30)
    os.kill(os.getpid(), signal.SIGTERM)
    here.supervisor.watch()
    here.supervisor.stop()
    assert not alive(here.pids["one"])


def test_the_pause_doubles_and_has_an_end() -> None:
    assert [pause_after(failures) for failures in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert pause_after(100) == LONGEST_PAUSE_S


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_launcher_that_was_killed_leaves_nothing(tmp_path: Path) -> None:
    script = f"""
import os, signal, sys, time
from pathlib import Path
from services.launcher.child import Spawner
from services.launcher.programs import Program, Wave
folder = Path({str(tmp_path)!r})
spawner = Spawner(os.environ, folder, folder)
family = 'import subprocess, sys, os, time;' \\
         'c = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]);' \\
         'print(os.getpid(), c.pid, flush=True); time.sleep(600)'
spawner.start(Program("family", (sys.executable, "-c", family), Wave.STORES))
time.sleep(600)
"""
    launcher = subprocess.Popen(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3]
    )
    log = tmp_path / "family.log"
    until(lambda: log.exists() and log.read_text().endswith("\n"))
    pids = [int(word) for word in log.read_text().split()]
    assert all(map(alive, pids))
    launcher.kill()
    launcher.wait()
    until(lambda: not any(map(alive, pids)))
