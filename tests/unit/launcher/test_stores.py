"""`souvenir backup` and `restore`: a signal that asks to stop is heeded at every moment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher import stores
from services.launcher.start_refused import ASKED_TO_STOP, Stopped
from services.launcher.stores import copy_store
from services.launcher.supervisor import listen_to_signals
from services.store import __main__ as store
from shared.settings import Settings
from tests.support.system import KEPT, ROOT

AT_THE_START_OF_A_CHILD = """
import os, signal, sys

if "services.vectors" in sys.orig_argv:
    os.kill(os.getppid(), signal.SIGTERM)
elif "services.store" in sys.orig_argv:
    open({mark!r}, "w").close()
"""
"""The stop comes while the stores start; `mark` is made where the copy is begun after all."""


def test_a_stop_while_the_stores_start_leaves_everything_as_it_is(
    tmp_path: Path,
) -> None:
    mark, code = tmp_path / "begun", tmp_path / "code"
    code.mkdir()
    script = AT_THE_START_OF_A_CHILD.format(mark=str(mark))
    (code / "sitecustomize.py").write_text(script)
    inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = {**inherited, "PYTHONPATH": f"{code}{os.pathsep}{ROOT}"}
    arguments = ["restore", str(tmp_path / "file"), "--force"]
    with pytest.raises(Stopped) as stopped:
        copy_store(
            Settings(data=tmp_path / "data"), environment, lambda _: None, arguments
        )
    assert stopped.value.code == ASKED_TO_STOP
    assert not mark.exists()


def test_a_stop_just_before_the_copy_prevents_it(tmp_path: Path) -> None:
    with listen_to_signals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            stores._run(python(f"open({str(tmp_path / 'done')!r}, 'w')"), {}, signals)
    assert not (tmp_path / "done").exists()


def test_a_stop_is_passed_on_to_the_copy() -> None:
    """SIGTERM comes to the launcher alone."""
    script = "import os, signal, time; os.kill(os.getppid(), signal.SIGTERM); time.sleep(600)"
    with listen_to_signals() as signals, pytest.raises(Stopped):
        stores._run(python(script), {}, signals)


def test_a_backup_that_is_stopped_leaves_nothing_half_written(tmp_path: Path) -> None:
    """On a busy machine its wait for the stores may end before it is stopped: that is no
    stop, so it is begun again.
    """
    for _ in range(3):
        code, said = stopped_backup(tmp_path / "file")
        assert "Traceback" not in said
        assert list(tmp_path.iterdir()) == []
        if code == ASKED_TO_STOP:
            return
        assert code == 1 and "does not answer" in said, said
    raise AssertionError(f"three times it was not stopped: {said}")


@pytest.mark.parametrize(
    ("stops", "code"), [([], 1), ([signal.SIGTERM], ASKED_TO_STOP)]
)
def test_who_was_asked_to_stop_ends_so_whatever_fails_meanwhile(
    stops: list[int], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_stops", stops)
    assert store.main(["check", str(tmp_path / "none")]) == code


def stopped_backup(file: Path) -> tuple[int, str]:
    """The exit code and the errors of a backup whose stores do not answer, stopped while
    it waits for them.
    """
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        variables = {"QDRANT_URL": url, "REDIS_URL": url.replace("http", "redis")}
        inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
        with subprocess.Popen(
            [sys.executable, "-m", "services.store", "backup", str(file)],
            env={**inherited, **variables, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            silent.accept()  # It is at work.
            child.terminate()
            _, said = child.communicate()
    return child.returncode, said


@pytest.mark.parametrize("code", [0, 1])
def test_without_a_signal_the_code_is_the_copys(code: int) -> None:
    with listen_to_signals() as signals:
        assert stores._run(python(f"raise SystemExit({code})"), {}, signals) == code


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]
