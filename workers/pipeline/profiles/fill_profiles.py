"""Fill the fields of the profiles that a user is bound to with what a job has learned.

The language model fills all fields that may be updated, where there is one and it
answers; else those that mean what can be read for certain: name, home, job, birthday,
allergies. A locked field is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Embedded, Kind, Memory, Status
from shared.domain.profile import (
    LOCK,
    PROFILE_TAG,
    TemplateField,
    field_id,
    field_memory,
    value_of,
)
from shared.errors import Permanent
from shared.jobs.clock import now
from shared.language.attribution import by_assistant
from shared.language.fact_views import PROFILE
from shared.language.personal_facts import SINGLE
from shared.language.profile_fields import attribute_of_field, stated_of_user
from shared.language.search_text import searched_text, searched_words
from shared.memory_change import changed_by
from shared.ports import ChatModel
from workers.pipeline.extract.model.answer_json import Unreadable
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.lease import HeldLease
from workers.pipeline.profiles.profile_prompt import SCHEMA, question, values_of
from workers.pipeline.saved_answers import answer_once
from workers.pipeline.steps.merge import hold_owners

REASON = "a field of the profile"
ANSWER_TOKENS = 1000
"""Of the longest answer."""
_WRITTEN = (Outcome.STORED, Outcome.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of a template as one owner has it."""

    template: str
    field: TemplateField
    """With the owner's value and lock."""
    memory: Memory | None
    """Where it is stored; None while it is empty."""


async def fill_profiles(run: JobRun) -> None:
    """Write the fields that the job's new memories change; receipts say which. A model
    that fails costs a remark, and never the job: what was learned is stored by now.
    Raises `ModelUnavailable` while it may answer later.
    """
    fields = await _fields(run)
    learned = await _learned(run) if fields else []
    if not learned:
        return
    values = await _values(run, fields, learned)
    async with hold_owners(run) as leases:
        await _write(run, await _fields(run), values, leases)


async def _learned(run: JobRun) -> list[Memory]:
    """The statements that the job has stored of its user, in their order."""
    ids = [r.memory for r in run.job.receipts if r.outcome in _WRITTEN and r.memory]
    scope = run.job.scope
    memories = await run.context.memories.get(scope.project, ids) if ids else []
    return [
        memory
        for memory in memories
        if memory.kind in STATEMENTS
        and memory.scope.user == scope.user
        and not memory.knowledge_base
        and memory.status is Status.ACTIVATED
        and PROFILE_TAG not in memory.tags
        and not by_assistant(memory.text)
    ]


async def _fields(run: JobRun) -> list[OwnField]:
    """The fields of the user's profiles that may be updated."""
    scope, store = run.job.scope, run.context.profile_templates
    bindings = await store.bindings(scope.project, scope.user)
    ids = [binding.template for binding in bindings]
    templates = await store.get(scope.project, ids) if ids else []
    by_id: dict[str, tuple[str, TemplateField]] = {}
    for template in templates:
        for field in template.fields:
            id = field_id(scope.project, scope.user, template.id, field.path)
            by_id[id] = (template.id, field)
    stored = await run.context.memories.get(scope.project, list(by_id)) if by_id else []
    existing = {memory.id: memory for memory in stored}
    own = [_own(*by_id[id], existing.get(id)) for id in by_id]
    return [field for field in own if field.field.updatable]


def _own(template: str, field: TemplateField, memory: Memory | None) -> OwnField:
    if memory is None or memory.status is not Status.ACTIVATED:
        return OwnField(template, replace(field, value=""), None)
    updatable = bool(memory.info.get(LOCK, field.updatable))
    return OwnField(
        template, replace(field, value=value_of(memory), updatable=updatable), memory
    )


async def _values(
    run: JobRun, fields: Sequence[OwnField], learned: Sequence[Memory]
) -> Mapping[str, str]:
    """New values by the paths of the fields."""
    model = run.context.extract_model
    if model is None:
        return certain_values(fields, learned)
    asking = partial(_asked, model, fields, learned)
    try:
        values: dict[str, str] = json.loads(await answer_once(run, "profile", asking))
        return values
    except JobCancelled:
        raise
    except (Unreadable, Permanent) as error:
        await run.add_remarks([f"the profile was filled without the model: {error}"])
        return certain_values(fields, learned)


async def _asked(
    model: ChatModel, fields: Sequence[OwnField], learned: Sequence[Memory]
) -> str:
    """The model's values as JSON, by path. Fields of the same path in several templates
    are one.
    """
    distinct = {own.field.path: own.field.value for own in fields}
    answer = await model.complete(
        question(list(distinct.items()), learned),
        schema=SCHEMA,
        options={"temperature": 0.0, "max_tokens": ANSWER_TOKENS},
    )
    return json.dumps(dict(values_of(answer.text, list(distinct))), ensure_ascii=False)


def certain_values(
    fields: Sequence[OwnField], learned: Sequence[Memory]
) -> Mapping[str, str]:
    """New values by path, for the fields that mean what memories say for certain."""
    values: dict[str, str] = {}
    ordered = sorted(learned, key=lambda memory: memory.said_at or memory.created_at)
    for own in fields:
        attribute = attribute_of_field(own.field.path)
        value = own.field.value
        for fact in chain.from_iterable(map(stated_of_user, ordered)):
            if fact.attribute != attribute:
                continue
            is_single = attribute in SINGLE
            if not is_single and fact.value.lower() in value.lower():
                continue
            is_added = not is_single and value
            value = f"{value}, {fact.value}" if is_added else fact.value
        if value != own.field.value:
            values[own.field.path] = value
    return values


def _with_value(run: JobRun, own: OwnField, value: str) -> Memory:
    """The memory of a field that has a value now."""
    of_field = replace(own.field, value=value)
    memory = field_memory(run.job.scope, own.template, of_field, now())
    memory = replace(memory, job=run.job.id)
    if own.memory is None:
        return memory
    memory = replace(memory, created_at=own.memory.created_at)
    return changed_by(run.job.id, memory, own.memory)


async def _write(
    run: JobRun,
    fields: Sequence[OwnField],
    values: Mapping[str, str],
    leases: Sequence[HeldLease],
) -> None:
    """Store what changes; a field with no value is removed."""
    scope, memories = run.job.scope, run.context.memories
    written: list[Memory] = []
    removed: list[str] = []
    receipts: list[Receipt] = []
    for own in fields:
        value = values.get(own.field.path)
        if value is None or value == own.field.value:
            continue
        if value:
            memory = _with_value(run, own, value)
            written.append(memory)
            outcome = Outcome.SUPERSEDED if own.memory else Outcome.STORED
            receipts.append(
                Receipt(memory.id, outcome, Kind.FACT, REASON, view=PROFILE)
            )
        elif own.memory is not None:
            removed.append(own.memory.id)
    if written:
        dense = await run.context.embedder.passages(list(map(searched_text, written)))
        await run.ensure_owned(*leases)
        await memories.put(
            [
                Embedded(memory, searched_words(memory), vector)
                for memory, vector in zip(written, dense, strict=True)
            ]
        )
    if removed:
        await run.ensure_owned(*leases)
        await memories.delete(scope.project, removed)
    run.change(receipts=(*run.job.receipts, *receipts))
