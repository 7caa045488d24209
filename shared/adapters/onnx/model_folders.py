"""Where the models lie that Souvenir brings along."""

from __future__ import annotations

from pathlib import Path


def model_folder(name: str) -> Path:
    """The folder of a model in `shared/models`; it need not be there."""
    return Path(__file__).parents[2] / "models" / name
