"""The client of Qdrant, imported so that a process starts sooner.

It has 350 Pydantic models, and its import makes the validators of each of them, of which
a process uses a few dozen: half of the import's time, and 12 MB. Here each model makes
its own at first use (https://docs.pydantic.dev/latest/concepts/models/#rebuilding-model-schema).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient


def load_client() -> type[AsyncQdrantClient]:
    """The class of clients. To be called before anything else imports `qdrant_client`;
    afterwards it is as good, and nothing is saved.
    """
    if "qdrant_client" in sys.modules:
        from qdrant_client import AsyncQdrantClient
    else:
        with _models_left_unbuilt():
            from qdrant_client import AsyncQdrantClient
    return AsyncQdrantClient


@contextmanager
def _models_left_unbuilt() -> Iterator[None]:
    """Models that are defined meanwhile are built at first use, not when they are defined
    (`defer_build`), nor where their package asks for it.
    """
    config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def later(_model: type[BaseModel], /, **_: Any) -> None:
        """Takes the place of `model_rebuild`."""

    BaseModel.model_config = ConfigDict(defer_build=True)
    BaseModel.model_rebuild = classmethod(later)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        BaseModel.model_config = config
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
