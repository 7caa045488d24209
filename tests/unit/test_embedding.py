"""Which embedder the settings name, and how its endpoint is asked."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.embedding import batch_size, embedding_endpoint, wanted_name
from shared.settings import Settings

SHARED = {"OPENAI_BASE_URL": "http://shared/v1", "OPENAI_API_KEY": "shared"}


def settings(**env: str) -> Settings:
    return Settings.from_env(env)


@pytest.mark.parametrize("model", ["", "builtin"])
def test_without_a_model_it_is_the_one_that_comes_along(model: str) -> None:
    given = settings(**SHARED, SOUVENIR_EMBED_MODEL=model)
    assert embedding_endpoint(given) is None
    assert (wanted_name(given), batch_size(given)) == (OnnxEmbedder().name, 0)


def test_a_key_goes_nowhere_but_to_its_own_endpoint() -> None:
    shared = embedding_endpoint(settings(**SHARED, SOUVENIR_EMBED_MODEL="m"))
    assert shared is not None
    assert (shared.role.base_url, shared.role.api_key) == ("http://shared/v1", "shared")
    own = embedding_endpoint(
        settings(
            **SHARED, SOUVENIR_EMBED_MODEL="m", SOUVENIR_EMBED_BASE_URL="http://own/v1"
        )
    )
    assert own is not None
    assert (own.role.base_url, own.role.api_key) == ("http://own/v1", "")


def test_blanks_of_prefixes_count() -> None:
    given = settings(
        **SHARED,
        SOUVENIR_EMBED_MODEL=" m ",
        SOUVENIR_EMBED_QUERY_PREFIX="query: ",
        SOUVENIR_EMBED_PASSAGE_PREFIX="passage: ",
    )
    endpoint = embedding_endpoint(given)
    assert endpoint is not None
    assert (endpoint.model, endpoint.query_prefix) == ("m", "query: ")
    assert endpoint.passage_prefix == "passage: "
    assert wanted_name(given) == endpoint.name


def test_a_model_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="needs SOUVENIR_EMBED_BASE_URL"):
        wanted_name(settings(SOUVENIR_EMBED_MODEL="m"))
