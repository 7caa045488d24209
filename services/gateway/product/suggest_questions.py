"""Questions that somebody might ask next: about what was remembered last."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.domain.memory import Kind

_ASK = {
    "zh": ("关于“{0}”，后来怎么样了？", "关于“{0}”，有什么建议？", "还记得“{0}”吗？"),
    "en": (
        'What became of "{0}"?',
        'What do you suggest about "{0}"?',
        'What do you remember about "{0}"?',
    ),
}
_LONGEST = 40


async def suggestions(context: RequestContext, cube: str, language: str) -> list[str]:
    """At most three questions."""
    ways = _ASK[language]
    recent, _ = await context.ports.memories.page(
        context.project, cube, Kind.FACT, 0, len(ways)
    )
    topics = [
        (memory.title or memory.text)[:_LONGEST] for memory in recent if not memory.fast
    ]
    return [way.format(topic) for way, topic in zip(ways, topics, strict=False)]
