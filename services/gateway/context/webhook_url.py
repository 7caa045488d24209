"""The webhook that is called when a task has ended: the request's, or the settings'."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.errors import NotSupported


async def webhook(context: RequestContext, url: str) -> str:
    """The URL to call for a request that names `url`; '' for none. Raises `BadRequest`
    for a URL that can never be called, `NotSupported` where webhooks are turned off.
    """
    webhooks = context.ports.webhooks
    if webhooks is None:
        if url:
            raise NotSupported(
                "webhook_url: this server sends no webhooks; set SOUVENIR_WEBHOOK_SECRET"
            )
        return ""
    if url:
        await webhooks.check(url)
    return url or context.settings.webhook_url
