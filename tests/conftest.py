"""For all tests: nothing reaches further than loopback, and one system of real
processes at a time.
"""

from typing import Any

import pytest

from shared.third_party import disable_reporting

_SYSTEMS = ("tests/e2e/", "tests/examples/", "tests/faults/")
"""Where tests start whole systems."""

# Read when `unstructured` and ONNX Runtime are imported, which a test may do before our own
# code has said it.
disable_reporting()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Under pytest-xdist one worker takes all end-to-end tests, so that they share one
    system; the others take what is left, file by file, so that what a file prepares is
    prepared once. The files with the most tests go first.

    (Its own way to say so, `--dist loadgroup`, has no effect with pytest 9.2:
    pytest-xdist 3.8 writes to a field that is gone.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneSystem(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "e2e" if nodeid.startswith(_SYSTEMS) else nodeid.split("::")[0]

    return OneSystem(config, log)
