"""How the parsing process and its keeper talk: frames of JSON with their length before
them, and the raw bytes of a file.

Nothing that comes out of the parsing process is ever unpickled or evaluated.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from workers.parsers.document import KINDS, Part, Picture, Reading

MAX_FRAME = 512 * 1024 * 1024
_LENGTH = struct.Struct(">I")
PIECE = 1 << 20


def pack(value: Mapping[str, Any]) -> bytes:
    """One frame."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    return _LENGTH.pack(len(body)) + body


def receive(stream: BinaryIO) -> Any:
    """The next frame; None where the stream has ended. Raises ValueError for a frame that is none."""
    head = exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise ValueError("the frame is too long")
    body = exactly(stream, length)
    return None if body is None else json.loads(body)


def exactly(stream: BinaryIO, size: int) -> bytes | None:
    """That many bytes; None where the stream ends before."""
    held = bytearray()
    while len(held) < size:
        piece = stream.read(min(PIECE, size - len(held)))
        if not piece:
            return None
        held += piece
    return bytes(held)


def packed_reading(media_type: str, reading: Reading) -> dict[str, Any]:
    """A reading as plain values."""
    return {
        "media_type": media_type,
        "pages": reading.pages,
        "title": reading.title,
        "parts": [
            [part.kind, part.text, part.page, part.depth] for part in reading.parts
        ],
        "pictures": [
            [base64.b64encode(picture.jpeg).decode(), picture.page]
            for picture in reading.pictures
        ],
    }


def unpacked_reading(value: Any) -> tuple[str, Reading]:
    """The media type and the reading that plain values stand for. Raises ValueError
    when they do not.
    """
    try:
        parts = tuple(
            Part(str(kind), str(text), int(page), int(depth))
            for kind, text, page, depth in value["parts"]
        )
        pictures = tuple(
            Picture(base64.b64decode(jpeg, validate=True), int(page))
            for jpeg, page in value["pictures"]
        )
        media_type, reading = (
            str(value["media_type"]),
            Reading(parts, int(value["pages"]), str(value["title"]), pictures),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not a reading") from error
    if any(part.kind not in KINDS for part in parts):
        raise ValueError("a part of an unknown kind")
    return media_type, reading
