"""What every job needs, built from a worker's ports and settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from shared.domain.model_budget import Budget
from shared.domain.project_settings import ALL
from shared.embedding import batch_size, wanted_embedder
from shared.ports import ChatModel, Extractor
from shared.settings import Settings
from shared.wiring import WorkerPorts, tracing, wire_worker
from workers.pipeline.job_models import JobModel, ModelAccounts
from workers.pipeline.worker_context import (
    Document,
    InstructionSource,
    Limits,
    OnProgress,
    Parse,
    WorkerContext,
)
from workers.time_limits import TASK_SECONDS

if TYPE_CHECKING:
    from workers.pipeline.extract.model.known_memories import KnownMemories

_SHORTEST_TURN_SECONDS = 600
_MODEL_WAITS = 8
"""A job that shows no sign of getting on may be waiting for a language model behind so
many others.
"""
_AFTER_TIMEOUT_S = 5.0
"""From the vision model's own limit of time to that of a description."""
_PASSAGES, _MODEL_PASSAGES = 24, 6
"""Passages that are read at once, and that a language model is shown at once: so each
answer is saved by itself.
"""
_MAX_PICTURES = 16
"""Pictures of one file that the vision model is asked to describe, where there is one."""


@asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[WorkerContext]:
    """Ports, extractor, parser: everything that a job needs. Raises `Unavailable`."""
    async with tracing(settings, "worker"), wire_worker(settings) as ports:
        yield build_context(settings, ports)


def build_context(settings: Settings, ports: WorkerPorts) -> WorkerContext:
    """The context of all jobs on these ports. The extractors' and the fetcher's code is
    loaded here, in the process that uses it, and the parsers' with the first file.
    """
    from shared.adapters.url_fetch import fetch, refuse

    extract_model, vision = _job_models(settings, ports)
    extractor, recalled = _extractor(ports, extract_model)
    return WorkerContext(
        memories=ports.memories,
        messages=ports.messages,
        jobs=ports.jobs,
        knowledge_bases=ports.knowledge_bases,
        profile_templates=ports.profile_templates,
        sources=ports.sources,
        progress_bus=ports.progress_bus,
        leases=ports.leases,
        queue=ports.queue,
        tallies=ports.tallies,
        embedder=ports.embedder,
        embedder_of_names=ports.embedder_of_names,
        extractor=extractor,
        reader=ports.reader,
        judge=ports.judge,
        spaces=ports.spaces,
        wanted_embedder=partial(wanted_embedder, settings),
        parse=_parser(_MAX_PICTURES if vision else 0),
        fetch=partial(fetch, allow=settings.fetch_allow) if settings.fetch else refuse,
        known_memories=recalled,
        extract_model=extract_model,
        instructions=_instructions(settings, ports)
        if extract_model or vision
        else None,
        vision=vision,
        redact=settings.redact,
        limits=_limits(settings, with_model=extract_model is not None),
    )


def _extractor(
    ports: WorkerPorts, model: ChatModel | None
) -> tuple[Extractor, KnownMemories | None]:
    """Who extracts memories, and what a model gets of those that are known."""
    from workers.pipeline.extract.builtin_extractor import BuiltInExtractor

    built_in = BuiltInExtractor(ports.reader, ports.embedder_of_names)
    if model is None:
        return built_in, None
    from workers.pipeline.extract.model.known_memories import KnownMemories
    from workers.pipeline.extract.model.model_extractor import ModelExtractor

    recalled = KnownMemories(ports.memories, ports.embedder)
    return ModelExtractor(model, built_in, recalled, ports.reader), recalled


def _parser(max_pictures: int) -> Parse:
    """Reads files in a process of its own. `max_pictures`: those that are described."""

    async def parse(
        data: bytes, name: str, max_pages: int, on_progress: OnProgress
    ) -> Document:
        from workers.parsers.isolation.sandbox import parse_safely
        from workers.parsers.parse_file import FileLimits

        limits = FileLimits(pages=max_pages, described_pictures=max_pictures)
        return await parse_safely(data, name, limits, on_progress)

    return parse


def _limits(settings: Settings, *, with_model: bool) -> Limits:
    longest = max(settings.extract.timeout_s, settings.vision.timeout_s)
    return Limits(
        attempts=settings.max_attempts,
        embed_batch=batch_size(settings) or Limits().embed_batch,
        description=settings.vision.timeout_s + _AFTER_TIMEOUT_S,
        waits_for_model=settings.extract_fallback == "wait",
        calls_at_once=settings.extract.calls if with_model else 1,
        passage_batch=_MODEL_PASSAGES if with_model else _PASSAGES,
        turn=max(_SHORTEST_TURN_SECONDS, TASK_SECONDS - 2 * longest),
        stall=max(Limits().stall, _MODEL_WAITS * longest),
    )


def _job_models(
    settings: Settings, ports: WorkerPorts
) -> tuple[ChatModel | None, ChatModel | None]:
    """The models that extract and that describe pictures, as jobs use them."""
    budget = Budget(settings.daily_tokens, settings.monthly_tokens)
    accounts = ModelAccounts(ports.projects, ports.model_usage, budget)

    def of_jobs(model: ChatModel | None, role: str) -> ChatModel | None:
        return JobModel(model, role, accounts) if model else None

    return (
        of_jobs(ports.extract_model, "extract"),
        of_jobs(ports.vision_model, "vision"),
    )


def _instructions(settings: Settings, ports: WorkerPorts) -> InstructionSource:
    """What holds for all projects, and what a project has set."""
    everywhere = {ALL: settings.extract_instructions}

    async def instructions(project: str) -> Sequence[Mapping[str, str]]:
        return [everywhere, (await ports.projects.get(project)).instructions]

    return instructions
