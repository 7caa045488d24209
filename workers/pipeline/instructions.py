"""What the owner of the memory tells the language models of a job: for all projects, for
the project, for this job; the more particular come later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.domain.project_settings import ALL
from workers.pipeline.job_run import JobRun

_OF_FILES = frozenset({"image", "document"})
_ABOUT = {
    "detail_factual": "facts",
    "preference": "preferences",
    "skill": "skills",
    "profile": "the user's profile",
    "event": "events",
    "tool_memory": "tool memories",
    "image": "pictures",
    "document": "documents",
}
"""What an instruction is about, in the words of the prompt."""


async def talk_instructions(run: JobRun) -> tuple[str, ...]:
    """Those for what is said. Raises `Unavailable`."""
    return await _instructions(run, _ABOUT.keys() - _OF_FILES)


async def document_instructions(run: JobRun) -> tuple[str, ...]:
    """Those for passages of files."""
    return await _instructions(run, {"document"})


async def picture_instructions(run: JobRun) -> tuple[str, ...]:
    """Those for the description of pictures."""
    return await _instructions(run, {"image"}, everywhere=False)


async def _instructions(
    run: JobRun, about: Collection[str], *, everywhere: bool = True
) -> tuple[str, ...]:
    source = run.context.instructions
    if source is None:
        return ()
    levels = [*await source(run.job.scope.project), run.job.options.instructions]
    texts: list[str] = []
    for level in levels:
        if everywhere and level.get(ALL):
            texts.append(level[ALL])
        texts += [
            f"About {words}: {level[key]}"
            for key, words in _ABOUT.items()
            if key in about and level.get(key)
        ]
    return tuple(_distinct(texts))


def _distinct(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
