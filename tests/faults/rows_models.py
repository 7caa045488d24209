"""The endpoint of the language model that extracts fails in the middle of the work."""

from __future__ import annotations

from tests.faults.bench import Bench
from tests.faults.load import Load
from tests.support.model_server import Say
from tests.support.scripted_model import good

ASKED = 5
"""Calls that meet the fault before it is over."""


def hanging(bench: Bench, load: Load) -> None:
    """the model takes requests and never answers"""
    _broken(bench, load, Say(hangs=True))


def failing(bench: Bench, load: Load) -> None:
    """the model answers 500"""
    _broken(bench, load, Say(status=500))


def busy(bench: Bench, load: Load) -> None:
    """the model answers 429"""
    _broken(bench, load, Say(status=429, headers={"Retry-After": "2"}))


def garbage(bench: Bench, load: Load) -> None:
    """the model answers with words that are no JSON"""
    _broken(bench, load, Say("Sure! Here is what I found: {{{ nothing, really"))


def half_an_answer(bench: Bench, load: Load) -> None:
    """the model's answers break off in the middle"""
    whole = good({"facts": [{"text": "The archive box", "title": "box"}]})
    _broken(
        bench,
        load,
        Say(
            raw=f'{{"choices": [{{"message": {{"content": "{(whole.text or "")[:20]!r}'
        ),
    )


def _broken(bench: Bench, load: Load, fault: Say) -> None:
    model = bench.model
    assert model is not None
    model.break_after(load.jobs // 4, fault, ASKED)
    load.start()
    load.until(lambda: model.asked >= ASKED)
    load.repaired()
