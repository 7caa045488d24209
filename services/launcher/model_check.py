"""Looks whether the language models of the settings can be used, without paying for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.launcher.network import get, without_password
from shared.domain.model_role import ModelRole
from shared.settings import Settings

_TIMEOUT_S = 10.0
_DEFAULT_TAG = ":latest"
"""Ollama lists its models with it and takes their names without."""


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """One model in one role."""

    role: str
    model: str
    address: str
    """Without a password."""
    problem: str
    """"" when there is none."""


def check_models(settings: Settings) -> Iterator[ModelCheck]:
    """Every model that the settings name and its endpoint."""
    for role, model, at in _in_use(settings):
        address = without_password(at.base_url)
        yield ModelCheck(role, model, address, _problem(at, model))


def _in_use(settings: Settings) -> Iterator[tuple[str, str, ModelRole]]:
    named = {
        "extract": (settings.extract_model, settings.extract),
        "vision": (settings.vision_model, settings.vision),
        "chat": (settings.chat_model, settings.chat),
    }
    for role, (model, at) in named.items():
        endpoint = settings.endpoint(at)
        if model and endpoint.base_url and model not in settings.chat_models:
            yield role, model, endpoint
    for name, given in settings.chat_models.items():
        url, key = str(given.get("base_url", "")), str(given.get("api_key", ""))
        at = replace(settings.chat, base_url=url, api_key=key)
        yield "chat", str(given.get("model", name)), at


def _problem(at: ModelRole, model: str) -> str:
    """What is wrong, for people, as far as the endpoint's list of models tells."""
    headers = {"Authorization": f"Bearer {at.api_key}"} if at.api_key else None
    answer = get(f"{at.base_url.rstrip('/')}/models", _TIMEOUT_S, headers)
    if answer is None:
        return "does not answer"
    status, body = answer
    if status in (401, 403):
        return f"refuses the key ({status})"
    if status == 404:  # some have no list
        return ""
    if status >= 400:
        return f"answers {status}"
    names = _names(body)
    if names and not {model, model + _DEFAULT_TAG} & names:
        return f"does not list the model {model}"
    return ""


def _names(body: bytes) -> set[str]:
    """The ids of the models in a list as OpenAI gives it; none in anything else."""
    try:
        return {str(entry["id"]) for entry in json.loads(body)["data"]}
    except (ValueError, KeyError, TypeError):
        return set()
