"""A GGUF model behind an OpenAI-compatible endpoint on loopback: `python -m
services.launcher.model_server FILE --port PORT`.

llama.cpp's own server, by the library `xllamacpp`; runs until a signal ends it.
"""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Sequence
from pathlib import Path

CONTEXT_TOKENS = 8192
"""Of one conversation with its memories; a model trained on less gets less."""
CACHE_MB = 256
"""Of prompts that were answered before; the library's own default is 8 GB."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args(arguments)
    serve(chosen.file, chosen.port)


def serve(file: Path, port: int) -> None:
    """Answer /v1/chat/completions until a signal ends this process. Raises RuntimeError
    when the model cannot be loaded.
    """
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.model_alias = {file.stem}
    parameters.port = port
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.cache_ram_mib = CACHE_MB
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads()
    parameters.offline = True
    parameters.ui = False
    parameters.endpoint_slots = False
    server = xllamacpp.Server(parameters)
    print(f"{file.name} is served at {server.listening_address}", flush=True)
    signal.pause()


def threads() -> int:
    """One processor is left to the rest: the threads wait for each other by spinning,
    and one that has to share its processor stops all.
    """
    return max((os.cpu_count() or 1) - 1, 1)


if __name__ == "__main__":
    main()
