"""Files inside a request (contract 0.3)."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.ingest.inline_files import decoded, is_url
from shared.errors import BadRequest

DATA = bytes(range(256))
TEXT = base64.b64encode(DATA).decode()


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.rstrip("="),
        f"  {TEXT}\n",
        "\n".join(TEXT[start : start + 76] for start in range(0, len(TEXT), 76)),
        base64.urlsafe_b64encode(DATA).decode(),
        f"data:application/pdf;base64,{TEXT}",
        f"DATA:image/png;name=a b.png;BASE64,{TEXT}",
    ],
)
def test_ways_to_write_bytes(text: str) -> None:
    assert decoded(text, "file_data") == DATA


@pytest.mark.parametrize(
    "text, code",
    [
        ("not base64!", 40008),
        ("data:text/plain;base64,***", 40008),
        ("", 40008),
        ("====", 40008),
        ("data:image/png;base64,", 40008),
        ("abcde", 40008),
        ("词语", 40008),
        ("data:text/plain,hello", 40009),
        ("ftp://example.com/a.pdf", 40009),
        ("file:///etc/passwd", 40009),
        ("C:\\a.pdf", 40009),
    ],
)
def test_what_is_refused(text: str, code: int) -> None:
    with pytest.raises(BadRequest, match="the_field") as refused:
        decoded(text, "the_field")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text, url",
    [
        ("https://example.com/a b.pdf", True),
        (" HTTP://example.com", True),
        ("data:,x", False),
        (TEXT, False),
    ],
)
def test_urls_are_recognised(text: str, url: bool) -> None:
    assert is_url(text) is url


@given(st.binary(min_size=1))
def test_any_bytes_survive(data: bytes) -> None:
    assert decoded(base64.b64encode(data).decode(), "x") == data


@given(st.text())
def test_any_text_is_decoded_or_refused(text: str) -> None:
    try:
        assert decoded(text, "x")
    except BadRequest as refused:
        assert refused.code in (40008, 40009)
