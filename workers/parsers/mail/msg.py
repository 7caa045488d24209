"""MSG: a mail message as Outlook saves it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Progress
from workers.parsers.mail.mail_parts import (
    MAX_ATTACHMENTS,
    Attachment,
    Mail,
    parsed_mail,
)


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Head, text and attachments of a message. Raises FileRejected."""
    from oxmsg import Message

    if _is_cut_off(data):
        raise FileRejected("The MSG file is incomplete: its end is missing.")
    message = Message.load(io.BytesIO(data))
    recipients = "; ".join(
        " ".join(filter(None, (recipient.name, f"<{recipient.email_address}>")))
        for recipient in message.recipients
    )
    sent = message.sent_date
    mail = Mail(
        headers=(
            ("From", message.sender or ""),
            ("To", recipients),
            ("Date", sent.strftime("%Y-%m-%d %H:%M %Z").strip() if sent else ""),
        ),
        subject=(message.subject or "").strip(),
        plain=message.body or "",
        page=message.html_body or "",
        attachments=tuple(_attachments(message)),
    )
    return parsed_mail(mail, limits, progress)


def _is_cut_off(data: bytes) -> bool:
    """Whether the end is missing, which would be read as if it had never been there: the
    file ends within a sector, or the allocation table goes on behind its end (MS-CFB 2.1,
    2.3). A table that cannot be read is left to the reader of messages.
    """
    from olefile import MAXREGSECT, OleFileIO

    try:
        with OleFileIO(io.BytesIO(data)) as file:
            goes_on = any(len(file.fat) <= n <= MAXREGSECT for n in file.fat)
            return goes_on or len(data) % file.sector_size > 0
    except OSError:
        return False


def _attachments(message: Any) -> Iterator[Attachment]:
    """The files that came along; a message in the message has no bytes of its own."""
    for attachment in message.attachments[:MAX_ATTACHMENTS]:
        data = attachment.file_bytes
        if data:
            yield Attachment(attachment.file_name or "", data)
