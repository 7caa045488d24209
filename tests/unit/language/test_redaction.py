"""Secrets are taken out, and what only looks like one stays."""

from __future__ import annotations

import pytest

from shared.language.redaction import (
    KINDS,
    SecretPattern,
    has_right_check_digit,
    redacted,
    redacted_value,
    secret_patterns,
    written,
)


@pytest.mark.parametrize(
    "secret", secret_patterns(), ids=lambda s: s.pattern.pattern[:30]
)
def test_each_pattern_has_its_example(secret: SecretPattern) -> None:
    text, counts = redacted(secret.example, [secret.kind])
    assert counts[secret.name] == 1 and f"[{secret.name} removed]" in text
    assert redacted(secret.counter_example, KINDS) == (secret.counter_example, {})
    assert redacted(secret.example, ()) == (secret.example, {})


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The password is hunter2.", "The password is [password removed]."),
        (
            "My wifi password is 'blue horse'",
            "My wifi password is '[password removed]'",
        ),
        ("Kennwort: Geheim!7 bitte", "Kennwort: [password removed] bitte"),
        ("我的密码是 abc123，记住", "我的密码是 [password removed]，记住"),
        ("redis://:p4ss@host/0", "redis://:p4ss@host/0"),
        ("Card 4111-1111-1111-1111 exp 12/30", "Card [card number removed] exp 12/30"),
        ("IBAN and 5500005555555559", "IBAN and [card number removed]"),
        ("export API_KEY=abcd1234abcd1234abcd", "export API_KEY=[API key removed]"),
    ],
)
def test_what_is_taken_out(text: str, expected: str) -> None:
    assert redacted(text, KINDS)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password and asked for a new one.",
        "My PIN is important, my password too.",
        "The phone number is +49 30 901820.",
        "My order number is 4111 1111 1111 1112.",
        "The ISBN is 978-3-16-148410-0.",
        "Call 2025-12-10 12:30:00 a date.",
        "The session key idea is interesting.",
        "我忘记了密码。",
        "Unix time 1765376340736 is a number.",
    ],
)
def test_what_stays(text: str) -> None:
    assert redacted(text, KINDS) == (text, {})


def test_only_the_kinds_that_are_asked_for() -> None:
    text = "Password: abc123! and card 4111111111111111"
    assert "4111111111111111" in redacted(text, ["passwords"])[0]
    assert "abc123!" in redacted(text, ["cards"])[0]


def test_everywhere_in_a_value() -> None:
    value = {"a": ["password: abc123!", 4111111111111111], "b": {"c": None}}
    cleared, counts = redacted_value(value, KINDS)
    assert cleared == {
        "a": ["password: [password removed]", 4111111111111111],
        "b": {"c": None},
    }
    assert counts == {"password": 1}


def test_in_words() -> None:
    assert written({"password": 1, "API key": 2}, "a.pdf") == (
        "2 API keys, 1 password in a.pdf"
    )


@pytest.mark.parametrize("number", ["4111111111111111", "378282246310005", "0"])
def test_the_check_digit(number: str) -> None:
    assert has_right_check_digit(number)
    assert not has_right_check_digit(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "piece",
    ["password ", "4 ", "sk-", "-----BEGIN PRIVATE KEY-----", "a://b:", "api key is "],
)
def test_no_text_takes_long(piece: str) -> None:
    """What takes the square of a text's length would not come back from this one."""
    text = piece * (400_000 // len(piece))
    assert redacted(text, KINDS)[0]
