"""The chat's models on the project's account."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.domain.model_budget import Budget
from shared.metering.metered_model import Account, MeteredModel
from shared.ports import ChatModel


async def metered_chat(context: RequestContext, model: ChatModel) -> ChatModel:
    """The model, its tokens counted for the project and kept within its budget. Raises
    `Unavailable`.
    """
    settings, ports = context.settings, context.ports
    own = await context.kept_settings.of(ports.projects, context.project)
    budget = own.budget_or_else(Budget(settings.daily_tokens, settings.monthly_tokens))
    account = Account(context.project, "chat", budget, ports.model_usage)
    return MeteredModel(model, account)
