"""What was learned of tools, in sentences: how often each worked, why it failed, and what
was different when it worked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

from shared.domain.memory import ToolUse
from shared.language.words import is_chinese
from workers.pipeline.extract.tools.error_words import says_why
from workers.pipeline.extract.tools.tool_uses import (
    Use,
    arguments_of,
    arguments_text,
    value_text,
)

MOST_CHANGED = 3
"""Arguments that may differ between a call that failed and the next one, so that the
difference tells why.
"""
MOST_OTHER_ERRORS = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language."""

    asked: str
    failed_step: str
    worked: str
    failed: str
    other_errors: str
    retried: str
    retried_unchanged: str
    changed: str
    left_out: str
    in_order: str
    may_fail: str
    may_fail_silently: str
    between_sentences: str


ENGLISH = Wording(
    asked="User asked: {request}",
    failed_step="failed: {error}",
    worked="{tool} worked in {calls} of {calls} calls, for example with {arguments}.",
    failed="{tool} failed in {errors} of {calls} calls: {error} (with {arguments}).",
    other_errors="It also failed with: {errors}.",
    retried="It then worked with {change}.",
    retried_unchanged="It then worked with the same arguments.",
    changed="{name} {after} instead of {before}",
    left_out="left out",
    in_order="What worked, in order: {steps}.",
    may_fail="{tool} may fail: {error}.",
    may_fail_silently="{tool} may fail without saying why.",
    between_sentences=" ",
)
CHINESE = Wording(
    asked="用户请求：{request}",
    failed_step="失败：{error}",
    worked="{tool} 调用 {calls} 次，全部成功，参数如 {arguments}。",
    failed="{tool} 调用 {calls} 次，失败 {errors} 次：{error}（参数 {arguments}）。",
    other_errors="另有失败：{errors}。",
    retried="之后改为 {change}，调用成功。",
    retried_unchanged="之后以相同参数再次调用成功。",
    changed="{name} {after}（原为 {before}）",
    left_out="不填",
    in_order="成功的步骤依次为：{steps}。",
    may_fail="{tool} 可能失败：{error}。",
    may_fail_silently="{tool} 可能失败而不说明原因。",
    between_sentences="",
)


def wording_of(text: str) -> Wording:
    """The sentences in the language of a text: Chinese, or English for all others."""
    kana = any("\u3040" <= letter <= "\u30ff" for letter in text)
    return CHINESE if is_chinese(text) and not kana else ENGLISH


def tool_use(name: str, calls: Sequence[Use], wording: Wording) -> ToolUse:
    """How one tool fared in its calls, in their order."""
    errors = [use for use in calls if use.error]
    commonest = Counter(use.error for use in errors).most_common(1)
    return ToolUse(
        tool=name,
        calls=len(calls),
        success_rate=1 - len(errors) / len(calls),
        error_type=commonest[0][0] if commonest else "",
        experience=_tool_experience(name, calls, wording),
    )


def experience(tools: Sequence[ToolUse], done: Sequence[Use], wording: Wording) -> str:
    """What a whole run teaches: the order that worked, and which tools may fail."""
    worked = [use.call.name for use in done if not use.error]
    steps = [name for name, _ in groupby(worked)]  # a run of the same one only once
    sentences = [wording.in_order.format(steps=" -> ".join(steps))] if steps else []
    for tool in filter(lambda tool: tool.error_type, tools):
        reasoned = says_why(tool.error_type)
        sentence = wording.may_fail if reasoned else wording.may_fail_silently
        sentences.append(sentence.format(tool=tool.tool, error=tool.error_type))
    return wording.between_sentences.join(sentences)


def _tool_experience(name: str, calls: Sequence[Use], wording: Wording) -> str:
    errors = [use for use in calls if use.error]
    if not errors:
        arguments = arguments_text(calls[-1])
        return wording.worked.format(tool=name, calls=len(calls), arguments=arguments)
    retry = _retry(calls)
    failed = retry[0] if retry else errors[-1]
    sentences = [
        wording.failed.format(
            tool=name,
            errors=len(errors),
            calls=len(calls),
            error=failed.error,
            arguments=arguments_text(failed),
        )
    ]
    if retry:
        sentences.append(_retried(*retry, wording))
    others = list(
        dict.fromkeys(use.error for use in errors if use.error != failed.error)
    )
    if others:
        listed = "; ".join(others[:MOST_OTHER_ERRORS])
        sentences.append(wording.other_errors.format(errors=listed))
    return wording.between_sentences.join(sentences)


def _retry(calls: Sequence[Use]) -> tuple[Use, Use] | None:
    """A call that failed and a later one for the same request that worked: of all such
    pairs the one that differs least. Parallel calls are no retries of each other.
    """
    pairs = [
        (failed, worked)
        for failed, worked in combinations(calls, 2)
        if failed.error
        and not worked.error
        and worked.turn > failed.turn
        and worked.request.number == failed.request.number
    ]
    return min(pairs, key=_distance, default=None)


def _distance(pair: tuple[Use, Use]) -> tuple[int, int]:
    failed, worked = pair
    return len(_changed_names(failed, worked)), worked.turn - failed.turn


def _changed_names(failed: Use, worked: Use) -> list[str]:
    before, after = arguments_of(failed), arguments_of(worked)
    missing = object()
    return [
        name
        for name in {**after, **before}
        if before.get(name, missing) != after.get(name, missing)
    ]


def _retried(failed: Use, worked: Use, wording: Wording) -> str:
    """What was different in the call that worked: the arguments that were changed where
    there are few, else all of them.
    """
    names = _changed_names(failed, worked)
    if not names and arguments_text(failed) == arguments_text(worked):
        return wording.retried_unchanged
    if not 0 < len(names) <= MOST_CHANGED:
        return wording.retried.format(change=arguments_text(worked))
    before, after = arguments_of(failed), arguments_of(worked)
    changes = [
        wording.changed.format(
            name=name,
            before=_argument_text(before, name, wording),
            after=_argument_text(after, name, wording),
        )
        for name in names
    ]
    return wording.retried.format(change="; ".join(changes))


def _argument_text(arguments: Mapping[str, Any], name: str, wording: Wording) -> str:
    return value_text(arguments[name]) if name in arguments else wording.left_out
