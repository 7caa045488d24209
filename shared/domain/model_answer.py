"""What a language model answers, and what the answer cost."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls of language models cost, by the endpoint's own count."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    milliseconds: int = 0
    """From each request to the end of its answer."""

    @property
    def tokens(self) -> int:
        """Of prompts and completions together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        names = [field.name for field in fields(Usage)]
        return Usage(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer of a language model."""

    text: str
    """Without its reasoning."""
    is_cut: bool = False
    """Whether it reached the limit of its tokens: what follows is lost."""
    usage: Usage = Usage()
