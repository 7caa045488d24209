"""Skills: a procedure that worked more than once becomes one memory, with its file.
Never from a single run.

Two runs are of one procedure when their successful calls, repetitions of one call
counted once, are the same tools in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.memory import Kind, Memory, Type
from shared.domain.memory_detail import (
    SKILL_TYPE,
    SKILL_VALUE,
    SKILL_WORDS,
    STEP_ARGUMENTS,
    STEPS,
    SUBJECT,
)
from shared.domain.scope import Scope
from shared.language.words import is_chinese
from shared.ports import Memories

MIN_STEPS = 2
"""Distinct steps of a procedure: one call alone is a tool, not a skill."""
MIN_RUNS = 2
"""Runs of the same procedure from which it is a skill."""
SKILLS_COMPARED = 200
"""Latest skills of the user of which it is looked up how they are worded."""
TRAJECTORIES_COMPARED = 200
"""Latest trajectories of the user that a new one is compared with."""

_MAX_NAME_CHARACTERS = 80
_MAX_ADVICE, _MAX_EXAMPLES, _MAX_TAGS = 10, 5, 8
_MAX_CONFIDENCE, _FIRST_CONFIDENCE, _CONFIDENCE_A_RUN = 0.99, 0.5, 0.1


@dataclass(frozen=True, slots=True)
class SkillWording:
    """The sentences of a skill in one language."""

    description: str
    worked: str
    or_: str
    then: str
    call: str
    call_with: str
    and_: str

    def described(
        self, examples: Sequence[str], steps: Sequence[str], runs: int
    ) -> str:
        """When to use it, and how it goes."""
        requests = self.or_.join(f"“{example}”" for example in examples[:2])
        described = self.description.format(
            requests=requests, steps=self.then.join(steps)
        )
        return described + self.worked.format(runs=runs)

    def step(self, number: int, tool: str, arguments: Sequence[str]) -> str:
        """One line of the procedure."""
        sentence = self.call_with if arguments else self.call
        listed = self.and_.join(arguments)
        return sentence.format(number=number, tool=tool, arguments=listed)


ENGLISH = SkillWording(
    description="For requests such as {requests}: {steps}.",
    worked=" It worked in {runs} runs.",
    or_=" or ",
    then=", then ",
    call="{number}. Call {tool}.",
    call_with="{number}. Call {tool} with {arguments}.",
    and_=", ",
)
CHINESE = SkillWording(
    description="适用于{requests}这类请求：{steps}。",
    worked="已在 {runs} 次任务中成功。",
    or_="或",
    then="，然后 ",
    call="{number}. 调用 {tool}。",
    call_with="{number}. 调用 {tool}，参数：{arguments}。",
    and_="、",
)


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
    worded = await _worded(scope, memories)
    learned = []
    for run, steps in runs:
        alike = [
            memory
            for memory in earlier
            if procedure(memory.detail.get(STEPS, ())) == steps
        ]
        if len(alike) + 1 >= MIN_RUNS:
            skill = _skill(run, steps, alike)
            learned.append(with_words(skill, worded.get(skill.subject, {})))
    return learned


async def _worded(scope: Scope, memories: Memories) -> dict[str, Mapping[str, Any]]:
    """How a language model has worded the user's skills, by their subjects."""
    stored, _ = await memories.page(
        scope.project, scope.user, Kind.SKILL, 0, SKILLS_COMPARED
    )
    return {
        str(memory.detail.get(SUBJECT)): memory.detail[SKILL_WORDS]
        for memory in stored
        if memory.detail.get(SKILL_WORDS)
    }


def with_words(skill: Draft, words: Mapping[str, Any]) -> Draft:
    """A skill in the words of a language model: its name, when to use it, how it goes and
    what to mind. What was counted stays; without words the skill as it is.
    """
    if not words:
        return skill
    value = skill.detail[SKILL_VALUE]
    description = str(words["description"])
    wording = CHINESE if is_chinese(description) else ENGLISH
    description += wording.worked.format(runs=value["others"]["runs"])
    advice = dict.fromkeys((*value["experience"], *words["experience"]))
    value = {
        **value,
        "name": words["name"],
        "description": description,
        "procedure": "\n".join(words["procedure"]),
        "experience": list(advice)[:_MAX_ADVICE],
    }
    return replace(
        skill,
        title=value["name"],
        text=f"{value['name']}: {description}",
        detail={**skill.detail, SKILL_VALUE: value, SKILL_WORDS: dict(words)},
    )


def procedure(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps in order, repetitions of one counted once."""
    return tuple(step for step, _ in groupby(steps))


def _skill(run: Draft, steps: Sequence[str], alike: Sequence[Memory]) -> Draft:
    runs = len(alike) + 1
    name = "_then_".join(dict.fromkeys(steps))[:_MAX_NAME_CHARACTERS]
    titles = dict.fromkeys([run.title, *(memory.title for memory in alike)])
    examples = [title for title in titles if title][:_MAX_EXAMPLES]
    wording = CHINESE if is_chinese(" ".join(examples)) else ENGLISH
    description = wording.described(examples, steps, runs)
    details = [run.detail, *(memory.detail for memory in alike)]
    value = {
        "name": name,
        "description": description,
        "procedure": "\n".join(_procedure_lines(steps, details, wording)),
        "experience": _advice(run, alike),
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


def _advice(run: Draft, alike: Sequence[Memory]) -> list[str]:
    """What was learned of tools that failed, the latest first."""
    uses = list(run.tools)
    for memory in alike:
        uses += memory.tools
    advice = [use.experience for use in uses if use.error_type and use.experience]
    return list(dict.fromkeys(advice))[:_MAX_ADVICE]


def _procedure_lines(
    steps: Sequence[str], details: Sequence[Mapping[str, Any]], wording: SkillWording
) -> Iterator[str]:
    """A line a step, with the arguments that it took in every run."""
    runs = [_arguments_by_step(detail) for detail in details]
    for place, step in enumerate(steps):
        taken = [arguments[place] for arguments in runs if len(arguments) == len(steps)]
        yield wording.step(place + 1, step, _common_arguments(taken))


def _arguments_by_step(detail: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The arguments of each step of a procedure: of the first of repeated calls."""
    calls = zip(detail.get(STEPS, ()), detail.get(STEP_ARGUMENTS, ()), strict=False)
    return [next(group)[1] for _, group in groupby(calls, key=lambda call: call[0])]


def _common_arguments(taken: Sequence[Mapping[str, str]]) -> list[str]:
    """The names of the arguments that all runs gave, with the value where it was always
    the same.
    """
    if not taken:
        return []
    common = [name for name in taken[0] if all(name in given for given in taken)]
    arguments = []
    for name in common:
        values = {given[name] for given in taken}
        same = len(values) == 1 and len(taken) >= MIN_RUNS
        arguments.append(f"{name} = {values.pop()}" if same else name)
    return arguments
