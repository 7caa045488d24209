"""The model of one machine: a GGUF file that somebody names, served by a program of its
own and used for the chat.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

from services.launcher.start_refused import Refused
from shared.settings import Settings

HOW_TO_INSTALL = "pip install xllamacpp"
MAGIC = b"GGUF"


def model_file(settings: Settings) -> Path | None:
    """The file to serve, absolute; None when none is named. Raises `Refused` saying
    what is missing.
    """
    if not settings.model_file:
        return None
    file = Path(settings.model_file).expanduser().absolute()
    try:
        is_installed = importlib.util.find_spec("xllamacpp") is not None
    except ValueError:
        is_installed = False
    if not is_installed:
        raise Refused(
            f"serving {file.name} needs a library that is not installed: {HOW_TO_INSTALL}"
        )
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(MAGIC))
    except OSError as error:
        raise Refused(f"the model {file} cannot be read: {error.strerror}") from error
    if beginning != MAGIC:
        raise Refused(
            f"{file} is not a GGUF file: choose another with --model or SOUVENIR_MODEL_FILE"
        )
    return file


def model_command(file: Path, port: int) -> tuple[str, ...]:
    """To be run by Python; one machine only."""
    return ("-m", "services.launcher.model_server", str(file), "--port", str(port))


def with_local_model(settings: Settings, file: Path | None, url: str) -> Settings:
    """Settings in which the model at `url` is the chat's. Memories are still read by
    the built-in extractor, unless SOUVENIR_EXTRACT_MODEL names a model; it is looked for at
    OPENAI_BASE_URL, or here when that is not set.
    """
    if file is None:
        return settings
    named = {**settings.chat_models, file.stem: {"base_url": url, "model": file.stem}}
    return replace(
        settings,
        model_file=str(file),
        chat_model=file.stem,
        chat_models=named,
        openai_base_url=settings.openai_base_url or url,
    )
