"""Tool memory, computed: the schemas that were given, and how each tool fared in the
calls that were made.

Nothing here is guessed: success rates are counts of results, error types are taken from
the results' own words.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, ToolUse, Type
from shared.domain.memory_detail import FAILED_CALLS, SCHEMA_NAME, STEPS
from shared.domain.message import Message, ToolCall
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds

_SCHEMA = re.compile(r"<tool_schema>(.*?)</tool_schema>", re.S)
_ERROR = re.compile(
    r"\s*(?:[\w.]*(?:error|exception)\b|traceback\b|failed\b|failure\b|timed?[ -]?out\b|错误|失败|异常)",
    re.I,
)
_BAD_STATES = frozenset({"error", "failed", "failure", "fail", "timeout"})
LONGEST_VALUE = 160
"""Characters of an argument list or a result that a trajectory quotes."""

MOST_CHANGED = 3
"""Arguments that may differ between a call that failed and the next one, so that the
difference tells why.
"""


@dataclass(frozen=True, slots=True)
class Use:
    """One call with its result; `error` is empty when it succeeded."""

    call: ToolCall
    result: str
    error: str
    message_id: str


def tool_memories(talk: Talk) -> list[Draft]:
    """The tool schemas of the talk's system messages, and one trajectory of its calls
    where there were any with a result.
    """
    system = [message for message in talk.messages if message.role == "system"]
    drafts = [*chain.from_iterable(map(_schemas, system))]
    done = uses(talk)
    return [*drafts, _trajectory(talk, done)] if done else drafts


def _schemas(message: Message) -> Iterable[Draft]:
    for text in _SCHEMA.findall(message.text):
        for schema in _schema_list(text):
            yield Draft(
                type=Type.SCHEMA,
                text=json.dumps(schema, ensure_ascii=False),
                title=schema["name"],
                confidence=1.0,
                subject=f"tool_schema:{schema['name']}",
                detail={SCHEMA_NAME: schema["name"]},
                origins=(Origin(message_ids=(message.id,)),),
                happened_at=milliseconds(message.spoken_at),
            )


def _schema_list(text: str) -> list[dict[str, Any]]:
    """The schemas of a <tool_schema> text: our form or OpenAI's; what cannot be read is
    passed over.
    """
    try:
        given = json.loads(text)
    except ValueError:
        return []
    entries = given if isinstance(given, list) else [given]
    plain = [
        entry.get("function", entry) for entry in entries if isinstance(entry, dict)
    ]
    return [
        entry
        for entry in plain
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and entry["name"]
    ]


def uses(talk: Talk) -> list[Use]:
    """All calls of the talk that have a result, in the order of the results. A call may
    stand before the talk.
    """
    earlier = chain.from_iterable(message.tool_calls for message in talk.before)
    asked = {call.id: call for call in earlier}
    uses = []
    for message in talk.messages:  # in order: some agents use the id of a call again
        asked.update((call.id, call) for call in message.tool_calls)
        call = asked.get(message.tool_call_id) if message.role == "tool" else None
        if call is not None:
            uses.append(Use(call, message.text, error_type(message.text), message.id))
    return uses


def error_type(result: str) -> str:
    """What went wrong, in the result's own words (at most 80 characters), or "" for a success.

    A result is an error when it begins like one ("Error: ...", a traceback, 错误) or is a
    JSON object that says so (`error`, `success: false`, `status: "failed"`).
    """
    said = _json_error(result)
    if said is not None:
        return said[:80]
    if not _ERROR.match(result):
        return ""
    plain = result.strip()
    if plain.lower().startswith("traceback"):
        plain = plain.splitlines()[-1]
    words = re.sub(r"^\s*error\s*[:：]?\s*", "", plain, flags=re.I) or "error"
    first = re.split(r"(?<=[a-z])[.!]\s|\n", words, maxsplit=1)[0]
    return first.strip(" .")[:80] or "error"


def _json_error(result: str) -> str | None:
    """The error of a JSON object, "" when it reports none, None when the result is not
    a JSON object.
    """
    if not result.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(result)
    except ValueError:
        return None
    said = value.get("error") or value.get("errors") or value.get("error_message")
    failed = (
        said
        or value.get("success") is False
        or value.get("ok") is False
        or str(value.get("status", "")).lower() in _BAD_STATES
    )
    if not failed:
        return ""
    return str(
        value.get("error_type")
        or _words_of(said)
        or value.get("message")
        or value.get("status")
        or "error"
    )


def _words_of(error: object) -> str:
    if isinstance(error, Mapping):
        return str(
            error.get("type") or error.get("code") or error.get("message") or "error"
        )
    return "" if error in (None, True, False) else str(error)


def _trajectory(talk: Talk, done: Sequence[Use]) -> Draft:
    by_tool: dict[str, list[Use]] = defaultdict(list)
    for use in done:
        by_tool[use.call.name].append(use)
    tools = tuple(_fared(name, calls) for name, calls in by_tool.items())
    asked = [message.text for message in talk.messages if message.role == "user"]
    request = next(filter(None, asked), "")
    steps = [
        f"{use.call.name}({_arguments(use)}) -> {_cut(use.result)}" for use in done
    ]
    return Draft(
        type=Type.TRAJECTORY,
        text=f"User asked: {_cut(request)} | {' | '.join(steps)}",
        title=request[:60] or ", ".join(by_tool)[:60],
        confidence=1.0,
        context=" ".join(asked)[:2000],
        experience=_experience(tools, done),
        tools=tools,
        detail={
            STEPS: [use.call.name for use in done if not use.error],
            FAILED_CALLS: sum(bool(use.error) for use in done),
        },
        origins=(
            Origin(
                message_ids=tuple(
                    message.id for message in talk.messages if message.role != "system"
                )
            ),
        ),
        happened_at=milliseconds(talk.messages[-1].spoken_at),
    )


def _fared(name: str, calls: Sequence[Use]) -> ToolUse:
    errors = [use for use in calls if use.error]
    commonest = Counter(use.error for use in errors).most_common(1)
    return ToolUse(
        tool=name,
        calls=len(calls),
        success_rate=1 - len(errors) / len(calls),
        error_type=commonest[0][0] if commonest else "",
        experience=_tool_experience(name, calls, errors),
    )


def _tool_experience(name: str, calls: Sequence[Use], errors: Sequence[Use]) -> str:
    if not errors:
        return f"{name} worked in {len(calls)} of {len(calls)} calls, with {_arguments(calls[-1])}."
    place = next(
        (
            place
            for place in range(1, len(calls))
            if calls[place - 1].error and not calls[place].error
        ),
        None,
    )
    failed = calls[place - 1] if place else errors[-1]
    said = (
        f"{name} failed in {len(errors)} of {len(calls)} calls: "
        f"{failed.error} (with {_arguments(failed)})."
    )
    return (
        f"{said} It then worked with {_changed(calls[place - 1], calls[place])}."
        if place
        else said
    )


def _changed(failed: Use, worked: Use) -> str:
    """What was different in the call that worked: the arguments that were changed where
    there are few, else all of them.
    """
    before, after = _named_arguments(failed), _named_arguments(worked)
    names = [
        name for name in {**after, **before} if before.get(name) != after.get(name)
    ]
    if not 0 < len(names) <= MOST_CHANGED:
        return _arguments(worked)
    return "; ".join(
        f"{name} {_argument_text(after, name)} instead of {_argument_text(before, name)}"
        for name in names
    )


def _named_arguments(use: Use) -> dict[str, Any]:
    try:
        given = json.loads(use.call.arguments)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _argument_text(arguments: Mapping[str, Any], name: str) -> str:
    return (
        _cut(json.dumps(arguments[name], ensure_ascii=False))
        if name in arguments
        else "left out"
    )


def _experience(tools: Sequence[ToolUse], done: Sequence[Use]) -> str:
    worked = [use.call.name for use in done if not use.error]
    steps = [name for name, _ in groupby(worked)]  # a run of the same one only once
    said = [f"What worked, in order: {' -> '.join(steps)}."] if steps else []
    said += [
        f"Before calling {tool.tool}, make sure to avoid: {tool.error_type}."
        for tool in tools
        if tool.error_type
    ]
    return " ".join(said)


def _arguments(use: Use) -> str:
    return _cut(use.call.arguments)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
