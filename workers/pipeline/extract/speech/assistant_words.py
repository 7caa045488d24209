"""What an assistant says, without its thoughts and its calls of tools, which models and
agents put into the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.language.foreign_json import foreign_json, require_shallow
from workers.pipeline.extract.speech.patterns import FINAL, INNER

_NAMES = (
    r"[\w:.-]*(?:think|thought|reason|reflect|scratchpad|monologue|tool|function|invoke"
    r"|analysis)[\w:.-]*"
)
_TAGGED = re.compile(
    rf"(?<!`)(?:<(?P<tag>{_NAMES})(?:\s[^<>]*)?>.*?(?:</(?P=tag)\s*>|\Z)"
    r"|<function=[^<>]*>.*?(?:</function>|\Z)"
    r"|\[(?P<bracket>THINK|TOOL_CALLS?|TOOL_RESULTS?)\](?!\().*?(?:\[/(?P=bracket)\]|\Z)"
    r"|◁think▷.*?(?:◁/think▷|\Z)|<\|python_tag\|>.*?(?:<\|e[ow]\w+\|>|\Z)"
    r"|<\|channel\|>(?:analysis|commentary)\b.*?(?:<\|(?:end|call)\|>|\Z))",
    re.I | re.S,
)
_UNOPENED = re.compile(r"\A.*</(?:think|thinking|thought|reasoning)\s*>", re.I | re.S)
_MARKERS = re.compile(
    r"<\|(?:start|end|message|channel|return|im_start|im_end)\|>(?:assistant|final)?"
)
_FENCE = re.compile(
    r"```(?:json|tool_?\w*|function\w*)?\s*\n(?P<json>[\[{].*?)\n?```", re.S
)
_OBJECT = re.compile(r"^[ \t]*(?=[\[{])", re.M)
_CALLED = ("tool", "tool_name", "tool_call", "tool_calls", "function", "function_call")
_WITH_ARGUMENTS = ("name", "action", "recipient_name", "command", "cmd", "method")
_ARGUMENTS = (
    "arguments",
    "args",
    "parameters",
    "params",
    "input",
    "tool_input",
    "action_input",
    "kwargs",
)
FEWEST_LABELS = 2
"""Labels of thoughts and actions from which one that does not begin the text is one."""


def without_thoughts(text: str) -> str:
    """The text without thoughts, calls of tools and what they answered; "" where it
    holds nothing else.
    """
    spoken = _UNOPENED.sub(" ", _TAGGED.sub(" ", text))
    spoken = _without_calls(_MARKERS.sub(" ", spoken))
    return _without_steps(spoken).strip()


def _without_calls(text: str) -> str:
    """The text without JSON that asks for a tool."""
    text = _FENCE.sub(
        lambda match: " " if _is_call(_json(match["json"])) else match[0], text
    )
    out, last = [], 0
    for start, end in _calls(text):
        out.append(text[last:start])
        last = end
    return "".join(out) + text[last:]


def _calls(text: str) -> Iterator[tuple[int, int]]:
    decoder, last = json.JSONDecoder(strict=False), 0
    for match in _OBJECT.finditer(text):
        if match.end() < last:
            continue
        try:
            value, end = decoder.raw_decode(text, match.end())
            require_shallow(value)
        except (ValueError, RecursionError):
            continue
        if _is_call(value):
            yield match.start(), end
            last = end


def _json(text: str) -> Any:
    try:
        return foreign_json(text)
    except ValueError:
        return None


def _is_call(value: Any) -> bool:
    """Whether a JSON value asks for a tool, or is a list of such."""
    if isinstance(value, list):
        return bool(value) and all(_is_call(entry) for entry in value)
    if not isinstance(value, dict):
        return False
    if any(value.get(key) for key in _CALLED):
        return True
    is_named = any(isinstance(value.get(key), str) for key in _WITH_ARGUMENTS)
    return is_named and any(key in value for key in _ARGUMENTS)


def _without_steps(text: str) -> str:
    """The text without "Thought: ... Action: ... Observation: ..." of an agent's steps:
    the final answer, or what stands apart from them.
    """
    lines = text.splitlines()
    inner = [number for number, line in enumerate(lines) if INNER.match(line)]
    begins = bool(inner) and not "".join(lines[: inner[0]]).strip()
    if not begins and len(inner) < FEWEST_LABELS:
        return text
    spoken, is_spoken = list[str](), True
    has_answer = any(FINAL.match(line) for line in lines[inner[0] :])
    for line in lines:
        final = FINAL.match(line)
        if final:
            is_spoken, line = True, line[final.end() :]
        elif INNER.match(line):
            is_spoken = False
        elif not line.strip() and not has_answer:
            is_spoken = True
        if is_spoken:
            spoken.append(line)
    return "\n".join(spoken)
