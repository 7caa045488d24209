"""What goes through the pipes between the sandbox and its parsing process: frames of
JSON with their length before them, and the raw bytes of a file.

    sandbox -> child    {"name", "size", "limits"} and then `size` bytes
    child -> sandbox    {"progress": [done, total]}, as often as pages are done, and then
                        {"parsed": ...} or {"error": [code, message]}

Nothing that comes out of the parsing process is ever unpickled or evaluated.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from workers.parsers.document import PART_KINDS, ParsedFile, Part, Picture

MAX_FRAME = 512 * 1024 * 1024
"""Bytes; a longer frame is no frame."""
READ_SIZE = 1 << 20
"""Bytes that are read at once, so that a length that lies costs no memory."""
_LENGTH = struct.Struct(">I")


def pack_frame(value: Mapping[str, Any]) -> bytes:
    """One frame."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "replace")
    return _LENGTH.pack(len(body)) + body


def receive_frame(stream: BinaryIO) -> Any:
    """The next frame; None where the stream has ended. Raises ValueError for a frame
    that is none.
    """
    head = read_exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise ValueError("the frame is too long")
    body = read_exactly(stream, length)
    return None if body is None else json.loads(body)


def read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    """That many bytes; None where the stream ends before."""
    received = bytearray()
    while len(received) < size:
        chunk = stream.read(min(READ_SIZE, size - len(received)))
        if not chunk:
            return None
        received += chunk
    return bytes(received)


def pack_parsed_file(parsed: ParsedFile) -> dict[str, Any]:
    """A parsed file as plain values."""
    return {
        "media_type": parsed.media_type,
        "pages": parsed.pages,
        "title": parsed.title,
        "parts": [
            [part.kind, part.text, part.page, part.depth] for part in parsed.parts
        ],
        "pictures": [
            [base64.b64encode(picture.jpeg).decode(), picture.page]
            for picture in parsed.pictures
        ],
    }


def unpack_parsed_file(value: Any) -> ParsedFile:
    """The parsed file that plain values stand for. Raises ValueError when they stand
    for none.
    """
    try:
        parsed = ParsedFile(
            parts=tuple(
                Part(str(kind), str(text), int(page), int(depth))
                for kind, text, page, depth in value["parts"]
            ),
            pages=int(value["pages"]),
            title=str(value["title"]),
            pictures=tuple(
                Picture(base64.b64decode(jpeg, validate=True), int(page))
                for jpeg, page in value["pictures"]
            ),
            media_type=str(value["media_type"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not a parsed file") from error
    if any(part.kind not in PART_KINDS for part in parsed.parts):
        raise ValueError("a part of an unknown kind")
    return parsed
