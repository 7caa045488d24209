"""Extraction by a model at any OpenAI-compatible endpoint: the same values as the
built-in extractor, found with more understanding.

One call reads a talk beside what is known already: facts, preferences, and how they bear
on it. Passages of documents are kept as they are; the model notes beside them what they
are found by. Tool memory stays computed. What a model cannot be brought to answer is
read by the built-in extractor, with a remark; where its endpoint does not answer now, the
job comes again (`Transient`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.memory import KIND_OF_TYPE, Kind, Memory, Origin
from shared.domain.passage import Passage, Talk
from shared.errors import Permanent
from shared.language.token_estimate import tokens
from shared.ports import ChatModel, Extractor, ExtractorCall, MessageReader
from workers.pipeline.extract.model.answer_json import Unreadable
from workers.pipeline.extract.model.dialogue import Question, answers
from workers.pipeline.extract.model.known_memories import KnownMemories
from workers.pipeline.extract.model.lines import (
    Line,
    in_groups,
    lines_before,
    lines_of,
    stretches,
)
from workers.pipeline.extract.model.passage_notes import numbered, with_notes
from workers.pipeline.extract.model.prompt import (
    ChatMessage,
    dated,
    passages_prompt,
    talk_prompt,
)
from workers.pipeline.extract.model.read_memories import Known, read_memories
from workers.pipeline.extract.model.schema import MEMORIES, PASSAGE_NOTES
from workers.pipeline.extract.model.telling_lines import say_nothing, without_memory
from workers.pipeline.extract.tools.tool_memories import tool_memories

MEMORY_LISTS = ("facts", "preferences", "repeated")
PASSAGE_LISTS = ("passages",)
_COMPUTED = (Kind.TOOL, Kind.SKILL)
_QUOTED, _MAX_QUOTED = 40, 3
"""Characters of a line without memory that a remark quotes, and lines."""
_MAX_EARLIER = 20
"""Drafts of earlier stretches of a talk that are shown with a later one."""


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """How much goes into one call."""

    batch_tokens: int = 2500
    """Tokens of talk or passages: small models lose the thread beyond that, and with the
    instructions and the answer it fits into a context window of 8,192.
    """
    telling: int = 3
    """Drafts of the built-in extractor from which a talk holds something, so that a model
    which finds nothing in it has failed.
    """


class ModelExtractor:
    """The Extractor port on a chat model. `builtin` reads what the model cannot,
    `recalled` finds what is remembered, `reader` sees what need not be asked. The
    owner's instructions come with what is read.
    """

    is_cheap = False

    def __init__(
        self,
        model: ChatModel,
        builtin: Extractor,
        recalled: KnownMemories | None = None,
        reader: MessageReader | None = None,
        limits: ModelLimits | None = None,
    ) -> None:
        self._model = model
        self._builtin = builtin
        self._known = recalled
        self._reader = reader
        self._limits = limits or ModelLimits()

    def talk_calls(self, talk: Talk) -> Sequence[ExtractorCall]:
        """One for each stretch of the talk, and one that computes its tool memory."""
        parts = stretches(talk, self._limits.batch_tokens)
        return [*(partial(self._read_stretch, part) for part in parts), _tools(talk)]

    async def from_talk(self, talk: Talk) -> Extraction:
        """All calls of a talk, one after another."""
        drafts: list[Draft] = []
        remarks: list[str] = []
        for call in self.talk_calls(talk):
            extraction = await call(drafts)
            drafts += extraction.drafts
            remarks += extraction.remarks
        return Extraction(tuple(drafts), tuple(dict.fromkeys(remarks)))

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        """The passages as the built-in extractor keeps them, with the model's notes;
        without them where it fails.
        """
        drafts: list[Draft] = []
        remarks: list[str] = []
        for batch in batches(passages, self._limits.batch_tokens):
            extraction = await self._noted(batch)
            drafts += extraction.drafts
            remarks += extraction.remarks
        return Extraction(tuple(drafts), tuple(dict.fromkeys(remarks)))

    async def _read_stretch(
        self, talk: Talk, earlier: Sequence[Draft] = ()
    ) -> Extraction:
        lines = lines_of(talk.messages, talk.before)
        if not lines or await self._says_nothing(talk, lines):
            return Extraction()
        try:
            extraction = await self._read(talk, lines, earlier)
        except (Unreadable, Permanent) as error:
            return with_remark(await self._by_rules(talk), error)
        if extraction.drafts:
            return extraction
        # Nothing found is right for small talk; of a talk in which the built-in extractor
        # finds a lot it is a failure.
        by_rules = await self._by_rules(talk)
        if len(by_rules.drafts) >= self._limits.telling:
            return with_remark(by_rules, Unreadable("it found nothing"))
        return extraction

    async def _read(
        self, talk: Talk, lines: Sequence[Line], earlier: Sequence[Draft]
    ) -> Extraction:
        recalled = await self._recall(talk, lines, earlier)
        question: Question[Line] = Question(
            prompt=partial(self._prompt, talk, recalled),
            schema=MEMORIES,
            lists=MEMORY_LISTS,
        )
        drafts: list[Draft] = []
        remarks: list[str] = []
        covered: set[Origin] = set()
        for group in in_groups(lines, self._limits.batch_tokens):
            async for answered in answers(self._model, question, group):
                read = read_memories(answered.value, answered.items, recalled)
                drafts += read.drafts
                covered |= read.lines
                remarks += [answered.remark, _dropped(read.dropped)]
        remarks.append(await self._uncovered(lines, covered))
        return Extraction(tuple(drafts), tuple(filter(None, remarks)))

    async def _says_nothing(self, talk: Talk, lines: Sequence[Line]) -> bool:
        """Whether the talk need not be read; with the line before it, that it replies to."""
        if self._reader is None:
            return False
        before = lines_of(talk.before)[-1:]
        return await say_nothing(lines, before, self._reader)

    async def _uncovered(self, lines: Sequence[Line], covered: set[Origin]) -> str:
        """A remark on what has something to remember and no memory."""
        if self._reader is None or not covered:
            return ""
        left = await without_memory(lines, covered, self._reader)
        if not left:
            return ""
        words = "; ".join(f"“{line.said[:_QUOTED]}”" for line in left[:_MAX_QUOTED])
        return f"{len(left)} lines have no memory, {words}"

    async def _recall(
        self, talk: Talk, lines: Sequence[Line], earlier: Sequence[Draft]
    ) -> list[Known]:
        """What the model is shown of what is known: memories, then what it found itself
        in the stretches before.
        """
        drafts = [d for d in earlier if KIND_OF_TYPE[d.type] not in _COMPUTED]
        memories: list[Memory] = []
        if self._known is not None:
            texts = [line.said for line in lines if line.is_persons]
            whole = " ".join(line.said for line in lines)
            scope = talk.messages[0].scope
            near = await self._known.near(scope, [*texts, whole])
            # A job that is replayed replaces what it stored: that is nothing known.
            own = talk.messages[0].job
            memories = [memory for memory in near if not own or memory.job != own]
        return [*memories, *drafts[-_MAX_EARLIER:]]

    def _prompt(
        self, talk: Talk, recalled: Sequence[Known], lines: Sequence[Line]
    ) -> list[ChatMessage]:
        return talk_prompt(
            lines=[line.text for line in lines],
            before=lines_before(talk),
            recalled=[dated(memory.text, memory.said_at) for memory in recalled],
            tags=talk.tags,
            instructions=talk.instructions,
        )

    async def _by_rules(self, talk: Talk) -> Extraction:
        """What the built-in extractor reads in a stretch, without tool memory: that is
        computed of the whole talk.
        """
        extraction = await self._builtin.from_talk(talk)
        drafts = [
            draft
            for draft in extraction.drafts
            if KIND_OF_TYPE[draft.type] not in _COMPUTED
        ]
        return Extraction(tuple(drafts), extraction.remarks)

    async def _noted(self, batch: Sequence[Passage]) -> Extraction:
        """A batch of passages with notes. Each goes to the built-in extractor alone, so
        that it is known which draft is of which passage.
        """
        pairs: list[tuple[Passage, Draft]] = []
        for passage in batch:
            extraction = await self._builtin.from_passages([passage])
            pairs += [(passage, draft) for draft in extraction.drafts]
        question: Question[tuple[Passage, Draft]] = Question(
            prompt=self._passages_prompt, schema=PASSAGE_NOTES, lists=PASSAGE_LISTS
        )
        drafts: list[Draft] = []
        remarks: list[str] = []
        try:
            async for answered in answers(self._model, question, pairs):
                notes = numbered(answered.value.get("passages"))
                for number, (_, draft) in enumerate(answered.items, 1):
                    drafts.append(with_notes(draft, notes.get(number, {})))
        except (Unreadable, Permanent) as error:
            remarks.append(f"passages are kept without a model's notes: {error}")
            drafts += [draft for _, draft in pairs[len(drafts) :]]
        return Extraction(tuple(drafts), tuple(remarks))

    def _passages_prompt(
        self, pairs: Sequence[tuple[Passage, Draft]]
    ) -> list[ChatMessage]:
        passages = [passage for passage, _ in pairs]
        return passages_prompt(passages)


def batches(passages: Sequence[Passage], limit: int) -> list[list[Passage]]:
    """The passages in order, in groups of about `limit` tokens."""
    groups: list[list[Passage]] = []
    size = 0
    for passage in passages:
        length = tokens(passage.text)
        if not groups or size + length > limit:
            groups.append([])
            size = 0
        groups[-1].append(passage)
        size += length
    return groups


def with_remark(extraction: Extraction, error: Exception) -> Extraction:
    """What the built-in extractor read instead of the model, saying so."""
    remark = f"read by the built-in extractor, since the model failed: {error}"
    return Extraction(extraction.drafts, (*extraction.remarks, remark))


def _tools(talk: Talk) -> ExtractorCall:
    async def call(earlier: Sequence[Draft] = ()) -> Extraction:
        return Extraction(tuple(tool_memories(talk)))

    return call


def _dropped(count: int) -> str:
    if not count:
        return ""
    return f"{count} memories of the model's answer named no line that there is"
