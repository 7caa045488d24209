"""The job "feedback": what somebody says about what is remembered changes it (contract
5.11).

"Undo", "forget everything" and "don't store this" are orders and are carried out;
"Replace X with Y" rewrites every memory that says X. All else is decided by the language
model where there is one: it rewrites, archives, forgets or adds, by the numbers of the
memories it is shown. Without one, or where it fails for good, by rules: an order to
forget is carried out, a correction ("no, I live in Shanghai now, not Beijing") becomes a
memory of high confidence, and what it denies is archived. What does not say what is
right changes nothing, and its receipt says so. What was decided is saved before anything
is changed, so that a further try ends the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from shared.domain.job import Outcome, Receipt
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Kind
from shared.domain.passage import Talk
from shared.errors import Permanent
from workers.pipeline.corrections import replacement
from workers.pipeline.extract.model.answer_json import Unreadable
from workers.pipeline.feedback.apply_corrections import remember_corrections
from workers.pipeline.feedback.apply_decision import apply_decision
from workers.pipeline.feedback.model_feedback import Decision, decided_by_model
from workers.pipeline.feedback.rule_feedback import understood_by_rules
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.load_talk import load_talk
from workers.pipeline.orders.obey import obey
from workers.pipeline.orders.orders_in_talk import Order, orders_of_feedback
from workers.pipeline.orders.wordings import Wording, orders_in, without
from workers.pipeline.profiles.fill_profiles import fill_profiles
from workers.pipeline.saved_extractions import extract_once

BY_RULES = ("restore", "everything", "withhold", "back")
"""Kinds of orders that need no understanding: what they mean is known, or not to be read
at all.
"""
UNCLEAR = "unclear: it does not say what is right, nor clearly what is to be forgotten"


async def feedback(run: JobRun, payload: FeedbackPayload) -> None:
    """Understand the feedback, save what follows from it, carry it out."""
    talk = await load_talk(run)
    text = " ".join(message.text for message in talk.messages).strip()
    wordings = orders_in(text)
    orders = orders_of_feedback(wordings, talk, payload.memory_ids)
    decision = None
    if _needs_understanding(text, wordings):
        decision = await _decided(run, talk, payload, orders)
    if decision is None:
        await _by_rules(run, talk, payload, orders, without(text, wordings))
    elif decision.actions:
        await apply_decision(run, talk, decision)
    else:
        await _note_unclear(run, decision.why)
    await fill_profiles(run)


def _needs_understanding(text: str, wordings: Sequence[Wording]) -> bool:
    is_order = any(wording.kind in BY_RULES for wording in wordings)
    return not is_order and replacement(text) is None


async def _decided(
    run: JobRun, talk: Talk, payload: FeedbackPayload, orders: Sequence[Order]
) -> Decision | None:
    """The model's decision; None where there is no model, or it fails for good. Raises
    `ModelUnavailable` while it may answer later.
    """
    model = run.context.extract_model
    if model is None:
        return None
    try:
        return await decided_by_model(run, model, talk, payload, orders)
    except Unreadable as error:
        await run.add_remarks([f"{error}: the feedback was read by rules"])
    except JobCancelled:
        raise
    except Permanent as error:
        remark = f"the model refused ({error.message}): the feedback was read by rules"
        await run.add_remarks([remark])
    return None


async def _by_rules(
    run: JobRun,
    talk: Talk,
    payload: FeedbackPayload,
    orders: Sequence[Order],
    rest: str,
) -> None:
    """Carry out the orders; remember what else the feedback says."""
    await obey(run, orders)
    if orders and (not rest or any(order.kind == "withhold" for order in orders)):
        return
    understand = partial(understood_by_rules, run, talk, payload, rest)
    extraction = await extract_once(run, 0, understand)
    if extraction.drafts:
        await remember_corrections(run, extraction.drafts)
    elif not orders:
        await _note_unclear(run)


async def _note_unclear(run: JobRun, why: str = "") -> None:
    """A receipt that says that nothing was changed, and why."""
    reason = f"unclear: {why}" if why else UNCLEAR
    receipt = Receipt("", Outcome.DROPPED, Kind.FACT, reason)
    await run.save(receipts=(*run.job.receipts, receipt))
