"""Mail messages, as they are sent and as Outlook saves them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from shared.errors import FileRejected
from workers.parsers.file_types import EML, MSG, TEXT
from workers.parsers.mail.mail_look import looks_like_mail
from workers.parsers.parse_file import Document, parse

FILES = Path(__file__).parents[2] / "data" / "documents"


def texts(document: Document) -> list[str]:
    return [element.text for element in document.elements]


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    defaults = {"From": "a@example.com", "To": "b@example.com", "Message-ID": "<1@x>"}
    for name, value in {**defaults, **headers}.items():
        made[name.replace("_", "-")] = value
    return made


def test_head_text_and_attachments_of_a_message() -> None:
    document = parse((FILES / "offer.eml").read_bytes())
    assert (document.media_type, document.title) == (EML, "Grüße aus München: 报价")
    found = texts(document)
    assert "From: Jörg Müller <joerg@example.com>" in found[1]
    assert "Date: Mon, 03 Mar 2025 10:15:00 +0100" in found[1]
    assert "die Lieferung kommt am 12. März." in found
    assert "html" not in " ".join(found), "the plain text says the same"
    assert any("| Rent | 2024-02-01 | 55.0% | 940.5 € |" in text for text in found)
    assert found[found.index("Attachment: 注意.txt") + 1] == "阀门是红色的。"
    assert "Attachment setup.exe, which was not read: The file is a program." in found
    assert found[-1] == "The code of the gate is on the wall."


def test_a_message_of_outlook() -> None:
    document = parse((FILES / "offer.msg").read_bytes())
    assert (document.media_type, document.title) == (MSG, "Angebot für Ana – 报价")
    found = texts(document)
    assert "To: Ana Lima <ana@example.com>" in found[1]
    assert "Date: 2025-03-04 08:30 UTC" in found[1]
    assert "der Preis ist 940 Euro." in found
    assert found[-2:] == ["Attachment: Hinweis.txt", "Das Ventil ist rot."]


def test_a_page_where_there_is_no_plain_text() -> None:
    made = message(Subject="x")
    made.set_content(
        "<h1>Angebot</h1><script>no()</script><p>阀门 &amp; Rohr</p>", subtype="html"
    )
    assert texts(parse(bytes(made)))[2:] == ["Angebot", "阀门 & Rohr"]


@pytest.mark.parametrize(
    "charset", ["gb18030", "big5", "iso-2022-jp", "koi8-r", "utf-8"]
)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_encodings(charset: str, encoding: str) -> None:
    known = {"koi8-r": "Встреча в понедельник", "gb18030": "会议", "big5": "會議"}
    words = known.get(charset, "会議")
    made = message(Subject=words)
    made.set_content(words, charset=charset, cte=encoding)
    assert texts(parse(bytes(made)))[-1] == words


def test_an_encoding_that_does_not_exist() -> None:
    data = (
        b"From: a@x.org\r\nMessage-ID: <1@x>\r\nSubject: s\r\n"
        b"Content-Type: text/plain; charset=klingon\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
    )
    assert texts(parse(data))[-1] == "Grüße"


def test_messages_in_messages_end() -> None:
    inner = message(Subject="the innermost")
    inner.set_content("words")
    for level in range(8):
        outer = message(Subject=f"level {level}")
        outer.set_content("text")
        outer.add_attachment(inner)
        inner = outer
    found = texts(parse(bytes(inner)))
    assert "level 7" in found and "the innermost" not in found
    assert any("messages in each other" in text for text in found)


def test_a_bomb_that_came_along_costs_itself_only() -> None:
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "x" * 100_000_000)
    made = message(Subject="s")
    made.set_content("the words")
    made.add_attachment(
        held.getvalue(), maintype="application", subtype="zip", filename="b.docx"
    )
    found = texts(parse(bytes(made)))
    assert "the words" in found
    assert any("b.docx, which was not read" in text for text in found)


@pytest.mark.parametrize(
    "text, is_mail",
    [
        ("From: a@x\nTo: b@x\nMessage-ID: <1>\n\nwords", True),
        ("Received: by x\n\tfor y\nFrom: a@x\nSubject: s\n\nwords", True),
        (
            "From a@x Mon Mar 3 10:00:00 2025\nFrom: a@x\nDate: d\nMIME-Version: 1.0\n\n",
            True,
        ),
        ("From: Ann\nTo: Ben\nSubject: the memo\n\nwords", False),
        ("Name: x\nversion: 1\nmime-version: 2\n", False),
        ("From: a@x is what it said\nand then prose\n", False),
        ("", False),
    ],
)
def test_what_looks_like_a_mail(text: str, is_mail: bool) -> None:
    assert looks_like_mail(text) is is_mail


def test_a_memo_stays_a_text() -> None:
    assert (
        parse(b"From: Ann\nTo: Ben\nSubject: memo\n\nThe pump is red.").media_type
        == TEXT
    )


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_outlook_files_that_were_cut_off(share: float) -> None:
    data = (FILES / "offer.msg").read_bytes()
    with pytest.raises(FileRejected) as caught:
        parse(data[: int(len(data) * share)])
    assert caught.value.code in (50107, 40007)
