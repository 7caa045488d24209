"""What the console has to show: a few people, a tool, a knowledge base, a failure; and
ten thousand memories of one user.
"""

from __future__ import annotations

import asyncio
import base64
import math
import random
import time
from pathlib import Path
from typing import Any

from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.redis.client import connect
from shared.adapters.redis.model_usage import RedisModelUsage
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.model_answer import Usage
from shared.domain.scope import Scope
from shared.language.lexical import weigh
from tests.support.system import System, until

ANA, CROWD = "ana", "crowd"
SIZE = 384
MANY = 10_000
CLUSTERS = 12
SPREAD = 0.35
BATCH = 500
DAY_MS = 86_400_000

TALKS: dict[tuple[str, str], list[str]] = {
    (ANA, "monday"): [
        "I live in Lisbon with my two greyhounds, Bolt and Luna.",
        "Lovely!",
        "I work as a nurse in the children's hospital.",
        "That must be demanding.",
        "I only drink decaf coffee, and I never eat shellfish because I am allergic.",
        "Noted.",
    ],
    (ANA, "tuesday"): [
        "My sister Marta is getting married on 12 June 2027 in Sintra.",
        "How nice!",
        "I prefer trains to planes whenever the trip takes less than six hours.",
        "Good to know.",
        "Please always answer in short sentences.",
        "Sure.",
    ],
    (ANA, "friday"): [
        "I have moved to Porto last week; I live near Bolhão market now.",
        "Congratulations!",
        "I love long walks along the river on Sunday mornings.",
        "Great.",
    ],
    ("ben", "rust"): [
        "I am learning Rust and I maintain a small parser library.",
        "Nice.",
        "My daughter Ida starts school in September 2026.",
        "Good luck to her.",
    ],
    ("李雷", "会话一"): [
        "我住在杭州，在一家设计公司做产品经理。",
        "好的。",
        "我对花生过敏，平时喜欢喝龙井茶。",
        "记住了。",
    ],
    ("lucía", "charla"): [
        "Vivo en Sevilla y trabajo como arquitecta.",
        "Muy bien.",
        "No como carne, y prefiero las respuestas en español.",
        "Entendido.",
    ],
    ("ليلى", "محادثة"): [
        "أسكن في القاهرة وأعمل طبيبة أسنان.",
        "حسنًا.",
    ],
    ("さくら", "雑談"): [
        "私は京都に住んでいて、抹茶が大好きです。",
        "わかりました。",
    ],
}
TOOL_TALK: list[dict[str, Any]] = [
    {"role": "user", "content": "What is the weather in Paris?"},
    {
        "role": "assistant",
        "tool_calls": [
            {
                "id": "1",
                "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
            }
        ],
    },
    {
        "role": "tool",
        "tool_call_id": "1",
        "content": '{"temperature": 12, "sky": "cloudy"}',
    },
    {"role": "assistant", "content": "12 degrees and cloudy."},
]
MANUAL = """# Cleaning
Rinse the brew group every evening with hot water. Descale the machine once a month.

# Warranty
The warranty lasts three years from the day of purchase. Keep the receipt.
"""


def seed(system: System) -> dict[str, str]:
    """Fill it, wait for it, and return the ids of memories, tasks and a knowledge base
    beside the user.
    """
    tasks = [
        system.post(
            "add/message",
            user_id=user,
            conversation_id=conversation,
            tags=["travel", "food", "work", "family"],
            messages=[
                {"role": ("user", "assistant")[place % 2], "content": text}
                for place, text in enumerate(texts)
            ],
        )["task_id"]
        for (user, conversation), texts in TALKS.items()
    ]
    tasks.append(
        system.post(
            "add/message", user_id="ben", conversation_id="tools", messages=TOOL_TALK
        )["task_id"]
    )
    failed = broken_file(system)
    for task in (*tasks, failed):
        system.finished(task)
    for query in ("Where does Ana live?", "coffee", "allergies", "trains"):
        system.post("search/memory", user_id=ANA, query=query)
    lisbon = memory_with(system, "Lisbon")
    base = knowledge_base(system)
    asyncio.run(_write_model_calls(variable(system, "REDIS_URL")))
    make_keys(system)
    system.post(
        "update/memory", memory_id=memory_with(system, "trains"), status="archived"
    )
    return {
        "user": ANA,
        "memory": lisbon,
        "passage": passage_of(system, base),
        "task": tasks[0],
        "failed": failed,
        "base": base,
    }


def make_keys(system: System) -> None:
    """Keys of several kinds, and a refusal for the audit log."""
    year = round(time.time() * 1000) + 365 * DAY_MS
    system.post("project/keys", name="shop backend")
    system.post("project/keys", name="nightly export", scopes=["read"], expires_at=year)
    system.post("project/keys", name="dashboards", scopes=["read", "admin"])
    made = system.post("project/keys", name="ana's phone", user_id=ANA)
    system.request(
        "GET",
        "/api/openmem/v1/project/keys",
        headers={"Authorization": f"Token {made['key']}"},
    )


def passage_of(system: System, base: str) -> str:
    """The id of a memory that was read from the manual."""
    found = system.post(
        "search/memory",
        user_id=ANA,
        query="How long is the warranty?",
        knowledgebase_ids=[base],
        relativity=0,
    )
    return next(
        str(item["id"])
        for item in found["memory_detail_list"]
        if "three years" in item["memory_value"]
    )


async def _write_model_calls(url: str) -> None:
    """As a day with a model leaves them: the walk has none to call."""
    redis = connect(url)
    counter = RedisModelUsage(redis, "souvenir")
    for number in range(24):
        role = ("extract", "extract", "chat", "vision")[number % 4]
        usage = Usage(1, 700 + 31 * number, 40 + 7 * number, 900 + 53 * number)
        outcome = {7: "unavailable", 13: "cut", 20: "no_budget"}.get(number, "answered")
        spent = usage if outcome in ("answered", "cut") else Usage(1)
        await counter.record("default", role, outcome, spent, "qwen3-8b")
    await redis.aclose()


def broken_file(system: System) -> str:
    """A task that fails: a PDF that was cut off, with a webhook."""
    data = base64.b64encode(b"%PDF-1.7 and then nothing").decode()
    file = {"file_data": f"data:application/pdf;base64,{data}", "filename": "scan.pdf"}
    accepted = system.post(
        "add/message",
        user_id="ben",
        conversation_id="files",
        webhook_url="https://example.invalid/hook",
        messages=[{"role": "user", "content": [{"type": "file", "file": file}]}],
    )
    return str(accepted["task_id"])


def knowledge_base(system: System) -> str:
    """A knowledge base with one document that has been read."""
    base = str(
        system.post(
            "create/knowledgebase",
            knowledgebase_name="Espresso machine",
            knowledgebase_description="Everything about the machine in the kitchen.",
        )["id"]
    )
    system.request(
        "POST",
        "/api/openmem/v1/add/knowledgebase-file",
        data={"knowledgebase_id": base},
        files=[("file", ("manual.md", MANUAL.encode(), "text/markdown"))],
    ).raise_for_status()

    def read() -> bool:
        files = system.post("get/knowledgebase-file", knowledgebase_id=base)
        return all(file["status"] != "running" for file in files["file_detail_list"])

    until(read, "the manual")
    return base


def memory_with(system: System, word: str) -> str:
    """The id of Ana's memory with a word in it."""
    page = system.post("get/memory", user_id=ANA, size=50)
    items = page["memory_detail_list"] + page["preference_detail_list"]
    return next(
        str(item["id"])
        for item in items
        if word in (item.get("memory_value") or item.get("preference"))
    )


def seed_many(system: System) -> dict[str, str]:
    """Ten thousand memories, written straight into the store."""
    asyncio.run(_write_many(variable(system, "QDRANT_URL")))
    return {"user": CROWD}


def variable(system: System, name: str) -> str:
    """A variable of the gateway's environment."""
    environment = Path(f"/proc/{system.pids['gateway']}/environ").read_text()
    return dict(entry.split("=", 1) for entry in environment.split("\0") if entry)[name]


async def _write_many(url: str) -> None:
    chance = random.Random(7)
    centres = [
        _unit([chance.gauss(0, 1) for _ in range(SIZE)]) for _ in range(CLUSTERS)
    ]
    client = AsyncQdrantClient(url=url, timeout=120)
    memories = QdrantMemories(client, "souvenir")
    for first in range(0, MANY, BATCH):
        batch = [
            _made_up(number, centres[number % CLUSTERS], chance)
            for number in range(first, first + BATCH)
        ]
        await memories.put(batch)
    await client.close()


def _made_up(number: int, centre: list[float], chance: random.Random) -> Embedded:
    text = f"Guest {number} of the hotel asked for table {number % 97}."
    at = 1_790_000_000_000 - number * DAY_MS // 40
    types = (Type.LONG_TERM, Type.EXPLICIT, Type.LONG_TERM, Type.USER)
    memory = Memory(
        id=computed_id(CROWD, str(number)),
        scope=Scope("default", CROWD, "c"),
        type=types[number % CLUSTERS % len(types)],
        text=text,
        created_at=at,
        updated_at=at,
    )
    noisy = [value + chance.gauss(0, SPREAD / math.sqrt(SIZE)) for value in centre]
    return Embedded(memory, weigh(text), tuple(_unit(noisy)))


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector]
