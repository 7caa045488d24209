"""What calls of language models cost, by the prices of the settings."""

from __future__ import annotations

from services.gateway.schemas.console import ModelCallView
from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall
from shared.settings import Settings

_MILLION = 1_000_000


def model_call_view(call: ModelCall, settings: Settings) -> ModelCallView:
    """A call as the wire has it."""
    return ModelCallView(
        at=call.at,
        role=call.role,
        model=call.model,
        outcome=call.outcome,
        prompt_tokens=call.usage.prompt_tokens,
        completion_tokens=call.usage.completion_tokens,
        ms=call.usage.milliseconds,
        cost=cost_of(call.model, call.usage, settings),
        currency=settings.price_currency,
    )


def cost_of(model: str, usage: Usage, settings: Settings) -> float | None:
    """In the currency of the settings; None for a model without a price. Tokens that an
    endpoint sells cheaper, such as repeated prompts, count in full.
    """
    price = settings.model_prices.get(model)
    if price is None:
        return None
    prompt = usage.prompt_tokens * price["prompt"]
    answer = usage.completion_tokens * price["completion"]
    return float(prompt + answer) / _MILLION
