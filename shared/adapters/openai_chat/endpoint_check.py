"""Whether a model can be used, as far as can be seen without paying for it."""

from __future__ import annotations

import openai

from shared.adapters.openai_chat.model_errors import translated
from shared.domain.model_role import ModelRole

_TIMEOUT_S = 10.0
_DEFAULT_TAG = ":latest"
"""Ollama lists its models with it and takes their names without."""


async def problem_of(role: ModelRole, model: str) -> str:
    """What is wrong, for people: nobody answers, the key is wrong, the model is not
    among those that the endpoint lists. "" where nothing is, or there is no list.
    """
    client = openai.AsyncOpenAI(
        base_url=role.base_url,
        api_key=role.api_key or "none",
        timeout=_TIMEOUT_S,
        max_retries=0,
    )
    try:
        async with client:
            listed = await client.models.list()
    except openai.NotFoundError:
        return ""
    except openai.OpenAIError as error:
        return translated(error, _TIMEOUT_S).message
    names = {entry.id for entry in getattr(listed, "data", None) or []}
    if names and not {model, model + _DEFAULT_TAG} & names:
        return f"the endpoint does not list the model {model}"
    return ""
