"""Who is called when something has happened."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WebhookSettings:
    """A part of `Settings`, where the fields are explained."""

    webhook_secret: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_WEBHOOK_SECRET",
            "says": "signs webhooks, whsec_<base64>; several while one replaces another; "
            "empty: none are sent",
        },
    )
    webhook_url: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_WEBHOOK_URL",
            "says": "told how a task ended when its request names no webhook_url",
        },
    )
    project_webhooks: bool = field(
        default=True,
        metadata={
            "env": "SOUVENIR_PROJECT_WEBHOOKS",
            "says": "projects may register webhooks, which get an event of every change of memories; "
            "inner addresses only as SOUVENIR_FETCH_ALLOW says",
        },
    )
