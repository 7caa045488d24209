"""What a request may bring, and how long it and its job may take."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.contract import LIMITS


@dataclass(frozen=True)
class RequestSettings:
    """A part of `Settings`, where the fields are explained."""

    fetch: bool = field(
        default=True,
        metadata={
            "env": "SOUVENIR_FETCH",
            "says": "files, pictures and web pages are fetched that messages name by URL; "
            "off: they are refused",
        },
    )
    fetch_allow: tuple[str, ...] = field(
        default=(),
        metadata={
            "env": "SOUVENIR_FETCH_ALLOW",
            "says": "inner networks that files may be fetched from (CIDR, commas)",
        },
    )
    max_message_tokens: int = field(
        default=LIMITS.message_tokens,
        metadata={
            "env": "SOUVENIR_MAX_MESSAGE_TOKENS",
            "says": "tokens of all messages of one add",
        },
    )
    max_query_tokens: int = field(
        default=LIMITS.message_tokens,
        metadata={"env": "SOUVENIR_MAX_QUERY_TOKENS", "says": "tokens of a query"},
    )
    max_body_mb: int = field(
        default=512,
        metadata={"env": "SOUVENIR_MAX_BODY_MB", "says": "size of one request, MB"},
    )
    max_bodies_mb: int = field(
        default=512,
        metadata={
            "env": "SOUVENIR_MAX_BODIES_MB",
            "says": "size of all requests that a gateway reads at the same time, MB, above it 503; 0: any",
        },
    )
    max_waiting: int = field(
        default=100_000,
        metadata={
            "env": "SOUVENIR_MAX_WAITING",
            "says": "tasks that may wait in all, above them 503; 0: any number",
        },
    )
    max_waiting_of_project: int = field(
        default=50_000,
        metadata={
            "env": "SOUVENIR_MAX_WAITING_OF_PROJECT",
            "says": "tasks of one project that may wait, above them 429; 0: any number",
        },
    )
    max_attempts: int = field(
        default=5,
        metadata={
            "env": "SOUVENIR_MAX_ATTEMPTS",
            "says": "tries of a job before it is dead-lettered",
        },
    )
    sweep_after_s: int = field(
        default=30,
        metadata={
            "env": "SOUVENIR_SWEEP_AFTER_S",
            "says": "age at which an unfinished, unleased job is enqueued again, s",
        },
    )
    undo_hours: int = field(
        default=24,
        metadata={
            "env": "SOUVENIR_UNDO_HOURS",
            "says": "hours after its end for which a task can be undone; 0: never",
        },
    )
    decay_days: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_DECAY_DAYS",
            "says": "days after which a user's memory that no search gave has lost half of "
            "the place that decay takes; 0: none is lost",
        },
    )
    sync_wait_s: float = field(
        default=25.0,
        metadata={
            "env": "SOUVENIR_SYNC_WAIT_S",
            "says": "longest wait of an add with async_mode=false, s",
        },
    )
    max_answer_s: float = field(
        default=900.0,
        metadata={
            "env": "SOUVENIR_MAX_ANSWER_S",
            "says": "longest time that an answer of the chat takes until it is read, s",
        },
    )
    max_backup_s: float = field(
        default=21_600.0,
        metadata={
            "env": "SOUVENIR_MAX_BACKUP_S",
            "says": "longest time in which a backup is downloaded (GET backup), s",
        },
    )
    status_as_list: bool = field(
        default=False,
        metadata={
            "env": "SOUVENIR_STATUS_AS_LIST",
            "says": "get/status answers a list to everybody",
        },
    )
