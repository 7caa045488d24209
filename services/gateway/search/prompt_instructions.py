"""The fixed words that tell a model how to use what was recalled: `preference_note`,
and the prompts that `return_instruction` and `return_full_instruction` ask for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.memory import Kind, Match, Memory, Type
from shared.language.quarantine import MARK, is_quarantined
from shared.language.words import is_chinese

_EXPLICIT, _IMPLICIT = Type.EXPLICIT, Type.IMPLICIT


@dataclass(frozen=True, slots=True)
class _Wording:
    """The sentences of one language."""

    note: str
    """How to use facts and preferences; `{kinds}` stands for the kinds of preferences."""
    kinds: Mapping[Type, str]
    joint: str
    """Between the two kinds."""
    task: str
    """`{query}` stands for the user's words, here and in `ask`."""
    facts: str
    preferences: str
    demands: str
    rules: Sequence[str]
    remark: str
    role: str
    ask: str
    unclear: str


_ZH = _Wording(
    note="# 使用说明\n事实记忆概括了用户说过的内容，偏好记忆概括了用户的愿望和习惯。"
    "请结合事实作答，回答不得违背用户的{kinds}。",
    kinds={
        _EXPLICIT: "显式偏好（用户明确表达的）",
        _IMPLICIT: "隐式偏好（从用户的选择中推断的）",
    },
    joint="和",
    task="任务：回答用户“{query}”",
    facts="已知事实：",
    preferences="用户偏好：",
    demands="要求：",
    rules=("回答时考虑以上与问题有关的内容，无关的忽略", "不违背用户偏好"),
    remark="备注：如关键信息不足，先提出澄清问题，不要编造",
    role="你是一名了解该用户的助手。",
    ask="请直接回答“{query}”。",
    unclear="如果信息不足，请先提出澄清问题，再给出建议；不要编造未提到的内容。",
)

_EN = _Wording(
    note="# How to use this\nFact memories sum up what the user said, "
    "preference memories what the user wishes and is used to. "
    "Answer from the facts; the answer must not go against the user's {kinds}.",
    kinds={
        _EXPLICIT: "explicit preferences (stated by the user)",
        _IMPLICIT: "implicit preferences (inferred from the user's choices)",
    },
    joint=" and ",
    task='Task: answer the user\'s "{query}"',
    facts="Known facts:",
    preferences="The user's preferences:",
    demands="Requirements:",
    rules=(
        "take into account what of the above bears on the question, ignore the rest",
        "do not go against the user's preferences",
    ),
    remark="Note: where something decisive is missing, ask for it first; make nothing up",
    role="You are an assistant who knows this user.",
    ask='Answer "{query}" directly.',
    unclear="If something decisive is missing, ask first, then advise; "
    "make up nothing that is not said here.",
)


def preference_note(preferences: Sequence[Match]) -> str:
    """How to use the preferences, in their language, naming only the kinds that are
    there; '' without any.
    """
    if not preferences:
        return ""
    wording = _wording("".join(match.memory.text for match in preferences))
    present = {match.memory.type for match in preferences}
    names = [name for type, name in wording.kinds.items() if type in present]
    return wording.note.format(kinds=wording.joint.join(names))


def instruction(query: str, matches: Mapping[Kind, Sequence[Match]]) -> str:
    """A half-finished prompt: the task, what is known, what is asked for. To be
    completed by the caller's own rules.
    """
    wording = _wording(query)
    rules = [f"- {rule}" for rule in wording.rules]
    task = wording.task.format(query=query)
    memories = _memory_lines(wording, matches)
    return "\n".join([task, *memories, wording.demands, *rules, wording.remark])


def full_instruction(query: str, matches: Mapping[Kind, Sequence[Match]]) -> str:
    """A prompt that can go to a model as it is."""
    wording = _wording(query)
    ask = wording.ask.format(query=query)
    memories = _memory_lines(wording, matches)
    return "\n".join([wording.role, *memories, ask, wording.unclear])


def _memory_lines(
    wording: _Wording, matches: Mapping[Kind, Sequence[Match]]
) -> list[str]:
    """Facts and preferences as lists, each under its title."""
    titles = {Kind.FACT: wording.facts, Kind.PREFERENCE: wording.preferences}
    lines = []
    for kind, title in titles.items():
        texts = [f"- {_quoted(match.memory)}" for match in matches.get(kind, ())]
        if texts:
            lines += [title, *texts]
    return lines


def _quoted(memory: Memory) -> str:
    """The text of a memory; one that reads like an instruction and is none as a
    quotation that says so.
    """
    if not is_quarantined(memory):
        return memory.text
    return f"{json.dumps(memory.text, ensure_ascii=False)} ({MARK})"


def _wording(text: str) -> _Wording:
    return _ZH if is_chinese(text) else _EN
