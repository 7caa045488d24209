"""For all tests: nothing reaches further than loopback, and how they are divided among
the workers of pytest-xdist.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from shared.third_party import disable_reporting

_SYSTEMS = ("tests/e2e/", "tests/faults/")
"""Where tests start whole systems."""

# Read when `unstructured` and ONNX Runtime are imported, which a test may do before our own
# code has said it.
disable_reporting()

# On loopback nobody shows a certificate. Yet httpx reads all that are trusted for every client
# that is made, 50 ms each time; in a folder it looks for one when it is shown one.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole systems first: their files take longest, and what comes last should be short,
    so that all workers end together.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(_SYSTEMS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Under pytest-xdist a worker takes one file after another, in the order above, so that
    what a file prepares is prepared once: whatever `--dist` says.
    """
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = (
        False  # by the number of tests, not by their length
    )
    return LoadFileScheduling(config, log)
