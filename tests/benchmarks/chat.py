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


def first_text(
    client: httpx.Client, url: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> float:
    """Milliseconds from the request to the first words of its stream."""
    begun = time.perf_counter()
    with client.stream("POST", url, json=body, headers=headers) as answer:
        answer.raise_for_status()
        lines = answer.iter_lines()
        next(
            line
            for line in lines
            if line.startswith("data:") and _words(line[5:].strip())
        )
        taken = (time.perf_counter() - begun) * 1000
        deque(
            lines, 0
        )  # to its end: a stream that is left early would be the next one's burden
    return taken


def _words(data: str) -> str:
    if data == "[DONE]":
        return ""
    event = json.loads(data)
    if "type" in event:
        return str(event["data"]) if event["type"] == "text" else ""
    return "".join(choice["delta"].get("content") or "" for choice in event["choices"])


def through_souvenir(system: System, rounds: int) -> float:
    with httpx.Client(timeout=120) as client:
        asked = [
            {
                "user_id": "bench",
                "conversation_id": f"c{number}",
                "query": QUESTIONS[number % len(QUESTIONS)],
                "stream": True,
                "max_tokens": TOKENS,
                "add_message_on_answer": False,
            }
            for number in range(rounds + 1)
        ]
        taken = [
            first_text(
                client,
                f"{system.base_url}/chat",
                {"Authorization": f"Token {system.key}"},
                body,
            )
            for body in asked
        ]
    return statistics.median(taken[1:])


def directly(endpoint: str, name: str, rounds: int) -> float:
    unkept = httpx.Limits(
        max_keepalive_connections=0
    )  # llama.cpp's server closes kept ones as it likes
    with httpx.Client(timeout=120, limits=unkept) as client:
        asked = [
            {
                "model": name,
                "stream": True,
                "max_tokens": TOKENS,
                "messages": [
                    {"role": "user", "content": QUESTIONS[number % len(QUESTIONS)]}
                ],
            }
            for number in range(rounds + 1)
        ]
        return statistics.median(
            [
                first_text(client, f"{endpoint}/chat/completions", {}, body)
                for body in asked
            ][1:]
        )


def recall(system: System, rounds: int) -> float:
    """A search with the same questions: what of the time is recall."""
    taken = []
    with httpx.Client(
        timeout=60, headers={"Authorization": f"Token {system.key}"}
    ) as client:
        for number in range(rounds + 1):
            begun = time.perf_counter()
            client.post(
                f"{system.base_url}/search/memory",
                json={"user_id": "bench", "query": QUESTIONS[number % len(QUESTIONS)]},
            ).raise_for_status()
            taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


def measured(
    endpoint: str, name: str, rounds: int, **settings: str
) -> dict[str, float]:
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
    return {what: round(value, 1) for what, value in figures.items()}


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
    with ModelServer(Say("She lives in Oslo with her cats.")) as quick:
        told = {
            "quick_endpoint": measured(
                quick.url, "m", rounds, OPENAI_BASE_URL=quick.url, MOS_CHAT_MODEL="m"
            )
        }
    told["small_model"] = measured(
        "", model().stem, rounds, SOUVENIR_MODEL_FILE=str(model())
    )
    print(
        json.dumps(
            {
                "rounds": rounds,
                "load": [round(each, 1) for each in os.getloadavg()],
                "median": told,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
