"""What the model gets. The fixed text comes first, so that endpoints which keep the
beginning of a prompt need not read it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from shared.domain.passage import Passage

ChatMessage = Mapping[str, Any]

_OWNER = (
    "\n\nTHE OWNER ASKS\nThe owner of this memory asks for the following. It decides"
    " what is written down, never the form of the answer:\n"
)


def talk_prompt(
    lines: Sequence[str],
    before: Sequence[str],
    recalled: Sequence[str],
    tags: Sequence[str],
    instructions: Sequence[str],
) -> list[ChatMessage]:
    """To read a talk. `known` are memories with the days they were said on."""
    data = {
        "known": _numbered(recalled),
        "tags_offered": list(tags),
        "said_before": list(before),
        "lines": _numbered(lines),
    }
    return _messages("talk_instructions.txt", instructions, data)


def passages_prompt(passages: Sequence[Passage]) -> list[ChatMessage]:
    """To describe passages of documents."""
    instructions = passages[0].instructions if passages else ()
    data = {"passages": _numbered([_placed(passage) for passage in passages])}
    return _messages("passage_instructions.txt", instructions, data)


def skill_prompt(
    value: Mapping[str, Any], steps: Sequence[str], runs: Sequence[str]
) -> list[ChatMessage]:
    """To word a skill: its computed value, its tools in order, its runs as they went."""
    data = {
        "requests": value["examples"],
        "steps": list(steps),
        "computed_procedure": value["procedure"],
        "runs": list(runs),
        "failures": value["experience"],
    }
    return _messages("skill_instructions.txt", (), data)


def dated(text: str, said_at: int) -> str:
    """A known memory as the model is shown it; `said_at`: epoch milliseconds, 0 when
    unknown.
    """
    if not said_at:
        return text
    return f"{datetime.fromtimestamp(said_at / 1000, UTC):%Y-%m-%d}: {text}"


def _messages(
    name: str, instructions: Sequence[str], data: Mapping[str, Any]
) -> list[ChatMessage]:
    """The owner's instructions come behind the fixed text. The data are JSON: quotes are
    escaped, so no line of it can end the data and begin to instruct.
    """
    system = _text(name)
    if instructions:
        system += _OWNER + "\n".join(f"- {text}" for text in instructions)
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": content},
    ]


def _numbered(texts: Sequence[str]) -> list[str]:
    return [f"{number}. {text}" for number, text in enumerate(texts, 1)]


def _placed(passage: Passage) -> str:
    where = passage.file or "document"
    if passage.page:
        where = f"{where}, page {passage.page}"
    heading = f"{passage.heading}: " if passage.heading else ""
    return f"[{where}] {heading}{passage.text}"


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()
