"""Drafts as memories: which words in which place are the same memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.memory import KIND_OF_TYPE, Memory, Origin, Type
from shared.domain.memory_detail import SUBJECT
from shared.language.lexical import without_date
from shared.language.normal_words import normal_words

BY_SUBJECT = frozenset({Type.SCHEMA, Type.SKILL})
"""Types that hold one memory a subject: a new version takes the place of the old one."""


def memory_of(draft: Draft, job: Job, owner: str, at: int) -> Memory:
    """The draft as a memory of one owner, created at `at` (epoch milliseconds)."""
    labelled = _with_labels_of(draft, job)
    detail = draft.detail
    if draft.subject:
        detail = {**detail, SUBJECT: draft.subject}
    return Memory(
        id=identity(draft, job, owner),
        scope=labelled.scope,
        type=draft.type,
        text=draft.text,
        title=draft.title,
        confidence=draft.confidence,
        tags=draft.tags,
        info=labelled.options.info,
        created_at=at,
        updated_at=at,
        happened_at=draft.happened_at,
        said_at=draft.said_at or draft.happened_at,
        context=draft.context,
        reasoning=draft.reasoning,
        experience=draft.experience,
        tools=draft.tools,
        origins=draft.origins,
        speaker=draft.speaker,
        job=job.id,
        detail=detail,
        public=labelled.options.public and not owner,
        knowledge_base=owner,
        expires_at=labelled.options.expires_at,
    )


def identity(draft: Draft, job: Job, owner: str) -> str:
    """The same words in the same place are the same memory; labels that filters ask for
    keep it apart, so that both are found. What is read in a document belongs to it: when
    one of two that say the same is deleted, the other still says it. "No, at 9" is of
    another matter in another conversation.
    """
    if draft.type in BY_SUBJECT and draft.subject:
        return _id_of_words(draft, job, owner)
    return _id_of_words(draft, job, owner, *sorted(sources_of(draft.origins)))


def earlier_identity(draft: Draft, job: Job, owner: str) -> str:
    """The id that earlier releases gave the same draft: they did not look at its document."""
    return _id_of_words(draft, job, owner)


def identity_beside(edited: Memory) -> str:
    """The id of what is said with the words that a memory had before it was edited by hand:
    an edit keeps the id, which is that of the first words.
    """
    return computed_id("beside", edited.id)


def words_of(text: str) -> str:
    """What makes a statement the same one: its words without date and punctuation."""
    return normal_words(without_date(text))


def sources_of(origins: Iterable[Origin]) -> frozenset[str]:
    """The documents that something was read in: the names of their bytes."""
    return frozenset(origin.source for origin in origins if origin.source)


def _with_labels_of(draft: Draft, job: Job) -> Job:
    """The job with the labels of what the draft takes the place of, if it does."""
    if (labels := draft.labels) is None:
        return job
    scope = replace(
        job.scope, agent=labels.agent, app=labels.app, conversation=labels.conversation
    )
    options = replace(
        job.options,
        info=labels.info,
        public=labels.public,
        expires_at=labels.expires_at,
    )
    return replace(job, scope=scope, options=options)


def _id_of_words(draft: Draft, job: Job, owner: str, *documents: str) -> str:
    job = _with_labels_of(draft, job)
    kind = KIND_OF_TYPE[draft.type]
    words = words_of(draft.text)
    if draft.type in BY_SUBJECT and draft.subject:
        words = f"subject:{draft.subject}"
    labels = [
        job.scope.agent,
        job.scope.app,
        *sorted(map(str, job.options.info.items())),
        "public" if job.options.public else "",
        f"until {job.options.expires_at}" if job.options.expires_at else "",
        *documents,
    ]
    is_of_conversation = draft.type is Type.TRAJECTORY or draft.corrects
    conversation = job.scope.conversation if is_of_conversation else ""
    parts = [job.scope.project, owner or job.scope.user, kind, words, conversation]
    return computed_id(*parts, *labels) if any(labels) else computed_id(*parts)
