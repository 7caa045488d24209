"""Questions that a user might ask next: about the latest memories."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.domain.memory import Kind

_QUESTIONS = {
    "zh": ("关于“{0}”，后来怎么样了？", "关于“{0}”，有什么建议？", "还记得“{0}”吗？"),
    "en": (
        'What became of "{0}"?',
        'What do you suggest about "{0}"?',
        'What do you remember about "{0}"?',
    ),
}
"""By language; {0} is a memory's title."""

_MAX_TOPIC = 40
"""Characters of a title in a question."""


async def suggest_questions(
    context: RequestContext, cube: str, language: str
) -> list[str]:
    """At most three questions in a language, "zh" or "en"."""
    templates = _QUESTIONS[language]
    recent, _ = await context.ports.memories.page(
        context.project, cube, Kind.FACT, 0, len(templates)
    )
    topics = [memory.title or memory.text for memory in recent if not memory.fast]
    return [
        template.format(topic[:_MAX_TOPIC])
        for template, topic in zip(templates, topics, strict=False)
    ]
