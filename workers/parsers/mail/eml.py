"""EML: a mail message as it is sent (RFC 5322, MIME)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from workers.parsers.document import FileLimits, ParsedFile, Progress
from workers.parsers.mail.mail_parts import (
    MAX_ATTACHMENTS,
    Attachment,
    Mail,
    parsed_mail,
)
from workers.parsers.text_decoding import decode

HEADERS = ("From", "To", "Cc", "Date")
_MBOX_LINE = re.compile(rb"From \S+ [^\n]*\n")


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Head, text and attachments of a message. Raises FileRejected."""
    return parsed_mail(read_mail(data), limits, progress)


def read_mail(data: bytes) -> Mail:
    """A message, taken apart."""
    start = _MBOX_LINE.match(data)
    sent = data[start.end() :] if start else data
    message = message_from_bytes(sent, policy=policy.default)
    return Mail(
        headers=tuple((header, _header(message, header)) for header in HEADERS),
        subject=_header(message, "Subject"),
        plain=_body(message, "plain"),
        page=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as it is shown; "" for one that is missing or cannot be read."""
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
    return " ".join(str(value or "").split())


def _body(message: EmailMessage, kind: str) -> str:
    """The text of a kind that is no attachment; "" where there is none."""
    try:
        part = message.get_body(preferencelist=(kind,))
    except (KeyError, AttributeError, ValueError):
        part = None
    return "" if part is None else _text(part)


def _text(part: Message) -> str:
    """The words of a part, in the encoding that it names where that is right."""
    data = _bytes(part)
    charset = part.get_content_charset() or ""
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    """The files that came along; pictures that stand in the text are no files."""
    try:
        parts = list(message.iter_attachments())
    except (KeyError, AttributeError, ValueError, TypeError):
        return
    for part in parts[:MAX_ATTACHMENTS]:
        if (
            part.get_content_disposition() == "inline"
            and part.get_content_maintype() == "image"
        ):
            continue
        data = _bytes(part)
        if data:
            yield Attachment(part.get_filename() or "", data)


def _bytes(part: Message) -> bytes:
    """What a part holds, unpacked; of a message in the message its own bytes."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return inner[0].as_bytes()
    return b""
