"""Of a memory that tells of several things an order takes what it names, and the rest
stays; what is near and not meant stays whole. The models decide: most rows, not each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from tests.unit.orders.test_obey import bench_with, said
from workers.pipeline.orders.matching import Matcher
from workers.pipeline.orders.meant_clauses import meant_clauses
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of

ROWS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("clause_rows.json").read_text("utf-8")
)
MEANT, NEAR = 34, 35
"""Rows, of 37 that mean something and 36 that mean nothing, which must be right."""


async def _is_right(row: dict[str, Any]) -> bool:
    worker = await bench_with(*row["known"])
    await said(worker, row["order"], 5)
    left = " ".join(worker.texts())
    stays = all(words in left for words in row["stays"])
    return stays and not any(words in left for words in row["gone"])


async def test_an_order_takes_the_clause_that_it_names() -> None:
    rows = [row for row in ROWS if row["gone"]]
    wrong = [row for row in rows if not await _is_right(row)]
    assert len(rows) - len(wrong) >= MEANT, wrong


async def test_what_is_near_and_not_meant_stays() -> None:
    rows = [row for row in ROWS if not row["gone"]]
    wrong = [row for row in rows if not await _is_right(row)]
    assert len(rows) - len(wrong) >= NEAR, wrong


async def test_of_something_of_a_person_what_else_they_do_stays() -> None:
    worker = await bench_with("Tom's door code is 4471. He waters my plants.")
    await said(worker, "Forget Tom's door code.", 5)
    [left] = worker.texts()
    assert left == "User: He waters my plants."


async def test_names_behind_a_comma_belong_to_the_clause_before() -> None:
    text = "I live at 12 Elm Street, Boston, and I've got two cats."
    matcher = Matcher(OnnxEmbedder(), OnnxMessageReader())
    thing = named("my address", language_of("en"))
    [chosen] = await meant_clauses(matcher, thing, [text])
    assert chosen == ("I live at 12 Elm Street", "Boston")
