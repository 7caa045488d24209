"""The settings of Souvenir, read from the environment."""

from shared.settings.settings import Settings

__all__ = ["Settings"]
