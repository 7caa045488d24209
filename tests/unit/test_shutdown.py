"""A process of threads ends when it is asked to, also where its own handler hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

CODE = """
import os, signal, threading, time
from workers.shutdown import end_soon_on
lock = threading.Lock()
def hangs(number, frame):
    os.write(1, b"own\\n")  # print is not reentrant, and the signal may meet it
    lock.acquire()
signal.signal(signal.SIGTERM, hangs)
end_soon_on([signal.SIGTERM], lambda: os.write(1, b"called off\\n"), 0.1, 0.1)
os.write(1, b"ready\\n")
with lock:
    time.sleep(300)
"""


def test_it_ends_although_its_handler_never_returns() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGTERM)
        rest = child.stdout.read()
        assert (child.wait(), rest) == (os.EX_TEMPFAIL, "own\ncalled off\n")
