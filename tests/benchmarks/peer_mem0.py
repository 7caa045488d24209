"""Published mem0ai on the same work. Run by the Python of its own environment
(`tests.benchmarks.peer`); reads what to do as JSON on stdin, prints figures as JSON.

Its embedder is ours, its store Qdrant in a folder, and no model reads (infer=False).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

os.environ["MEM0_TELEMETRY"] = "False"
os.environ.setdefault("OPENAI_API_KEY", "not used")


class OurEmbedder:
    """What mem0 asks of an embedder."""

    config = None

    def __init__(self) -> None:
        from shared.adapters.onnx.embedder import best_embedder

        self._embedder = best_embedder()

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        if memory_action == "search":
            return list(asyncio.run(self._embedder.query(text)))
        return self.embed_batch([text])[0]

    def embed_batch(
        self, texts: list[str], memory_action: str | None = None
    ) -> list[list[float]]:
        return [list(vector) for vector in asyncio.run(self._embedder.passages(texts))]


def memory(folder: str) -> Any:
    """A Memory on an empty store."""
    from mem0 import Memory

    store = {"path": folder, "embedding_model_dims": 384, "on_disk": True}
    config = {
        "vector_store": {"provider": "qdrant", "config": store},
        "history_db_path": f"{folder}/history.db",
    }
    made = Memory.from_config(config)
    made.embedding_model = OurEmbedder()
    return made


def ingest(asked: dict[str, Any]) -> list[float]:
    """Messages a second, one an add and in sessions."""
    said, size = asked["said"], asked["session"]
    rates = []
    for step in (1, size):
        made = memory(f"{asked['folder']}/{step}")
        made.add("I moved to a flat near the river.", user_id="warm", infer=False)
        began = time.perf_counter()
        for at in range(0, len(said), step):
            messages = [
                {"role": "user", "content": text} for text in said[at : at + step]
            ]
            made.add(messages, user_id="ana", infer=False)
        rates.append(len(said) / (time.perf_counter() - began))
    return rates


def search(asked: dict[str, Any]) -> list[float]:
    """Milliseconds of each question, none asked before."""
    made = memory(f"{asked['folder']}/search")
    messages = [{"role": "user", "content": text} for text in asked["said"]]
    for at in range(0, len(messages), 50):
        made.add(messages[at : at + 50], user_id="ana", infer=False)
    times = []
    for question in asked["questions"]:
        began = time.perf_counter()
        made.search(question, filters={"user_id": "ana"})
        times.append((time.perf_counter() - began) * 1000)
    return times


if __name__ == "__main__":
    work = {"ingest": ingest, "search": search}[sys.argv[1]]
    print(json.dumps(work(json.load(sys.stdin))))
