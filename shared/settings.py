"""Every setting of Souvenir: the environment is read here and nowhere else.

`deploy/env.example` lists the same names with the same defaults; a test holds the two together.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

from shared.contract import LIMITS
from shared.domain.key_strength import weakness
from shared.domain.model_role import ModelRole
from shared.setting_checks import quoted, require_fit, rule_of

BAD_SETTING = 2
"""The exit code of a program whose settings cannot be read."""
_TRUE = dict.fromkeys(("1", "true", "on", "yes"), True)
_FALSE = dict.fromkeys(("0", "false", "off", "no"), False)
_BOOLEANS = _TRUE | _FALSE
"""How a variable may say yes or no, in any case of letters."""

_KINDS = {"bool": "on or off", "int": "a whole number", "float": "a number"}
"""Types, in words."""

ROLE_VARIABLES: Mapping[str, tuple[str, str]] = {
    "base_url": ("BASE_URL", "an endpoint of its own; empty: OPENAI_BASE_URL"),
    "api_key": ("API_KEY", "its key; with OPENAI_BASE_URL: OPENAI_API_KEY where empty"),
    "timeout_s": ("TIMEOUT_S", "longest wait for a sign of life, s"),
    "tries": ("TRIES", "requests of one call, where the first ones fail at once"),
    "calls": ("CALLS", "calls at a time, in one process"),
    "max_tokens": (
        "MAX_TOKENS",
        "most tokens of an answer; 0: as many as are asked for",
    ),
    "extra_body": ("EXTRA_BODY", 'JSON that is sent along, e.g. {"think": false}'),
}
"""Fields of a `ModelRole`: how the variable of each ends, and what it means."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen; each field's metadata holds the environment variable it is read from and
    what it means.
    """

    port: int = field(
        default=8000, metadata={"env": "SOUVENIR_PORT", "says": "port of the gateway"}
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"env": "SOUVENIR_HOST", "says": "address the gateway listens on"},
    )
    data: Path = field(
        default=Path("data"),
        metadata={"env": "SOUVENIR_DATA", "says": "the data folder of one machine"},
    )
    api_key: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_API_KEY",
            "says": "a key to accept from the start, for project 'default'",
        },
    )
    auth: bool = field(
        default=True,
        metadata={"env": "SOUVENIR_AUTH", "says": "off: no key is asked for"},
    )
    prefix: str = field(
        default="souvenir",
        metadata={
            "env": "SOUVENIR_PREFIX",
            "says": "starts the name of every collection and Redis key",
        },
    )
    redis_url: str = field(
        default="",
        metadata={
            "env": "REDIS_URL",
            "says": "a Redis or Valkey server; empty: start one",
        },
    )
    qdrant_url: str = field(
        default="",
        metadata={
            "env": "QDRANT_URL",
            "says": "a Qdrant server; empty: start the vector node",
        },
    )
    qdrant_api_key: str = field(
        default="", metadata={"env": "QDRANT_API_KEY", "says": "its key"}
    )
    durable_writes: bool = field(
        default=True,
        metadata={
            "env": "SOUVENIR_DURABLE_WRITES",
            "says": "our own vector store syncs each write to disk before the answer; "
            "off: a power cut takes the last 5 s",
        },
    )
    status_url: str = field(
        default="http://127.0.0.1:8001",
        metadata={
            "env": "SOUVENIR_STATUS_URL",
            "says": "where the gateway finds the status service",
        },
    )
    sources: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_SOURCES",
            "says": "where raw files wait: a folder or an s3:// URL; empty: <data>/sources",
        },
    )
    timezone: str = field(
        default="UTC",
        metadata={"env": "SOUVENIR_TIMEZONE", "says": "zone of times that name none"},
    )
    traces_url: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_TRACES_URL",
            "says": "an OTLP/HTTP collector of traces, e.g. http://127.0.0.1:4318; "
            "empty: none",
        },
    )
    log_level: str = field(
        default="WARNING",
        metadata={"env": "SOUVENIR_LOG_LEVEL", "says": "DEBUG, INFO, WARNING or ERROR"},
    )
    text_concurrency: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_TEXT_CONCURRENCY",
            "says": "processes of a text worker; 0: as many as it has cores, at most 4",
        },
    )
    files_concurrency: int = field(
        default=2,
        metadata={
            "env": "SOUVENIR_FILES_CONCURRENCY",
            "says": "processes of a files worker",
        },
    )
    openai_base_url: str = field(
        default="",
        metadata={
            "env": "OPENAI_BASE_URL",
            "says": "an OpenAI-compatible endpoint; empty: no model",
        },
    )
    openai_api_key: str = field(
        default="", metadata={"env": "OPENAI_API_KEY", "says": "its key"}
    )
    extract_model: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_EXTRACT_MODEL",
            "says": "model that extracts memories; empty: the built-in extractor",
        },
    )
    vision_model: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_VISION_MODEL",
            "says": "model that describes pictures; empty: none",
        },
    )
    chat_model: str = field(
        default="",
        metadata={
            "env": "MOS_CHAT_MODEL",
            "says": "default model of the chat; empty: the extractive answerer",
        },
    )
    chat_models: Mapping[str, Any] = field(
        default_factory=dict,
        metadata={
            "env": "SOUVENIR_CHAT_MODELS",
            "says": 'JSON: {"name": {"base_url": ..., "api_key": ..., "model": ...}}',
        },
    )
    extract: ModelRole = field(
        default=ModelRole(timeout_s=120, calls=8),
        metadata={"env": "SOUVENIR_EXTRACT", "says": "extraction"},
    )
    vision: ModelRole = field(
        default=ModelRole(timeout_s=120),
        metadata={"env": "SOUVENIR_VISION", "says": "pictures"},
    )
    chat: ModelRole = field(
        default=ModelRole(calls=32),
        metadata={"env": "SOUVENIR_CHAT", "says": "the chat"},
    )
    extract_fallback: str = field(
        default="rules",
        metadata={
            "env": "SOUVENIR_EXTRACT_FALLBACK",
            "says": "when the model is away for long: rules (the built-in extractor reads) or wait",
            "one_of": ("rules", "wait"),
        },
    )
    extract_instructions: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_EXTRACT_INSTRUCTIONS",
            "says": "what is worth remembering here, told to the model that extracts",
        },
    )
    daily_tokens: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_DAILY_TOKENS",
            "says": "tokens of language models for a project in a day (UTC); 0: any number",
        },
    )
    monthly_tokens: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_MONTHLY_TOKENS",
            "says": "the same in a month; 0: any number",
        },
    )
    model_prices: Mapping[str, Any] = field(
        default_factory=dict,
        metadata={
            "env": "SOUVENIR_MODEL_PRICES",
            "says": 'JSON: {"model": {"prompt": 0.25, "completion": 2}}, each for a million '
            "tokens; empty: the console shows no costs",
        },
    )
    price_currency: str = field(
        default="USD",
        metadata={
            "env": "SOUVENIR_PRICE_CURRENCY",
            "says": "in which the prices are: three letters of ISO 4217",
        },
    )
    embed_model: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_EMBED_MODEL",
            "says": "embedding model of an endpoint; `builtin`: the one that comes along; "
            "empty: that of the stored memories, in a new store the built-in one",
        },
    )
    embed: ModelRole = field(
        default=ModelRole(timeout_s=60),
        metadata={
            "env": "SOUVENIR_EMBED",
            "says": "embeddings",
            "without": ("max_tokens",),
        },
    )
    embed_query_timeout_s: float = field(
        default=5.0,
        metadata={
            "env": "SOUVENIR_EMBED_QUERY_TIMEOUT_S",
            "says": "longest wait for that of a question, s; then it is answered by words",
        },
    )
    embed_batch: int = field(
        default=32,
        metadata={"env": "SOUVENIR_EMBED_BATCH", "says": "texts of one request"},
    )
    embed_dimensions: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_EMBED_DIMENSIONS",
            "says": "numbers of a vector, of models that can shorten theirs; 0: all",
        },
    )
    embed_query_prefix: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_EMBED_QUERY_PREFIX",
            "says": "put before a question, blanks included, e.g. `query: `",
            "verbatim": True,
        },
    )
    embed_passage_prefix: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_EMBED_PASSAGE_PREFIX",
            "says": "put before a text that is to be found, e.g. `passage: `",
            "verbatim": True,
        },
    )
    reindex: bool = field(
        default=False,
        metadata={
            "env": "SOUVENIR_REINDEX",
            "says": "on: start although the stored memories have another embedder, "
            "for `souvenir reindex` to change it",
        },
    )
    calibration: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_CALIBRATION",
            "says": "what was fitted for an embedder; empty: <data>/calibration.json",
        },
    )
    rerank_model: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_RERANK_MODEL",
            "says": "model that orders what a search found; empty: none, or the only one "
            "of an endpoint of its own",
        },
    )
    rerank: ModelRole = field(
        default=ModelRole(timeout_s=3, tries=1, calls=16),
        metadata={
            "env": "SOUVENIR_RERANK",
            "says": "reranking",
            "without": ("max_tokens", "tries"),
        },
    )
    model_file: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_MODEL_FILE",
            "says": "a GGUF file to serve on this machine and to chat with (pip install xllamacpp)",
        },
    )
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
    calls_per_minute: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_CALLS_PER_MINUTE",
            "says": "calls of a project in a minute; 0: any number",
        },
    )
    tokens_per_minute: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_TOKENS_PER_MINUTE",
            "says": "tokens sent by a project in a minute; 0: any number",
        },
    )

    max_memories: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_MAX_MEMORIES",
            "says": "memories of a project without a quota of its own; 0: any number",
        },
    )
    max_stored_mb: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_MAX_STORED_MB",
            "says": "the same of its messages and files, MB; 0: any number",
        },
    )
    audit: str = field(
        default="changes",
        metadata={
            "env": "SOUVENIR_AUDIT",
            "says": "what the audit log holds: off, changes (and refusals), or all",
            "one_of": ("off", "changes", "all"),
        },
    )
    audit_entries: int = field(
        default=100_000,
        metadata={
            "env": "SOUVENIR_AUDIT_ENTRIES",
            "says": "entries of the audit log that stay, of one project",
        },
    )
    redact: tuple[str, ...] = field(
        default=(),
        metadata={
            "env": "SOUVENIR_REDACT",
            "says": "secrets that are taken out before storing (commas): keys, cards, passwords",
            "one_of": ("keys", "cards", "passwords"),
        },
    )
    cors_origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "env": "SOUVENIR_CORS_ORIGINS",
            "says": "origins whose pages a browser lets call the API (commas); empty: none",
        },
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read all settings; a value that cannot be read, and a key that can be guessed,
        raises ValueError naming its variable.
        """
        env = os.environ if env is None else env
        given: dict[str, Any] = {}
        for item in fields(cls):
            name = item.metadata["env"]
            if item.type == "ModelRole":
                given[item.name] = _read_role(env, name, cast(ModelRole, item.default))
                continue
            text = env.get(name, "")
            if not item.metadata.get("verbatim"):
                text = text.strip()
            if text:
                given[item.name] = _read(name, str(item.type), text)
                if words := item.metadata.get("one_of"):
                    _require_one_of(name, given[item.name], words)
                if item.name == "api_key":
                    _require_strong_key(given[item.name])
                require_fit(name, text, given[item.name])
        settings = cls(**given)
        _require_address(settings)
        return settings

    @classmethod
    def from_env_or_exit(cls) -> Settings:
        """The same for a program: a value that cannot be read ends it with one line and
        the exit code 2.
        """
        try:
            return cls.from_env()
        except ValueError as error:
            sys.stderr.write(f"souvenir: {error}\n")
            raise SystemExit(BAD_SETTING) from None

    @property
    def sources_url(self) -> str:
        """Where raw files wait."""
        return self.sources or str(self.data / "sources")

    @property
    def calibration_file(self) -> Path:
        """Where the numbers of embedders lie that do not come along."""
        return Path(self.calibration or self.data / "calibration.json").expanduser()

    def endpoint(self, role: ModelRole) -> ModelRole:
        """The role at its own endpoint, or at that of OPENAI_BASE_URL with its key. A
        key never goes to another endpoint than the one that it was given for.
        """
        if role.base_url:
            return role
        return replace(
            role,
            base_url=self.openai_base_url,
            api_key=role.api_key or self.openai_api_key,
        )


def variables(settings: Settings) -> Iterator[tuple[str, str, Any]]:
    """Each environment variable, what it means, and its value in these settings."""
    for item in fields(Settings):
        value, name = getattr(settings, item.name), item.metadata["env"]
        if not isinstance(value, ModelRole):
            yield name, item.metadata["says"], value
            continue
        for field_name, (suffix, says) in ROLE_VARIABLES.items():
            if field_name in item.metadata.get("without", ()):
                continue
            meaning = f"{item.metadata['says']}: {says}"
            yield f"{name}_{suffix}", meaning, getattr(value, field_name)


def _require_strong_key(key: str) -> None:
    problem = weakness(key) if key else ""
    if problem:
        raise ValueError(
            f"SOUVENIR_API_KEY {problem}: choose another (openssl rand -hex 24), or leave"
            " it empty and `souvenir up` makes one of 192 random bits, in the file"
            " api_key of its data folder"
        )


def _read_role(env: Mapping[str, str], prefix: str, default: ModelRole) -> ModelRole:
    given: dict[str, Any] = {}
    for item in fields(ModelRole):
        name = f"{prefix}_{ROLE_VARIABLES[item.name][0]}"
        text = env.get(name, "").strip()
        if text:
            given[item.name] = _read(name, str(item.type), text)
            require_fit(name, text, given[item.name])
    return replace(default, **given)


def _require_one_of(
    name: str, value: str | tuple[str, ...], words: Sequence[str]
) -> None:
    for text in (value,) if isinstance(value, str) else value:
        if text not in words:
            raise ValueError(f"{quoted(name, text)} is not one of {', '.join(words)}")


def _require_address(settings: Settings) -> None:
    """An embedding model is asked somewhere."""
    if settings.embed_model in ("", "builtin"):
        return
    if not settings.endpoint(settings.embed).base_url:
        raise ValueError(
            f"{quoted('SOUVENIR_EMBED_MODEL', settings.embed_model)} needs SOUVENIR_EMBED_BASE_URL "
            "or OPENAI_BASE_URL"
        )


def _read(name: str, kind: str, text: str) -> Any:
    """The text of a variable as a value of a field's type, which is given by its name."""
    try:
        if kind == "bool":
            return _BOOLEANS[text.lower()]
        if kind.startswith("tuple"):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if kind.startswith("Mapping"):
            return json.loads(text)
        return {"int": int, "float": float, "str": str, "Path": Path}[kind](text)
    except (KeyError, ValueError, RecursionError) as error:
        takes = rule_of(name, {"int": int, "float": float}.get(kind, type(None))).takes
        words = _KINDS.get(kind, "JSON")
        more = f": it takes {takes}" if takes else ""
        raise ValueError(f"{quoted(name, text)} is not {words}{more}") from error
