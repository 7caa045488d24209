"""The shell examples of both READMEs, run as they stand."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path

import pytest

from shared.adapters.onnx.classifier import best_judge, best_reader
from shared.adapters.onnx.embedder import best_embedder
from shared.wiring import Ports, WorkerPorts
from tests.api.world import World
from workers.build_context import build_context
from workers.pipeline.runner import run_job

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"((?:add|search)/\w+)(?: -H [^{]*)? '(\{.*?\})'", re.S)
"""A route and a body in a shell example."""


@pytest.fixture
async def idle() -> AsyncIterator[World]:
    """A gateway with the embedder of new stores; jobs stay in the queue."""
    async with World(best_embedder(), working=False, sync_wait_s=0.05) as world:
        yield world


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
async def test_examples_find_what_they_add(idle: World, name: str) -> None:
    """Each search of the shell examples brings back a memory of what was added before
    it, by the built-in extractor and at the usual threshold.
    """
    examples = CALL.findall((ROOT / name).read_text("utf-8"))
    assert {route for route, _ in examples} == {"add/message", "search/memory"}
    common = {port.name: getattr(idle.ports, port.name) for port in fields(Ports)}
    ports = WorkerPorts(
        **common,
        embedder=idle.ports.embedder,
        reader=best_reader(idle.ports.embedder),
        judge=best_judge(),
    )
    context = build_context(idle.settings, ports)
    for route, body in examples:
        answer = await idle.post(f"/{route}", json.loads(body))
        data = answer.response.json()["data"]
        if route == "add/message":
            await run_job(data["task_id"], context)
        else:
            assert data["memory_detail_list"], body
