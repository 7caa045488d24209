"""The models that the settings name, and those that come along."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.model_role import ModelRole
from shared.embedding import embedding_endpoint
from shared.ports import ChatModel, Embedder, MessageReader, RelationJudge, Reranker
from shared.settings import Settings
from shared.wiring.bundles import SharedModels

if TYPE_CHECKING:
    from shared.adapters.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)


def chat_models(settings: Settings) -> dict[str, ChatModel]:
    """The named chat models; "" is the default one. Empty without a model. Raises
    ValueError for a setting of one that there is not.
    """
    endpoints = Endpoints()
    models = {
        name: endpoints.model(
            name, str(given.get("model", name)), named_role(settings, name)
        )
        for name, given in settings.chat_models.items()
    }
    name = settings.chat_model
    default = models.get(name) or endpoints.of_role(settings, settings.chat, name)
    if default is not None:
        models.setdefault(name, default)
    if models:
        models[""] = default or next(iter(models.values()))
    return models


def named_role(settings: Settings, name: str) -> ModelRole:
    """A model of SOUVENIR_CHAT_MODELS: what it does not say is as for the chat. Raises
    ValueError for what there is not.
    """
    given = {
        key: value
        for key, value in settings.chat_models[name].items()
        if key != "model"
    }
    try:
        return replace(settings.chat, **{"api_key": "", **given})
    except TypeError as error:
        raise ValueError(f"SOUVENIR_CHAT_MODELS, {name}: {error}") from error


async def warn_of_models(settings: Settings, *roles: str) -> None:
    """Say in the log which language models of these roles (extract, vision, chat) cannot
    be used, before anybody finds out: a wrong key, a name that does not exist.
    """
    named = {
        "extract": (settings.extract, settings.extract_model),
        "vision": (settings.vision, settings.vision_model),
        "chat": (settings.chat, settings.chat_model),
    }
    for role in roles:
        given, model = named[role]
        at = settings.endpoint(given)
        if not (model and at.base_url) or model in settings.chat_models:
            continue
        from shared.adapters.openai_chat.endpoint_check import problem_of

        problem = await problem_of(at, model)
        if problem:
            details = {"role": role, "model": model, "reason": problem}
            log.warning("model_not_usable", extra=details)


class Endpoints:
    """Language models of one process. Those of one role wait for one another, those of
    one endpoint share what is known of it.
    """

    def __init__(self) -> None:
        self._breakers: dict[str, CircuitBreaker] = {}

    def of_role(
        self, settings: Settings, role: ModelRole, model: str
    ) -> ChatModel | None:
        """A model of a role, or None when it or its endpoint is not set."""
        at = settings.endpoint(role)
        return self.model(model, model, at) if at.base_url and model else None

    def model(self, name: str, model: str, role: ModelRole) -> ChatModel:
        """The SDK takes 14 MB: imported where there is a model."""
        from shared.adapters.circuit_breaker import CircuitBreaker
        from shared.adapters.openai_chat import OpenAIChat

        breaker = self._breakers.setdefault(role.base_url, CircuitBreaker())
        return OpenAIChat(name, model, role, breaker=breaker)


def reranker_of(settings: Settings) -> Reranker | None:
    """None without a model or an endpoint of its own."""
    own = settings.rerank.base_url
    if not (own or (settings.rerank_model and settings.openai_base_url)):
        return None
    from shared.adapters.rerank_endpoint import RerankEndpoint

    return RerankEndpoint(settings.rerank_model, settings.endpoint(settings.rerank))


def reader_for(embedder: Embedder) -> MessageReader:
    """What reads messages: the model that comes along, if it runs here."""
    from shared.adapters.onnx.classifier import best_reader

    return best_reader(embedder)


def embedder_of_names() -> Embedder:
    """The one that comes along, whatever a store was written by: which statements an order
    means was learned with its vectors.
    """
    from shared.adapters.onnx.embedder import best_embedder

    return best_embedder()


def judge_of_changes() -> RelationJudge:
    """What judges how statements bear on one another, in the same way."""
    from shared.adapters.onnx.classifier import best_judge

    return best_judge()


def models_to_share(settings: Settings) -> SharedModels | None:
    """The models that a worker's processes will have, loaded for all that are forked from
    this one; they compute on the caller's thread. None where one of them cannot run.
    """
    from shared.adapters.onnx.classifier import OnnxMessageReader, OnnxRelationJudge
    from shared.adapters.onnx.embedder import OnnxEmbedder
    from shared.adapters.onnx.session import EngineUnavailable
    from shared.adapters.onnx.worker import CallersThread

    thread = CallersThread()
    reader, judge = OnnxMessageReader(worker=thread), OnnxRelationJudge(worker=thread)
    try:
        embedder = None
        if embedding_endpoint(settings) is None:
            embedder = OnnxEmbedder(worker=thread)
            embedder.load()
        reader.load()
        judge.load()
    except EngineUnavailable:
        return None
    return SharedModels(reader, judge, embedder)
