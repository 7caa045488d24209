"""A process of threads ends when it is asked to, also where its own handler hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

CODE = """
import signal, sys, threading, time
from workers.shutdown import end_soon_on
lock = threading.Lock()
def hangs(number, frame):
    print("own", flush=True)
    lock.acquire()
signal.signal(signal.SIGTERM, hangs)
end_soon_on([signal.SIGTERM], lambda: print("called off", flush=True), 0.1, 0.1)
print("ready", flush=True)
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
