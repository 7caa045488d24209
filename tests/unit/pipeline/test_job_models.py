"""A job and its language model: away, busy, wrong, dear; killed in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.openai_chat import OpenAIChat
from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Job, Options, State
from shared.domain.memory import Origin, Type
from shared.domain.model_budget import Budget
from shared.domain.model_role import ModelRole
from shared.domain.passage import Passage, Talk
from shared.domain.project_settings import ProjectSettings
from shared.errors import Permanent
from shared.ports import ChatModel
from tests.fakes.extractor import FakeExtractor
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.projects import FakeProjects
from tests.support.model_server import ModelServer, Say
from tests.support.scripted_model import (
    broken,
    busy,
    by_words,
    refusing,
    slow,
    wrong_key,
)
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline import lease
from workers.pipeline.job_models import JobModel, ModelAccounts
from workers.pipeline.runner import model_pause
from workers.pipeline.worker_context import Limits

LIMITS = Limits(attempts=3, back_off=1.0, model_pauses=(15.0, 60.0))


class AskingExtractor(FakeExtractor):
    """An extractor as the port wants it: one call a message, `Transient` passes, for
    anything permanent the one it inherits from reads that message.
    """

    def __init__(self, model: ChatModel) -> None:
        super().__init__()
        self._model = model

    async def from_talk(self, talk: Talk) -> Extraction:
        drafts: list[Draft] = []
        remarks: list[str] = []
        for message in filter(lambda message: message.text, talk.messages):
            asked = [{"role": "user", "content": message.text}]
            try:
                answer = await self._model.complete(asked)
                origin = Origin(message_ids=(message.id,))
                drafts.append(Draft(Type.LONG_TERM, answer.text, origins=(origin,)))
            except Permanent as error:
                by_rules = await super().from_talk(replace(talk, messages=(message,)))
                drafts += by_rules.drafts
                remarks.append(f"read by rules: {error.message}")
        return Extraction(tuple(drafts), tuple(remarks))


class Bench(WorkerBench):
    """A worker whose extractor asks a server."""

    def __init__(
        self,
        server: ModelServer,
        limits: Limits = LIMITS,
        budget: Budget | None = None,
        *settings: ProjectSettings,
    ) -> None:
        super().__init__(limits=limits)
        self.usage = FakeModelUsage()
        self.projects = FakeProjects(*settings)
        chat = OpenAIChat("m", "m", ModelRole(server.url, tries=1, timeout_s=5))
        accounts = ModelAccounts(self.projects, self.usage, budget or Budget())
        self.extractor = AskingExtractor(JobModel(chat, "extract", accounts))

    def outcomes(self) -> list[str]:
        return [outcome for _, _, outcome, _ in self.usage.recorded]

    async def run_again(self, job: Job) -> float | None:
        """As the sweeper does when the lease of the pause has run out."""
        self.leases.lose(f"job:{job.id}")
        return await self.run(job)


async def test_a_busy_model_is_waited_for_and_the_raw_turn_stays_findable() -> None:
    with ModelServer(busy(after_s=90), Say("Ana moved to Porto.")) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        assert await bench.run(job) is None, "nothing waits in the queue"
        waiting = bench.job(job)
        assert (waiting.state, waiting.attempts, waiting.waits) == (State.RUNNING, 0, 1)
        assert "429" in waiting.error_message
        assert bench.texts() == ["user: I moved to Porto"]
        assert await bench.leases.held(f"job:{job.id}")
        await bench.run_again(job)
        ended = bench.job(job)
    assert (ended.state, ended.remarks) == (State.COMPLETED, ())
    assert bench.texts() == ["Ana moved to Porto."]
    assert bench.outcomes() == ["unavailable", "answered"]


def test_pauses_grow_and_are_never_shorter_than_asked_for() -> None:
    pauses = [model_pause(waits, 0, LIMITS) for waits in (1, 2, 3)]
    assert pauses == [15, 60, 3600]
    assert model_pause(1, 200, LIMITS) == 200
    assert model_pause(1, 999_999, LIMITS) == LIMITS.longest_model_pause


async def test_after_the_last_pause_the_job_does_without_the_model() -> None:
    with ModelServer(broken()) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        for _ in range(3):
            await bench.run_again(job)
        ended = bench.job(job)
    assert ended.state is State.COMPLETED
    assert bench.texts() == ["I moved to Porto"]
    assert len(ended.remarks) == 1 and "away for too long" in ended.remarks[0]


async def test_one_that_waits_never_does_without_and_is_dead_in_the_end() -> None:
    limits = replace(LIMITS, waits_for_model=True, most_waits=4)
    with ModelServer(broken()) as server:
        bench = Bench(server, limits)
        job = await bench.accepted("I moved to Porto")
        for _ in range(4):
            await bench.run_again(job)
        assert bench.job(job).state is State.RUNNING
        await bench.run_again(job)
        ended = bench.job(job)
    assert (ended.state, ended.is_replayable) == (State.DEAD, True)
    assert "500" in ended.error_message


async def test_a_wrong_key_is_not_waited_for_unless_that_is_wanted() -> None:
    with ModelServer(wrong_key()) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        await bench.run(job)
        assert bench.job(job).state is State.COMPLETED
        assert "401" in bench.job(job).remarks[0]
        assert bench.outcomes() == ["misconfigured"]

        patient = Bench(server, replace(LIMITS, waits_for_model=True))
        job = await patient.accepted("I moved to Porto")
        await patient.run(job)
        assert patient.job(job).state is State.RUNNING


async def test_what_was_answered_before_the_model_went_away_is_not_asked_again() -> (
    None
):
    answers = {"Porto": Say("Ana moved to Porto."), "tea": broken()}
    with ModelServer(by_words(answers)) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto", "I drink tea")
        await bench.run(job)
        answers["tea"] = Say("Ana drinks tea.")
        await bench.run_again(job)
        asked = [body["messages"][0]["content"] for body in server.requests]
        ended = bench.job(job)
    assert asked == ["I moved to Porto", "I drink tea", "I drink tea"]
    assert bench.texts() == ["Ana moved to Porto.", "Ana drinks tea."]
    assert ended.usage.tokens == 240, "each answer is paid for once"
    assert not [name for name in bench.sources.stored if name], "nothing stays behind"


async def test_a_worker_that_is_killed_between_two_calls_loses_no_answer() -> None:
    class Killed(BaseException):
        pass

    with ModelServer(Say("Ana moved to Porto."), Say("Ana drinks tea.")) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto", "I drink tea")
        whole = bench.sources.put
        saved: list[str] = []

        async def dies(data: bytes) -> str:
            if saved:
                raise Killed
            saved.append(await whole(data))
            return saved[0]

        bench.sources.put = dies  # type: ignore[method-assign]
        with pytest.raises(Killed):
            await bench.run(job)
        bench.sources.put = whole  # type: ignore[method-assign]
        await bench.run_again(job)
        asked = [body["messages"][0]["content"] for body in server.requests]
    assert asked.count("I moved to Porto") == 1
    assert bench.texts() == ["Ana moved to Porto.", "Ana drinks tea."]


@pytest.mark.parametrize("how", ["cancelled", "deleted", "taken over"])
async def test_an_answer_that_comes_too_late_is_not_kept(how: str) -> None:
    with ModelServer(Say("Ana moved to Porto.")) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        whole = bench.sources.put

        async def meanwhile(data: bytes) -> str:
            if how == "cancelled":
                ended = bench.job(job).ended(State.CANCELLED, 9)
                await bench.jobs.put(ended)
            elif how == "deleted":
                await bench.jobs.delete(job.scope.project, [job.id])
            else:
                bench.leases.lose(f"job:{job.id}")
                await bench.leases.acquire(f"job:{job.id}", 60)
                monkeypatch.setattr(lease, "CONFIRMED_S", -1.0)
            return await whole(data)

        bench.sources.put = meanwhile  # type: ignore[method-assign]
        with pytest.MonkeyPatch.context() as monkeypatch:
            await bench.run(job)
    assert len(server.requests) == 1
    assert bench.sources.stored == {}


async def test_answers_of_a_job_that_failed_for_good_are_not_kept() -> None:
    class Refusing(AskingExtractor):
        async def from_talk(self, talk: Talk) -> Extraction:
            await super().from_talk(talk)
            raise Permanent("it cannot be read")

    with ModelServer(Say("Ana moved to Porto.")) as server:
        bench = Bench(server)
        bench.extractor = Refusing(bench.extractor._model)
        job = await bench.accepted("I moved to Porto")
        await bench.run(job)
    assert bench.job(job).state is State.FAILED
    assert bench.sources.stored == {}
    assert bench.job(job).checkpoint.replies == {}


async def test_a_project_without_tokens_is_read_by_rules_with_a_remark() -> None:
    with ModelServer(Say("Ana moved to Porto.", usage=(90, 10))) as server:
        bench = Bench(server, LIMITS, Budget(daily=100))
        first = await bench.accepted("I moved to Porto")
        await bench.run(first)
        second = await bench.accepted("I drink tea", name="second")
        await bench.run(second)
        assert len(server.requests) == 1
    assert "tokens of the day" in bench.job(second).remarks[0]
    assert bench.texts() == ["Ana moved to Porto.", "I drink tea"]
    assert bench.outcomes() == ["answered", "no_budget"]


async def test_a_project_may_have_a_budget_of_its_own() -> None:
    own = ProjectSettings("project", budget=Budget(monthly=5000))
    with ModelServer(Say("x y z", usage=(90, 10))) as server:
        bench = Bench(server, LIMITS, Budget(monthly=1), own)
        job = await bench.accepted("I moved to Porto")
        await bench.run(job)
    assert bench.job(job).remarks == ()


async def test_a_completed_job_with_remarks_is_read_anew_and_replaces_itself() -> None:
    with ModelServer(wrong_key(), Say("Ana moved to Porto.")) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        await bench.run(job)
        assert bench.texts() == ["I moved to Porto"]
        await bench.jobs.put(bench.job(job).replayed(at=2))
        await bench.run_again(job)
    assert bench.texts() == ["Ana moved to Porto."]
    assert bench.job(job).remarks == ()


async def test_a_completed_job_without_remarks_is_not_replayed() -> None:
    with ModelServer(refusing()) as server:
        bench = Bench(server)
        job = await bench.accepted("I moved to Porto")
        await bench.run(job)
    with pytest.raises(ValueError, match="only a failed or a dead one"):
        bench.job(job).replayed(at=2)


class PassageAsker(AskingExtractor):
    """One call a group of passages."""

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        text = " ".join(passage.text for passage in passages)
        answer = await self._model.complete([{"role": "user", "content": text}])
        file, source = passages[0].file, passages[0].source
        origin = Origin(file=file, source=source)
        return Extraction((Draft(Type.LONG_TERM, answer.text, origins=(origin,)),))


def book(chapters: int) -> bytes:
    """Long enough for a group of passages a chapter."""
    parts = [
        f"# Chapter {n}\n\n" + f"Sentence of part {n}. " * 90 for n in range(chapters)
    ]
    return "\n\n".join(parts).encode()


async def test_a_book_is_read_side_by_side_and_remembered_in_order() -> None:
    limits = replace(LIMITS, passage_batch=1, calls_at_once=3)

    def answer(body: Any) -> Say:
        text = body["messages"][0]["content"]
        number = text.split("part ")[1].split(".")[0]
        # the first ones are the slowest
        return Say(f"Part {number}.", after_s=0.3 / (1 + int(number)))

    with ModelServer(answer) as server:
        bench = Bench(server, limits)
        bench.extractor = PassageAsker(bench.extractor._model)
        job = await bench.accepted(files=(await bench.file(book(4), "book.md"),))
        await bench.run(job)
    texts = bench.texts()
    assert texts == sorted(texts) and len(texts) >= 4
    assert server.most_at_once == 3


async def test_a_model_that_goes_away_within_a_book_is_not_asked_twice_for_a_part() -> (
    None
):
    limits = replace(LIMITS, passage_batch=1, calls_at_once=3)
    answers = {"part 0": broken(), "": Say("A part.", after_s=0.1)}
    with ModelServer(by_words(answers)) as server:
        bench = Bench(server, limits)
        bench.extractor = PassageAsker(bench.extractor._model)
        job = await bench.accepted(files=(await bench.file(book(3), "book.md"),))
        await bench.run(job)
        assert bench.job(job).waits == 1
        answers["part 0"] = Say("The first part.")
        await bench.run_again(job)
        asked = [body["messages"][0]["content"] for body in server.requests]
    assert bench.job(job).state is State.COMPLETED
    again = {text for text in asked if asked.count(text) > 1}
    assert all("part 0" in text for text in again)


async def test_the_owner_is_heard_the_most_general_first() -> None:
    own = ProjectSettings("project", {"all": "No prices.", "image": "Count people."})
    with ModelServer(Say("x y z")) as server:
        bench = Bench(server, LIMITS, None, own)
        seen: list[tuple[str, ...]] = []

        class Listening(AskingExtractor):
            async def from_talk(self, talk: Talk) -> Extraction:
                seen.append(talk.instructions)
                return await super().from_talk(talk)

        bench.extractor = Listening(bench.extractor._model)

        async def instructions(project: str) -> list[Any]:
            return [
                {"all": "Be brief."},
                (await bench.projects.get(project)).instructions,
            ]

        bench.instructions = instructions
        options = Options(
            instructions={"preference": "Food only.", "document": "Laws."}
        )
        job = await bench.accepted("I moved to Porto", options=options)
        await bench.run(job)
    assert seen == [("Be brief.", "No prices.", "About preferences: Food only.")]


async def test_a_long_job_makes_room_and_goes_on_with_what_it_has() -> None:
    answers = {"Porto": Say("Ana moved to Porto."), "tea": Say("Ana drinks tea.")}
    with ModelServer(by_words(answers)) as server:
        bench = Bench(server, replace(LIMITS, turn=0.3))
        answers["Porto"] = slow(answers["Porto"], 0.4)
        job = await bench.accepted("I moved to Porto", "I drink tea")
        assert await bench.run(job) is not None, "it comes back through the queue"
        assert (bench.job(job).attempts, bench.job(job).waits) == (0, 0)
        await bench.run(job)
        assert len(server.requests) == 2
    assert bench.texts() == ["Ana moved to Porto.", "Ana drinks tea."]
