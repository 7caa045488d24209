"""The numbers and words of the wire contract, each in one place: error codes, limits, the
words for how a task stands.

This module imports nothing of the project, so every part of it may use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

MEGABYTE = 1024**2
"""Bytes. The contract's "100 MB" of a file are binary megabytes."""


class Code(IntEnum):
    """The five-digit codes of error envelopes, of failed tasks and of failed files."""

    MALFORMED = 40000
    """A value of the wrong type or form; also the default of `BadRequest`."""
    NOT_THERE = 40001
    """What a path, an id or a URL names does not exist."""
    MISSING = 40002
    """A required field is missing or an empty text."""
    EMPTY = 40003
    """A list or an object that must have entries has none."""
    UNKNOWN_TYPE = 40006
    """A content part of a type that the contract does not know."""
    FILE_NOT_ACCEPTED = 40007
    """A kind of file that is not read."""
    BAD_CONTENT = 40008
    """Inline bytes that are not base64, or are empty."""
    BAD_FORMAT = 40009
    """A data URI without base64, or a URL of another scheme than http(s)."""
    USER_TOO_LONG = 40010
    """An id of a user or an agent with more characters than are allowed."""
    CONVERSATION_TOO_LONG = 40011
    """The same for the id of a conversation."""
    MESSAGES_TOO_LONG = 40013
    """More tokens in all messages of a request than are allowed."""
    BAD_PROJECT = 40020
    """A name that no project can have."""
    NO_KEY = 40100
    """A request without an API key."""
    KEY_NOT_ALLOWED = 40103
    """An API key of another scope, or for another user or project."""
    WRONG_KEY = 40132
    """An API key that is not known, or has expired."""
    TOO_MANY_CALLS = 40300
    """More calls of a project in a minute than are allowed."""
    QUOTA_USED_UP = 40304
    """All that a project may store is stored."""
    QUERY_TOO_LONG = 40305
    """More tokens in a query than are allowed."""
    NOT_YOURS = 40306
    """A memory of another user than the request names."""
    UNKNOWN_MEMORY = 40307
    UNKNOWN_USER = 40308
    TOO_MANY_TOKENS = 40309
    """More tokens of a project in a minute than are allowed."""
    BROKEN = 50000
    """An error that nobody foresaw; the log has it under the request's or the job's id."""
    FAILED = 50002
    """Work that came to nothing: it was cancelled, or a model refused it."""
    UNAVAILABLE = 50004
    """A service that is needed does not answer; the same request may work later."""
    TOO_MANY_FILES = 50103
    """More files in one request than are allowed."""
    FILE_TOO_LARGE = 50104
    """One file with more bytes than are allowed."""
    FILES_TOO_LARGE = 50105
    """All files of a request together, or its body, with more bytes than are allowed."""
    FILE_UNREADABLE = 50107
    """A file of an accepted kind that is damaged, encrypted or refused by its parser."""
    UNKNOWN_KNOWLEDGE_BASE = 50120
    UNKNOWN_TASK = 50131
    WRITE_FAILED = 50143
    """A write was accepted and then came to nothing."""


@dataclass(frozen=True, slots=True)
class ContractLimits:
    """The largest amounts that the contract allows. Those that an operator may change
    are the defaults of `shared/settings/`.
    """

    files: int = 20
    """Files of one request."""
    file_bytes: int = 100 * MEGABYTE
    """Bytes of one file."""
    upload_bytes: int = 300 * MEGABYTE
    """Bytes of all documents of one upload to a knowledge base."""
    file_pages: int = 200
    """Pages of one file in a message."""
    document_pages: int = 500
    """Pages of one document of a knowledge base."""
    message_tokens: int = 20_000
    """Tokens in all messages of one add, and in one query."""
    preview_tokens: int = 8_000
    """Tokens in all messages of one extract/memory."""
    participants: int = 20
    """Users, or agents, of one add."""


LIMITS = ContractLimits()


class WireStatus(StrEnum):
    """How a task, or a document of a knowledge base, stands: the three words that the
    wire has for it.
    """

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class FileStatus(StrEnum):
    """How one file of a task fares."""

    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """How far a webhook's delivery is."""

    WAITING = "waiting"
    """For the end of the task, or for the next try."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up."""


class SchedulerStatus(StrEnum):
    """How a task stands in the words of the open-source server's scheduler."""

    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
