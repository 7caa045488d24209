"""What reading with a language model costs before it answers: tokens of the prompt, a call
and a message, for the talks of people with an assistant in `training/data`.

    python -m tests.benchmarks.model_tokens

Counted by the estimate that the workers use for their batches, without known memories
(about 35 tokens each where there are any) and without the schema of the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median

from services.gateway.ingest.inbound import read_messages
from services.gateway.schemas.messages import MessageIn
from shared.adapters.without_models import KeepingReader
from shared.domain.passage import Talk
from shared.domain.scope import Scope
from shared.language.token_estimate import tokens
from tests.fakes.chat_model import FakeChatModel
from training.data import Turn, load_talks
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.model.model_extractor import ModelExtractor

ADDS = (1, 2, 4, 10, 20)
"""Messages of an add."""
NOTHING = {"facts": [], "preferences": [], "repeated": []}
NOON = "2026-06-10 12:00:00"
NOON_MS = 1_781_092_800_000
NO_LIMIT = 100_000


async def main() -> None:
    """Print a row for each size of an add."""
    print("messages   talks   tokens said   of the prompt   a message")
    for size in ADDS:
        chosen = [
            turns[:size] for turns in talks_with_assistants() if len(turns) >= size
        ]
        said = median(sum(tokens(turn.text) for turn in turns) for turns in chosen)
        prompts = median([await prompt_tokens(turns) for turns in chosen])
        row = f"{size:8} {len(chosen):7} {said:13.0f} {prompts:15.0f}"
        print(row, f"{prompts / size:11.0f}")


def talks_with_assistants() -> Iterator[tuple[Turn, ...]]:
    """The talks between a user and an assistant, in English and Chinese."""
    for talk in load_talks():
        if talk.kind == "assistant" and talk.language in ("en", "zh"):
            yield talk.turns


async def prompt_tokens(turns: tuple[Turn, ...]) -> int:
    """Tokens of all prompts that an add of these turns takes."""
    sent = [
        MessageIn(role=turn.speaker, content=turn.text, chat_time=NOON)
        for turn in turns
    ]
    messages = read_messages(sent, NOON_MS, "UTC", NO_LIMIT).messages_for(
        Scope("p", "u", "c"), "job"
    )
    model = FakeChatModel(NOTHING)
    extractor = ModelExtractor(model, BuiltInExtractor(KeepingReader()))
    await extractor.from_talk(Talk(tuple(messages)))
    return sum(tokens(part["content"]) for asked in model.asked for part in asked)


if __name__ == "__main__":
    asyncio.run(main())
