"""Who shall be told how a task ended: whom the request names, or else whom the settings name."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.errors import NotSupported


def webhook(context: RequestContext, url: str) -> str:
    """The URL to tell, '' for nobody. Raises `BadRequest` for one that cannot be told,
    `NotSupported` where nothing is ever told.
    """
    webhooks = context.ports.webhooks
    if webhooks is None:
        if url:
            raise NotSupported(
                "webhook_url: this server sends no webhooks; set SOUVENIR_WEBHOOK_SECRET"
            )
        return ""
    if url:
        webhooks.check(url)
    return url or context.settings.webhook_url
