"""Time to the first token of a chat: `python -m tests.benchmarks.chat [rounds]`.

Through Souvenir (recall, prompt, model), and from the same endpoint asked directly with
the question alone: the difference is what Souvenir takes, and what a longer prompt
costs the model. Two endpoints: one on loopback that answers at once, and the small
model served by `souvenir up --model`. Prints medians in milliseconds as one JSON
object; times are of this machine on this day.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from services.launcher.network import answers
from tests.clients.install import model
from tests.support.model_server import ModelServer, Say
from tests.support.system import System, until

ROUNDS = 15
MEMORIES = (
    "My sister Ada lives in Oslo.",
    "I never eat pork.",
    "I collect old maps of Lisbon.",
    "My dog is called Bramble.",
    "I work as a baker in Leeds.",
    "My cello teacher is called Marta.",
)
QUESTIONS = (
    "Where does my sister live?",
    "What do I collect?",
    "What is my dog called?",
    "Where do I work?",
    "Who teaches me the cello?",
)
TOKENS = 16
"""Of each answer."""
WARM_UP = 1
"""Rounds that are not counted."""


def first_text(
    client: httpx.Client, url: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> float:
    """Milliseconds from the request to the first words of its stream."""
    begun = time.perf_counter()
    with client.stream("POST", url, json=body, headers=headers) as answer:
        answer.raise_for_status()
        lines = answer.iter_lines()
        data = (line[5:].strip() for line in lines if line.startswith("data:"))
        assert any(map(_text, data)), "no words in the answer"
        milliseconds = (time.perf_counter() - begun) * 1000
        # To its end: a stream that is left early would be the next one's burden.
        deque(lines, 0)
    return milliseconds


def _text(data: str) -> str:
    """The words of an event, of Souvenir's or of the endpoint's."""
    if data == "[DONE]":
        return ""
    event = json.loads(data)
    if "type" in event:
        return str(event["data"]) if event["type"] == "text" else ""
    return "".join(choice["delta"].get("content") or "" for choice in event["choices"])


def through_souvenir(system: System, rounds: int) -> float:
    """Milliseconds to the first words of `chat`, the median."""
    url = f"{system.base_url}/chat"
    headers = {"Authorization": f"Token {system.key}"}
    times = []
    with httpx.Client(timeout=120) as client:
        for number in range(rounds + 1):
            body = {
                "user_id": "bench",
                "conversation_id": f"c{number}",
                "query": QUESTIONS[number % len(QUESTIONS)],
                "stream": True,
                "max_tokens": TOKENS,
                "add_message_on_answer": False,
            }
            times.append(first_text(client, url, headers, body))
    return statistics.median(times[WARM_UP:])


def directly(endpoint: str, name: str, rounds: int) -> float:
    """The same of the endpoint, asked the question alone."""
    # llama.cpp's server closes kept connections as it likes.
    limits = httpx.Limits(max_keepalive_connections=0)
    url = f"{endpoint}/chat/completions"
    times = []
    with httpx.Client(timeout=120, limits=limits) as client:
        for number in range(rounds + 1):
            question = QUESTIONS[number % len(QUESTIONS)]
            body = {
                "model": name,
                "stream": True,
                "max_tokens": TOKENS,
                "messages": [{"role": "user", "content": question}],
            }
            times.append(first_text(client, url, {}, body))
    return statistics.median(times[WARM_UP:])


def recall(system: System, rounds: int) -> float:
    """Milliseconds of a search with the same questions: what of the time is recall."""
    url = f"{system.base_url}/search/memory"
    headers = {"Authorization": f"Token {system.key}"}
    times = []
    with httpx.Client(timeout=60, headers=headers) as client:
        for number in range(rounds + 1):
            question = QUESTIONS[number % len(QUESTIONS)]
            begun = time.perf_counter()
            answer = client.post(url, json={"user_id": "bench", "query": question})
            answer.raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[WARM_UP:])


def measure(endpoint: str, name: str, rounds: int, **settings: str) -> dict[str, float]:
    """One endpoint, on a fresh system; without an `endpoint` that of its own model."""
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data", **settings) as system,
    ):
        for said in MEMORIES:
            system.post(
                "add/message",
                user_id="bench",
                messages=[{"role": "user", "content": said}],
                async_mode=False,
            )
        endpoint = endpoint or served_at(system)
        figures = {
            "chat_ms": through_souvenir(system, rounds),
            "endpoint_alone_ms": directly(endpoint, name, rounds),
            "search_ms": recall(system, rounds),
        }
    return {name: round(value, 1) for name, value in figures.items()}


def served_at(system: System) -> str:
    """The endpoint of the model that the launcher serves."""

    def look() -> str:
        arguments = (
            Path(f"/proc/{system.pids['model']}/cmdline").read_bytes().split(b"\0")
        )
        return f"http://127.0.0.1:{int(arguments[arguments.index(b'--port') + 1])}"

    url = until(look)
    assert answers(f"{url}/health")
    return f"{url}/v1"


def main(arguments: list[str]) -> None:
    rounds = int(arguments[0]) if arguments else ROUNDS
    medians = {}
    with ModelServer(Say("She lives in Oslo with her cats.")) as quick:
        medians["quick_endpoint"] = measure(
            quick.url, "m", rounds, OPENAI_BASE_URL=quick.url, MOS_CHAT_MODEL="m"
        )
    file = model()
    medians["small_model"] = measure(
        "", file.stem, rounds, SOUVENIR_MODEL_FILE=str(file)
    )
    load = [round(average, 1) for average in os.getloadavg()]
    report = {"rounds": rounds, "load": load, "median": medians}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
