"""What `souvenir doctor` asks the models that are named: over HTTP, or as a file."""

from __future__ import annotations

from collections.abc import Iterator

from services.launcher.finding import Finding
from services.launcher.local_model import HOW_TO_INSTALL, model_file
from services.launcher.model_check import check_models
from services.launcher.network import status_of, without_password
from services.launcher.start_refused import Refused
from shared.settings import Settings

_FIX_ENDPOINT = (
    "put OPENAI_BASE_URL (it ends in /v1) and OPENAI_API_KEY right; "
    "until then the built-in extractor reads"
)
_MODEL_FIXES = {
    "extract": "put SOUVENIR_EXTRACT_MODEL, its BASE_URL (it ends in /v1) and API_KEY "
    "right; until then the built-in extractor reads",
    "vision": "put SOUVENIR_VISION_MODEL, its BASE_URL and API_KEY right; until then "
    "pictures are not described",
    "chat": "put MOS_CHAT_MODEL or SOUVENIR_CHAT_MODELS right; until then the chat "
    "only quotes memories",
}


def recall_findings(settings: Settings) -> Iterator[Finding]:
    """Those of embeddings and of reranking, where they are named. Without the first one
    searches go by words and adds wait; without the second one the order stays.
    """
    if settings.embed_model not in ("", "builtin"):
        role = settings.endpoint(settings.embed)
        yield _endpoint("embedder", "SOUVENIR_EMBED", role.base_url, role.api_key)
    if settings.rerank_model or settings.rerank.base_url:
        role = settings.endpoint(settings.rerank)
        yield _endpoint("reranker", "SOUVENIR_RERANK", role.base_url, role.api_key)


def _endpoint(name: str, prefix: str, base_url: str, key: str) -> Finding:
    headers = {"Authorization": f"Bearer {key}"} if key else None
    url = f"{base_url.rstrip('/')}/models"
    status = status_of(url, 10, headers) if base_url else None
    well = status is not None and (status < 400 or status in (404, 405))
    answer = f"answers {status}" if status else "does not answer"
    return Finding(
        name,
        well,
        f"{without_password(base_url) or 'no address:'} {answer}",
        f"put {prefix}_BASE_URL and {prefix}_API_KEY right",
        grave=False,
    )


def model_role_findings(settings: Settings) -> Iterator[Finding]:
    """Without the model that is asked over HTTP the built-in extractor reads; without the
    file that is to be served here a start would refuse, which is grave.
    """
    yield from model_findings(settings)
    if settings.model_file:
        fix = (
            f"{HOW_TO_INSTALL}, or name a GGUF file that can be read, "
            "or unset SOUVENIR_MODEL_FILE"
        )
        try:
            file = model_file(settings)
        except Refused as refused:
            yield Finding("chat", False, str(refused), fix)
        else:
            yield Finding("chat", True, f"{file} will be served here")


def model_findings(settings: Settings) -> Iterator[Finding]:
    """Each language model in its role; the endpoint alone where none is named."""
    checks = list(check_models(settings))
    for check in checks:
        says = f"{check.model} at {check.address}"
        yield Finding(
            "model",
            not check.problem,
            f"{check.role}: {says} {check.problem or 'is there'}",
            _MODEL_FIXES[check.role],
            grave=False,
        )
    if checks:
        return
    url = settings.openai_base_url
    if not url:
        says = "none (OPENAI_BASE_URL is not set): the built-in extractor reads"
        yield Finding("model", True, says)
        return
    headers = {"Authorization": f"Bearer {settings.openai_api_key}"}
    status = status_of(f"{url.rstrip('/')}/models", 10, headers)
    answer = f"answers {status}" if status else "does not answer"
    yield Finding(
        "model",
        status is not None and (status < 400 or status == 404),
        f"{without_password(url)} {answer}",
        _FIX_ENDPOINT,
        grave=False,
    )
