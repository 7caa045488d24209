"""Tool memory, computed: the schemas that were given, and how each tool fared in the
calls that were made.

Nothing here is guessed: success rates are counts of results, error types are taken from
the results' own words.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.memory_detail import (
    FAILED_CALLS,
    SCHEMA_NAME,
    STEP_ARGUMENTS,
    STEPS,
)
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.foreign_json import foreign_json
from workers.pipeline.extract.tools.tool_experience import (
    Wording,
    experience,
    tool_use,
    wording_of,
)
from workers.pipeline.extract.tools.tool_uses import (
    Use,
    arguments_text,
    quoted_arguments,
    result_text,
    shortened,
    uses,
)

LONGEST_TITLE = 60
LONGEST_CONTEXT = 2000
"""Characters of what the user said, by which a trajectory is found."""

_SCHEMA = re.compile(r"<tool_schema>(.*?)</tool_schema>", re.DOTALL)


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
        given = foreign_json(text)
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


def _trajectory(talk: Talk, done: Sequence[Use]) -> Draft:
    by_tool: dict[str, list[Use]] = defaultdict(list)
    for use in done:
        by_tool[use.call.name].append(use)
    asked = [message.text for message in talk.messages if message.role == "user"]
    wanted = " ".join(use.request.text for use in done[:1]) or " ".join(asked)
    wording = wording_of(wanted or " ".join(use.result for use in done))
    tools = tuple(tool_use(name, calls, wording) for name, calls in by_tool.items())
    worked = [use for use in done if not use.error]
    messages = [message.id for message in talk.messages if message.role != "system"]
    return Draft(
        type=Type.TRAJECTORY,
        text=_steps_text(done, wording),
        title=shortened(wanted or ", ".join(by_tool), LONGEST_TITLE),
        confidence=1.0,
        context=(" ".join(asked) or wanted)[:LONGEST_CONTEXT],
        experience=experience(tools, done, wording),
        tools=tools,
        detail={
            STEPS: [use.call.name for use in worked],
            STEP_ARGUMENTS: [quoted_arguments(use) for use in worked],
            FAILED_CALLS: sum(bool(use.error) for use in done),
        },
        origins=(Origin(message_ids=tuple(messages)),),
        happened_at=milliseconds(talk.messages[-1].spoken_at),
    )


def _steps_text(done: Sequence[Use], wording: Wording) -> str:
    """Each request, and after it the calls that were made for it."""
    parts: list[str] = []
    for request, calls in groupby(done, key=lambda use: use.request):
        if request.text.strip():
            parts.append(wording.asked.format(request=shortened(request.text)))
        parts += [_step_text(use, wording) for use in calls]
    return " | ".join(parts)


def _step_text(use: Use, wording: Wording) -> str:
    outcome = result_text(use)
    if use.error:
        outcome = wording.failed_step.format(error=use.error)
    return f"{use.call.name}({arguments_text(use)}) -> {outcome}"
