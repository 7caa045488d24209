"""Answers as language models and their endpoints give them, good and bad, for a
`ModelServer`.

    with ModelServer(busy(after_s=1), good({"facts": [...]})) as server: ...
    with ModelServer(by_words({"Porto": good(trip), "": refusing()})) as server: ...

`value` is what the model would answer at its best: an object of the schema asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.support.model_server import Body, Say, refusal

Value = Mapping[str, Any]


def good(value: Value) -> Say:
    """JSON as it was asked for."""
    return Say(_json(value))


def fenced(value: Value) -> Say:
    """The JSON in a Markdown block."""
    return Say(f"```json\n{_json(value)}\n```")


def chatty(value: Value) -> Say:
    """Prose around it, with a brace before the JSON."""
    return Say(
        "Here is the JSON {as requested}:\n"
        f"```json\n{_json(value)}\n```\nLet me know if you need anything else!"
    )


def thinking(value: Value) -> Say:
    """A draft in JSON within its thoughts, then the answer."""
    return Say(f'<think>Maybe {{"facts": []}}? No.</think>\n{_json(value)}')


def listed(value: Value) -> Say:
    """A list of all entries instead of an object of lists."""
    return Say(json.dumps(_entries(value), ensure_ascii=False))


def cut(value: Value, share: float = 0.6) -> Say:
    """The answer reached the limit of its tokens within an entry."""
    text = _json(value)
    return Say(text[: int(len(text) * share)], finish="length")


def half_a_sentence(value: Value, share: float = 0.6) -> Say:
    """The same from an endpoint that does not say that it was cut."""
    return replace(cut(value, share), finish="stop")


def wrong_lines(value: Value, lines: Sequence[Any] = (0, 99, "5")) -> Say:
    """Each entry names one line, by turns of `lines`: there is none of that number, or
    it is no number.
    """
    wrong: dict[str, list[Any]] = {}
    place = 0
    for name, entries in value.items():
        wrong[name] = []
        for entry in entries:
            wrong[name].append({**entry, "lines": [lines[place % len(lines)]]})
            place += 1
    return Say(_json(wrong))


def refusing() -> Say:
    """A refusal in prose, as a safety-tuned model gives it."""
    return Say("I'm sorry, but I can't help with that request.")


def filtered() -> Say:
    """Stopped by the endpoint's content filter."""
    return Say("", finish="content_filter")


def empty() -> Say:
    """No words at all."""
    return Say(None)


def slow(say: Say, after_s: float) -> Say:
    """The same answer, so many seconds later."""
    return replace(say, after_s=after_s)


def hanging() -> Say:
    """The connection stays open and silent."""
    return Say(hangs=True)


def half_a_stream(*pieces: str) -> Say:
    """A stream whose connection breaks after these pieces."""
    return Say(pieces=pieces, breaks=True)


def busy(after_s: float | None = 20) -> Say:
    """429, with Retry-After where it is given."""
    headers = {} if after_s is None else {"Retry-After": f"{after_s:g}"}
    return replace(refusal("Rate limit reached", status=429), headers=headers)


def out_of_credit() -> Say:
    """429 of an account that has paid nothing: waiting does not help."""
    error = {
        "message": "You exceeded your current quota",
        "type": "insufficient_quota",
        "code": "insufficient_quota",
    }
    return Say(status=429, error={"error": error})


def overloaded() -> Say:
    """503, as a server that is loading its model answers."""
    return Say(status=503, error={"error": {"message": "Loading model"}})


def broken() -> Say:
    """500."""
    return Say(status=500, error={"error": {"message": "CUDA out of memory"}})


def wrong_key() -> Say:
    """401."""
    return refusal("Incorrect API key provided", status=401)


def no_such_model() -> Say:
    """404."""
    return refusal("The model `m` does not exist", status=404)


def too_long() -> Say:
    """400: the prompt does not fit into the context window."""
    error = {
        "message": "This model's maximum context length is 4096 tokens",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }
    return Say(status=400, error={"error": error})


def by_words(answers: Mapping[str, Say]) -> Callable[[Body], Say]:
    """The first answer whose key stands in the request's messages; "" fits all.
    Where none fits the endpoint answers 500.
    """

    def answer(body: Body) -> Say:
        asked = json.dumps(body["messages"], ensure_ascii=False)
        for words, say in answers.items():
            if words in asked:
                return say
        return Say(status=500, error={"error": {"message": "not in the script"}})

    return answer


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _entries(value: Value) -> list[Any]:
    return [entry for entries in value.values() for entry in entries]
