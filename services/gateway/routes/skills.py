"""The file of a skill, to be downloaded from its skill_url."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.context.request_context import Context
from services.gateway.knowledge.skill_download import skill_markdown
from services.http import TolerantRoute
from shared.domain.memory import Kind
from shared.errors import NotFound

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.get(
    "/skills/{memory_id}/SKILL.md",
    summary="Download a skill",
    response_class=Response,
    responses={
        200: {"content": {"text/markdown": {}}, "description": "The skill as a file."}
    },
)
async def skill_file(memory_id: str, context: Context) -> Response:
    """SKILL.md with name, description, procedure, experience and examples."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories or memories[0].kind is not Kind.SKILL:
        raise NotFound(f"no skill {memory_id}")
    content = skill_markdown(memories[0])
    return Response(content, media_type="text/markdown; charset=utf-8")
