"""Turns with what they state, as the reader judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.message_reading import Reading, Utterance
from shared.ports import MessageReader
from workers.pipeline.extract.speech.turns import Turn
from workers.pipeline.extract.statements.parts import with_parts
from workers.pipeline.extract.statements.passed_over import passed_over
from workers.pipeline.extract.statements.remarks import is_statement
from workers.pipeline.extract.statements.segments import Segment, segments_of
from workers.pipeline.extract.statements.statement import Statement, TurnReading
from workers.pipeline.extract.statements.statements_of import statements_of, supported
from workers.pipeline.extract.statements.tastes import with_tastes
from workers.pipeline.extract.statements.unnoticed import (
    passed_sentences,
    sentence_part,
    with_unnoticed,
)


async def read_turns(
    turns: Sequence[Turn], previous: Sequence[Turn | None], reader: MessageReader
) -> list[TurnReading]:
    """The readings of turns, in order. `previous`: the turn before each, if any."""
    segments: list[Segment] = []
    for number, (turn, before) in enumerate(zip(turns, previous, strict=True)):
        segments += segments_of(number, turn, before)
    read = await reader.read([segment.utterance for segment in segments])
    readings = await _with_passed_sentences(segments, read, reader)
    statements: list[list[Statement]] = [[] for _ in turns]
    labels: list[dict[str, float]] = [{} for _ in turns]
    for segment, reading in zip(segments, readings, strict=True):
        turn, before = turns[segment.turn], previous[segment.turn]
        stated = statements_of(segment.text, reading, segment.start)
        complete = supported(segment.text, list(stated), segment.start)
        statements[segment.turn] += [
            s for s in complete if is_statement(s, turn, before)
        ]
        own = labels[segment.turn]
        for label, value in reading.labels.items():
            own[label] = max(value, own.get(label, 0.0))
    result = [
        TurnReading(turn, tuple(statements[number]), labels[number])
        for number, turn in enumerate(turns)
    ]
    result = await with_tastes(result, reader)
    return [replace(read, passed_over=tuple(passed_over(read))) for read in result]


async def _with_passed_sentences(
    segments: Sequence[Segment], readings: Sequence[Reading], reader: MessageReader
) -> list[Reading]:
    """The readings with what was passed over: a sentence in which nothing was noticed
    beside others is read once more by itself.
    """
    result = [
        reading if _is_assistants(s) else with_unnoticed(s.text, reading)
        for s, reading in zip(segments, readings, strict=True)
    ]
    asked: list[tuple[int, tuple[int, int]]] = []
    for number, segment in enumerate(segments):
        if not _is_assistants(segment):
            passed = passed_sentences(segment.text, result[number])
            asked += [(number, span) for span in passed]
    texts = [segments[number].text[slice(*span)] for number, span in asked]
    alone = await reader.read([Utterance(text) for text in texts]) if texts else []
    for (number, span), reading in zip(asked, alone, strict=True):
        part = sentence_part(reading, *span)
        if part is not None:
            parts = with_parts(result[number], [part])
            result[number] = replace(result[number], parts=parts)
    return result


def _is_assistants(segment: Segment) -> bool:
    return segment.utterance.role == "assistant"
