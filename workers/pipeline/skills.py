"""Skills: a procedure that worked more than once becomes one memory, with its file.
Never from a single run.

Two runs are of one procedure when their successful calls, repetitions of one call
counted once, are the same tools in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from shared.domain.extraction import Draft
from shared.domain.memory import Kind, Memory, Type
from shared.domain.memory_detail import SKILL_TYPE, SKILL_VALUE, STEPS
from shared.domain.scope import Scope
from shared.ports import Memories

MIN_STEPS = 2
"""Distinct steps of a procedure: one call alone is a tool, not a skill."""
MIN_RUNS = 2
"""Runs of the same procedure from which it is a skill."""
TRAJECTORIES_COMPARED = 200
"""Latest trajectories of the user that a new one is compared with."""

_MAX_NAME_CHARACTERS = 80
_MAX_ADVICE, _MAX_EXAMPLES, _MAX_TAGS = 10, 5, 8
_MAX_CONFIDENCE, _FIRST_CONFIDENCE, _CONFIDENCE_A_RUN = 0.99, 0.5, 0.1


async def skills(
    drafts: Sequence[Draft], scope: Scope, memories: Memories
) -> list[Draft]:
    """A skill for each trajectory among the drafts whose procedure the user's earlier
    trajectories, in other conversations, show as well.
    """
    runs = []
    for draft in drafts:
        steps = procedure(draft.detail.get(STEPS, ()))
        if draft.type is Type.TRAJECTORY and len(steps) >= MIN_STEPS:
            runs.append((draft, steps))
    if not runs:
        return []
    tools, _ = await memories.page(
        scope.project, scope.user, Kind.TOOL, 0, TRAJECTORIES_COMPARED
    )
    earlier = [
        memory
        for memory in tools
        if memory.type is Type.TRAJECTORY
        and memory.scope.conversation != scope.conversation
    ]
    learned = []
    for run, steps in runs:
        alike = [
            memory
            for memory in earlier
            if procedure(memory.detail.get(STEPS, ())) == steps
        ]
        if len(alike) + 1 >= MIN_RUNS:
            learned.append(_skill(run, steps, alike))
    return learned


def procedure(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps in order, repetitions of one counted once."""
    return tuple(step for step, _ in groupby(steps))


def _skill(run: Draft, steps: Sequence[str], alike: Sequence[Memory]) -> Draft:
    runs = len(alike) + 1
    name = "_then_".join(dict.fromkeys(steps))[:_MAX_NAME_CHARACTERS]
    description = f"How to do what was asked in {runs} runs, such as: {run.title}"
    uses = list(run.tools)
    for memory in alike:
        uses += memory.tools
    advice = sorted({use.experience for use in uses if use.error_type})
    calls = [f"{number}. Call {step}." for number, step in enumerate(steps, 1)]
    titles = dict.fromkeys([run.title, *(memory.title for memory in alike)])
    examples = [title for title in titles if title][:_MAX_EXAMPLES]
    value = {
        "name": name,
        "description": description,
        "procedure": "\n".join(calls),
        "experience": advice[:_MAX_ADVICE],
        "preference": [],
        "examples": examples,
        "script": {},
        "others": {"runs": runs},
    }
    confidence = _FIRST_CONFIDENCE + _CONFIDENCE_A_RUN * runs
    return Draft(
        type=Type.SKILL,
        text=f"{name}: {description}",
        title=name,
        tags=tuple(dict.fromkeys(steps))[:_MAX_TAGS],
        confidence=min(_MAX_CONFIDENCE, confidence),
        context=" ".join(examples),
        subject=f"skill:{'>'.join(steps)}",
        detail={SKILL_VALUE: value, SKILL_TYPE: "procedure"},
        origins=run.origins,
        happened_at=run.happened_at,
    )
