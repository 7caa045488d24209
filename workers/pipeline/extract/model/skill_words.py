"""A skill in the words of a language model: what it is good for, why and how each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.memory_detail import SKILL_VALUE
from shared.errors import SouvenirError
from shared.ports import ChatModel
from workers.pipeline.extract.model.answer_json import Unreadable
from workers.pipeline.extract.model.dialogue import Question, answers
from workers.pipeline.extract.model.prompt import ChatMessage, skill_prompt
from workers.pipeline.extract.model.schema import SKILL

LONGEST_NAME = 80
LONGEST_TEXT = 600
"""Characters of a description, of a step, of a rule."""
MAX_EXPERIENCE = 5
_FIELDS = ("procedure",)


async def words_of(
    skill: Draft, steps: Sequence[str], runs: Sequence[str], model: ChatModel
) -> Mapping[str, Any]:
    """What a model answers about a skill: `name`, `description`, `procedure` and
    `experience` (lists of texts). Nothing where its answer is none, or names the tools of
    the steps not in their order: a skill is of use without a model, too.
    """

    def prompt(skills: Sequence[Draft]) -> list[ChatMessage]:
        return skill_prompt(skills[0].detail[SKILL_VALUE], steps, runs)

    question: Question[Draft] = Question(prompt, SKILL, _FIELDS)
    try:
        async for answered in answers(model, question, [skill]):
            words = _checked(answered.value)
            if not answered.remark and _names_steps(words["procedure"], steps):
                return words if words["name"] and words["description"] else {}
    except (Unreadable, SouvenirError):
        return {}
    return {}


def _checked(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": _text(value.get("name"))[:LONGEST_NAME],
        "description": _text(value.get("description")),
        "procedure": _texts(value.get("procedure")),
        "experience": _texts(value.get("experience"))[:MAX_EXPERIENCE],
    }


def _names_steps(procedure: Sequence[str], steps: Sequence[str]) -> bool:
    """Whether the tools stand in the procedure in the order of the steps."""
    text, place = " ".join(procedure), 0
    for step in steps:
        place = text.find(step, place) + 1
        if not place:
            return False
    return True


def _texts(given: object) -> list[str]:
    values = given if isinstance(given, list) else []
    return list(filter(None, map(_text, values)))


def _text(given: object) -> str:
    return " ".join(given.split())[:LONGEST_TEXT] if isinstance(given, str) else ""
