"""Skills: a procedure that worked more than once becomes one memory, with its file.
Never from a single run.

Two runs are of one procedure when their successful calls, a run of the same one told
once, are the same tools in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft
from shared.domain.memory import Kind, Memory, Type
from shared.domain.memory_detail import SKILL_TYPE, SKILL_VALUE, STEPS
from shared.domain.scope import Scope
from shared.ports import Memories

SHORTEST = 2
"""Distinct steps of a procedure: one call alone is a tool, not a skill."""

OFTEN = 2
"""Runs of the same procedure from which it is a skill."""

LOOKED_BACK = 200
"""Latest trajectories of the user that a new one is compared with."""


async def skills(
    drafts: Sequence[Draft], scope: Scope, memories: Memories
) -> list[Draft]:
    """A skill for each trajectory among the drafts whose procedure the user's earlier
    trajectories show as well.
    """
    runs = [
        draft
        for draft in drafts
        if draft.type is Type.TRAJECTORY
        and len(procedure(draft.detail.get(STEPS, ()))) >= SHORTEST
    ]
    if not runs:
        return []
    known, _ = await memories.page(scope.project, scope.user, Kind.TOOL, 0, LOOKED_BACK)
    earlier = [
        memory
        for memory in known
        if memory.type is Type.TRAJECTORY
        and memory.scope.conversation != scope.conversation
    ]
    return [skill for run in runs if (skill := _skill(run, earlier)) is not None]


def procedure(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps in order, a run of the same one told once."""
    return tuple(
        step
        for place, step in enumerate(steps)
        if place == 0 or steps[place - 1] != step
    )


def _skill(run: Draft, earlier: Sequence[Memory]) -> Draft | None:
    steps = procedure(run.detail[STEPS])
    alike = [
        memory for memory in earlier if procedure(memory.detail.get(STEPS, ())) == steps
    ]
    if len(alike) + 1 < OFTEN:
        return None
    name = "_then_".join(dict.fromkeys(steps))[:80]
    description = (
        f"How to do what was asked in {len(alike) + 1} runs, such as: {run.title}"
    )
    used = [*run.tools, *(tool for memory in alike for tool in memory.tools)]
    advice = sorted({tool.experience for tool in used if tool.error_type})
    value = {
        "name": name,
        "description": description,
        "procedure": "\n".join(
            f"{number}. Call {step}." for number, step in enumerate(steps, 1)
        ),
        "experience": advice[:10],
        "preference": [],
        "examples": [
            text
            for text in dict.fromkeys([run.title, *(memory.title for memory in alike)])
            if text
        ][:5],
        "script": {},
        "others": {"runs": len(alike) + 1},
    }
    return Draft(
        type=Type.SKILL,
        text=f"{name}: {description}",
        title=name,
        tags=tuple(dict.fromkeys(steps))[:8],
        confidence=min(0.99, 0.5 + 0.1 * (len(alike) + 1)),
        context=" ".join(value["examples"]),
        subject=f"skill:{'>'.join(steps)}",
        detail={SKILL_VALUE: value, SKILL_TYPE: "procedure"},
        origins=run.origins,
        happened_at=run.happened_at,
    )
