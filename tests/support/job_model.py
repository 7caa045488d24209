"""A language model as jobs use it, on a `ModelServer`."""

from __future__ import annotations

from shared.adapters.openai_chat import OpenAIChat
from shared.domain.model_role import ModelRole
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.projects import FakeProjects
from tests.support.model_server import ModelServer
from workers.pipeline.job_models import JobModel, ModelAccounts


def job_model(server: ModelServer) -> JobModel:
    """One that is asked once a call; nobody's budget is limited."""
    chat = OpenAIChat("m", "m", ModelRole(server.url, tries=1, timeout_s=5))
    return JobModel(chat, "extract", ModelAccounts(FakeProjects(), FakeModelUsage()))
