"""Where the processor time of an add goes in a worker: by package on the event loop, by
model on the thread of the models. Processor time, so other work on the machine disturbs
little; profiling itself makes Python look slower beside the models than it is.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from shared.adapters.onnx.session import Session
from tests.benchmarks.local_stores import InThisProcess, in_this_process
from tests.benchmarks.report import Report, Table
from tests.benchmarks.said import turns
from tests.benchmarks.sizes import Sizes

WARM_UP = 5
MOST = 12
"""Packages that are shown."""


def run(sizes: Sizes) -> Report:
    """Measure."""
    profile, by_model = cProfile.Profile(time.thread_time), Counter[str]()
    messages = turns(sizes.turns)[: max(20, sizes.turns // 3)]
    asyncio.run(_adds(messages, profile, by_model))
    loop = Counter[str]()
    functions = Counter[str]()
    for (path, _, name), figures in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        own_time = figures[2]
        loop[_package(path)] += own_time
        functions[f"{_package(path)}: {name}"] += figures[3]
    count = len(messages)
    table = Table(("on the event loop", "ms an add"))
    for package, seconds in loop.most_common(MOST):
        table.row(package, 1000 * seconds / count)
    models = Table(("on the models' thread", "ms an add"))
    for name, seconds in by_model.most_common():
        models.row(name, 1000 * seconds / count)
    return Report(
        "profile",
        "Where the processor time of an add goes (worker)",
        [models, table],
        figures={
            "models_ms_an_add": round(1000 * sum(by_model.values()) / count, 1),
            "event_loop_ms_an_add": round(1000 * sum(loop.values()) / count, 1),
        },
    )


async def _adds(
    messages: list[str], profile: cProfile.Profile, by_model: Counter[str]
) -> None:
    with TemporaryDirectory() as folder:
        async with in_this_process(Path(folder)) as system:
            for text in messages[:WARM_UP]:
                await system.work_off(await _accepted(system, "warm", text))
            with patch.object(Session, "run", _counted(Session.run, by_model)):
                for text in messages:
                    job = await _accepted(system, "ana", text)
                    profile.enable()
                    await system.work_off(job)
                    profile.disable()


async def _accepted(system: InThisProcess, user: str, text: str) -> str:
    said = [{"role": "user", "content": text}]
    answer = await system.post(
        "add/message", user_id=user, conversation_id="c", messages=said
    )
    task: str = answer["task_id"]
    return task


def _counted(run: Callable[..., Any], by_model: Counter[str]) -> Callable[..., Any]:
    """The method, its processor time counted by the name of the model."""

    def counted(session: Session, *given: Any, **more: Any) -> Any:
        began = time.thread_time()
        try:
            return run(session, *given, **more)
        finally:
            by_model[session.card.identity] += time.thread_time() - began

    return counted


def _package(path: str) -> str:
    """The library, or the folder of ours, that a file belongs to."""
    parts = Path(path).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    for own in ("workers", "shared", "services"):
        if own in parts:
            return "/".join(parts[parts.index(own) :][:3]).removesuffix(".py")
    return "Python's own library" if len(parts) > 1 else "built in"
