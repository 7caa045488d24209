"""What libraries of others must be kept from."""

from __future__ import annotations

import os


def disable_reporting() -> None:
    """Keep `unstructured` and ONNX Runtime from reporting to their makers: nothing of a
    user's leaves the machine, and nobody waits where there is no network. Call it before
    they are imported, which is when they decide.
    """
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
