"""What mail messages of all formats have in common: who wrote to whom, when and about
what, the text, and the files that came along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.text import html, plain_text

MAX_DEPTH = 3
"""Of messages in each other."""
MAX_ATTACHMENTS = 50
_NOTHING: Progress = lambda done, total: None  # noqa: E731


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message."""

    headers: tuple[tuple[str, str], ...]
    """From, To and so on, as they are shown; empty ones are left out."""
    subject: str = ""
    plain: str = ""
    page: str = ""
    """The text as HTML."""
    attachments: tuple[Attachment, ...] = ()


def parsed_mail(
    mail: Mail, limits: FileLimits, progress: Progress, depth: int = 0
) -> ParsedFile:
    """The message as a document: a heading, its head, its text, its attachments. Raises
    FileRejected; an attachment that cannot be read is named and left out.
    """
    if depth > MAX_DEPTH:
        raise FileRejected("The message holds messages in each other, too many.")
    attachments = mail.attachments[:MAX_ATTACHMENTS]
    steps = 1 + len(attachments)
    progress(0, steps)
    parts = [*_head(mail, depth), *_text(mail, limits)]
    pages = 0
    for done, attachment in enumerate(attachments, 1):
        progress(done, steps)
        rest = replace(limits, pages=max(limits.pages - pages, 0), described_pictures=0)
        inner = _attached(attachment, rest, depth)
        pages += inner.pages
        parts += [replace(part, page=0) for part in inner.parts]
    progress(steps, steps)
    return ParsedFile(tuple(parts), title=mail.subject)


def _head(mail: Mail, depth: int) -> Iterator[Part]:
    if mail.subject:
        yield Part("Title", mail.subject, depth=depth)
    lines = [f"{name}: {value}" for name, value in mail.headers if value]
    if lines:
        yield Part("NarrativeText", "\n".join(lines))


def _text(mail: Mail, limits: FileLimits) -> Sequence[Part]:
    """The text: the plain one, else what a reader of the page sees."""
    if mail.plain.strip():
        data = mail.plain.encode("utf-8", "ignore")
        return plain_text.parse_bytes(data, limits, _NOTHING).parts
    return list(html.parts_of_html(mail.page)) if mail.page.strip() else []


def _attached(attachment: Attachment, limits: FileLimits, depth: int) -> ParsedFile:
    """An attachment under its name, read by its own parser."""
    try:
        inner = _parse(attachment, limits, depth)
    except FileRejected as error:
        reason = error.message.partition(";")[0].rstrip(".")
        label = attachment.name or "without a name"
        note = f"Attachment {label}, which was not read: {reason}."
        return ParsedFile((Part("NarrativeText", note),))
    label = attachment.name or inner.title
    heading = Part("Title", f"Attachment: {label}" if label else "Attachment", depth=1)
    return replace(inner, parts=(heading, *inner.parts))


def _parse(attachment: Attachment, limits: FileLimits, depth: int) -> ParsedFile:
    # These know this module: a message may hold a message.
    from workers.parsers.dispatch import parse_bytes
    from workers.parsers.file_types import EML
    from workers.parsers.mail import eml
    from workers.parsers.sniff import sniff

    if attachment.data and sniff(attachment.data) == EML:
        return parsed_mail(eml.read_mail(attachment.data), limits, _NOTHING, depth + 1)
    return parse_bytes(attachment.data, limits, _NOTHING, attachment.name)
