"""Every variable: what it cannot take is refused in one line that names it."""

from __future__ import annotations

import random
import string

import pytest

from services.launcher import cli
from services.launcher.start_refused import BAD_SETTING
from shared.settings import Settings
from shared.settings.variables import variables

NAMES = [name for name, _, _ in variables(Settings())]
GARBAGE = (
    "garbage?!",
    "-1",
    "0",
    "-0.5",
    "nan",
    "inf",
    "1e400",
    "9" * 30,
    "9" * 5000,
    "[",
    "[" * 100_000,
    '{"a": {"b": ' * 3,
    "[1, 2]",
    "http://",
    "http://[::1",
    "http://host:99999/",
    "ftp://host",
    "redis://:6379:1",
    "Mars/Phobos",
    "../../etc/passwd",
    "Europe",
    "a b",
    "10.0.0.0/99,x",
    "whsec_short",
    "whsec_???",
    "sparkles ✨",
    "two\nlines",
    "\x7f",
    "\udcff",
    "https://user:secret@host name/",
)
FREE = {
    "SOUVENIR_DATA",
    "SOUVENIR_EXTRACT_MODEL",
    "SOUVENIR_VISION_MODEL",
    "MOS_CHAT_MODEL",
    "SOUVENIR_EMBED_MODEL",
    "SOUVENIR_RERANK_MODEL",
    "SOUVENIR_EXTRACT_INSTRUCTIONS",
    "SOUVENIR_EMBED_QUERY_PREFIX",
    "SOUVENIR_EMBED_PASSAGE_PREFIX",
    "SOUVENIR_CALIBRATION",
    "SOUVENIR_MODEL_FILE",
    "SOUVENIR_SOURCES",
}
"""Names of models and files, and texts: most of what can be written can be meant."""


def refusal(name: str, text: str) -> str:
    """Why a value is refused; "" where it is taken."""
    try:
        Settings.from_env({name: text})
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_garbage_is_refused_in_one_line_with_the_variable(name: str) -> None:
    refusals = [refusal(name, text) for text in GARBAGE]
    for text, line in zip(GARBAGE, refusals, strict=True):
        assert len(line.splitlines()) <= 1, text
        assert len(line) < 400, text
        assert not line or name in line, text
        assert "secret@" not in line
    if name not in FREE:
        assert sum(map(bool, refusals)) >= 5, refusals


@pytest.mark.parametrize("name", NAMES)
def test_no_text_at_all_raises_anything_else(name: str) -> None:
    chosen = random.Random(name)
    for _ in range(60):
        size = chosen.randint(1, 40)
        letters = string.printable + "é中✨\x00\udc80"
        refusal(name, "".join(chosen.choices(letters, k=size)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SOUVENIR_PORT", "1"),
        ("SOUVENIR_HOST", "::"),
        ("SOUVENIR_HOST", "souvenir.example.org"),
        ("SOUVENIR_TIMEZONE", "Europe/Lisbon"),
        ("SOUVENIR_LOG_LEVEL", "info"),
        ("REDIS_URL", "rediss://:secret@cache.example.org:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("QDRANT_URL", "https://qdrant.example.org"),
        ("SOUVENIR_SOURCES", "s3://bucket/folder"),
        ("SOUVENIR_SOURCES", "/var/lib/souvenir/sources"),
        ("SOUVENIR_FETCH_ALLOW", "10.0.0.0/8, fd00::/8,192.168.1.7"),
        ("SOUVENIR_SYNC_WAIT_S", "0"),
        ("SOUVENIR_EMBED_TIMEOUT_S", "0.5"),
        ("SOUVENIR_EMBED_DIMENSIONS", "0"),
        ("SOUVENIR_EXTRACT_EXTRA_BODY", '{"think": false}'),
        (
            "SOUVENIR_CHAT_MODELS",
            '{"m": {"base_url": "http://localhost/v1", "timeout_s": 5}}',
        ),
        ("SOUVENIR_MODEL_PRICES", '{"m": {"prompt": 0, "completion": 2.5}}'),
        ("SOUVENIR_PRICE_CURRENCY", "CNY"),
    ],
)
def test_what_is_meant_is_taken(name: str, text: str) -> None:
    assert refusal(name, text) == ""


@pytest.mark.parametrize(
    "text",
    [
        '["m"]',
        '{"m": 2}',
        '{"m": {"prompt": 1}}',
        '{"m": {"prompt": 1, "completion": -1}}',
        '{"m": {"prompt": true, "completion": 1}}',
        '{"m": {"prompt": NaN, "completion": 1}}',
        '{"": {"prompt": 1, "completion": 1}}',
    ],
)
def test_a_price_that_is_none_is_refused(text: str) -> None:
    assert "SOUVENIR_MODEL_PRICES" in refusal("SOUVENIR_MODEL_PRICES", text)


def test_keys_and_passwords_are_not_printed() -> None:
    for name in ("OPENAI_API_KEY", "SOUVENIR_API_KEY", "SOUVENIR_WEBHOOK_SECRET"):
        assert "hush hush" not in refusal(name, "hush hush")
    assert "hush" not in refusal("REDIS_URL", "http://me:hush@host/0")


@pytest.mark.parametrize("command", ["up", "doctor", "backup"])
@pytest.mark.parametrize(
    "name", ["SOUVENIR_TIMEZONE", "REDIS_URL", "SOUVENIR_CHAT_TRIES", "SOUVENIR_AUTH"]
)
def test_the_program_ends_with_a_line_and_its_code(
    name: str,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = next(text for text in GARBAGE if refusal(name, text))
    monkeypatch.setenv(name, text)
    arguments = [command, "file"] if command == "backup" else [command]
    assert cli.main(arguments) == BAD_SETTING
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("souvenir: ")
    assert len(captured.err.splitlines()) == 1


def test_a_port_that_cannot_be_is_refused_as_an_option_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["up", "--port", "99999"]) == BAD_SETTING
    assert capsys.readouterr().err == (
        "souvenir: SOUVENIR_PORT='99999' is not what it takes: a port from 1 to 65535\n"
    )
