"""Results of tools that tell a failure, and results that are only about failures."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipeline.extract.tools.failure_phrases import examples
from workers.pipeline.extract.tools.result_failure import LONGEST_ERROR, error_type


@pytest.mark.parametrize(("language", "fails", "result"), [*examples()])
def test_the_examples_of_a_language_are_judged_right(
    language: str, fails: bool, result: str
) -> None:
    assert bool(error_type(result)) == fails


def test_every_language_has_failures_and_successes() -> None:
    rows = [(language, fails) for language, fails, _ in examples()]
    languages = {language for language, _ in rows}
    assert len(languages) >= 11
    assert {(language, True) for language in languages} <= set(rows)
    assert {(language, False) for language in languages} <= set(rows)


@pytest.mark.parametrize(
    ("result", "error"),
    [
        # words
        ("error", "error"),
        ("ValueError: bad date", "ValueError: bad date"),
        ('Traceback (most recent call last):\n  File "x"\nKeyError: 7', "KeyError: 7"),
        (
            "Traceback (most recent call last):\n  File",
            "Traceback (most recent call last):",
        ),
        ("<tool_use_error>File was not read</tool_use_error>", "File was not read"),
        ("bash: line 1: jq: command not found", "bash: line 1: jq: command not found"),
        ("Cloning\nfatal: no access", "no access"),
        # exit codes and HTTP
        ("Exit code: 1", "exit code 1"),
        ("stdout:\nstderr: ls: a: No such file\nexit code: 2", "ls: a: No such file"),
        ("3 errors ignored\nexit code: 0", ""),
        ("HTTP/1.1 403 Forbidden\nServer: x\n\nno", "403 Forbidden"),
        ("HTTP/1.1 200 OK\nServer: x\n\nerror budget: 99 %", ""),
        ("<html><head><title>503 Busy</title></head></html>", "503 Busy"),
        ("<html><body>404 Not Found means that</body></html>", ""),
        ("Error: 404", "404"),
        # flags
        ('{"success": false, "message": "no seats"}', "no seats"),
        ('{"success": false, "reason": "fully booked"}', "fully booked"),
        ('{"success": "false"}', "no reason given"),
        ('{"success": true, "failed": 0, "errors": []}', ""),
        ('{"isError": true}', "no reason given"),
        ('{"booked": false, "reason": "no seats left"}', "no seats left"),
        ("{'success': False, 'error': 'seat taken'}", "seat taken"),
        ("success: false\nreason: no seats", "no seats"),
        # codes and states
        ('{"status": "failed"}', "failed"),
        ('{"status": "PERMISSION_DENIED", "message": "Sign in"}', "Sign in"),
        ('{"status_code": 500}', "500 Internal Server Error"),
        ('{"code": 404}', "404 Not Found"),
        ('{"code": "404", "message": "city unknown"}', "city unknown"),
        ('{"ret": -1, "msg": "签名错误", "data": null}', "签名错误"),
        ('{"code": 0, "msg": "ok", "data": {"status": "failed", "order": 3}}', ""),
        ('{"code": 200, "data": null}', ""),
        ('{"errcode": 0, "errmsg": "ok"}', ""),
        ('{"country": "Malta", "code": 470}', ""),
        # error fields
        ('{"error": "rate limited"}', "rate limited"),
        ('{"error": {"type": "quota", "message": "too much"}}', "quota: too much"),
        ('{"errors": [{"field": "email", "message": "is taken"}]}', "email: is taken"),
        ('{"errors": {"email": ["is taken"]}}', "email: is taken"),
        ('{"error": null, "rows": 3}', ""),
        ('{"error": "none"}', ""),
        ('{"error": {"code": 0}}', ""),
        ('{"error": "0.3 %", "mean": 4}', ""),
        ('{"checked": 9, "errors": 3}', ""),
        # nesting
        ('{"result": {"error": "boom"}}', "boom"),
        ('[{"error": "boom"}]', "boom"),
        ('[{"job": 1, "error": "boom"}]', ""),
        ('{"result": "Error: disk full"}', "disk full"),
        ('{"content": [{"type": "text", "text": "Error: shut"}]}', "shut"),
        (
            '{"isError": true, "content": [{"type": "text", "text": "{\\"error\\": \\"shut\\"}"}]}',
            "shut",
        ),
        (
            '{"isError": false, "content": [{"type": "text", "text": "login failed"}]}',
            "",
        ),
        # neither
        ("[]", ""),
        ("", ""),
        ('{"flights": []}', ""),
    ],
)
def test_errors_are_in_the_words_of_the_result(result: str, error: str) -> None:
    assert error_type(result) == error


@pytest.mark.parametrize(
    ("result", "booking_fails"),
    [
        ("Room 4 is fully booked on 3 May.", True),
        ('{"payment": 7, "amount": 20, "status": "failed"}', True),
        ("Building\nerror: disk full", True),
    ],
)
def test_what_a_tool_that_reads_gives_back_may_be_about_failures(
    result: str, booking_fails: bool
) -> None:
    assert bool(error_type(result, "book_room")) == booking_fails
    assert not error_type(result, "get_room")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["error", "status", "code", "data", "message", "success", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_judged_and_never_shown_as_a_python_value(value: object) -> None:
    error = error_type(json.dumps(value))
    assert len(error) <= LONGEST_ERROR
    assert not error.startswith(("{'", "[{'", "None", "False"))


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert len(error_type(text)) <= LONGEST_ERROR
