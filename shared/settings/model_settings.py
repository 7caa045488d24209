"""Which models are asked, where, and within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.domain.model_role import ModelRole


@dataclass(frozen=True)
class ModelSettings:
    """A part of `Settings`, where the fields are explained."""

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
