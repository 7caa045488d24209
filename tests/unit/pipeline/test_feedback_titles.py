""" "Replace X with Y" also changes titles and tags."""

from __future__ import annotations

from shared.domain.identity import computed_id
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import EVERY_ANSWER, Embedded, Memory, Type
from shared.language.lexical import weigh
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench


async def replaced(memory: Memory, words: str) -> Memory:
    """The memory that takes the place of this one after the feedback."""
    worker = WorkerBench()
    (dense,) = await worker.embedder.passages([memory.text])
    await worker.memories.put([Embedded(memory, weigh(memory.text), dense)])
    job = await worker.accepted(words, payload=FeedbackPayload())
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    await worker.run(job)
    (found,) = [kept for kept in worker.remembered() if kept.text != memory.text]
    return found


async def test_title_and_tags_say_the_new_words() -> None:
    memory = Memory(
        computed_id("m"),
        SCOPE,
        Type.WORKING,
        "The user's violin teacher is called Henrik.",
        title="Violin teacher Henrik",
        tags=("Henrik", "violin teacher"),
    )
    found = await replaced(memory, "Replace Henrik with Sven")
    assert found.title == "Violin teacher Sven"
    assert found.tags == ("Sven", "violin teacher")


async def test_the_tag_of_instructions_stays() -> None:
    memory = Memory(
        computed_id("m"),
        SCOPE,
        Type.EXPLICIT,
        "The user asks: every sentence in French",
        title="Every sentence in French",
        tags=(EVERY_ANSWER,),
    )
    found = await replaced(memory, "Replace every with each")
    assert (found.title, found.tags) == ("each sentence in French", (EVERY_ANSWER,))
