"""MSG: a mail message as Outlook saves it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

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


def _attachments(message: Any) -> Iterator[Attachment]:
    """The files that came along; a message in the message has no bytes of its own."""
    for attachment in message.attachments[:MAX_ATTACHMENTS]:
        data = attachment.file_bytes
        if data:
            yield Attachment(attachment.file_name or "", data)
