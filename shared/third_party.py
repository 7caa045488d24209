"""What libraries of others must be kept from."""

from __future__ import annotations

import os


def disable_reporting() -> None:
    """Keep `unstructured` from reporting to its makers when it is imported: it would
    wait seconds for them where there is no network. Call it before the import.
    """
    os.environ["DO_NOT_TRACK"] = "1"
