"""Words as the program stores them: what was said by the user becomes a statement about
the user, or stands behind "User:".
"""

from __future__ import annotations

import random
import re

from shared.language.words import is_chinese
from workers.pipeline.extract.speech.third_person import third_person

_ATTRIBUTED = re.compile(
    r"^(?:The user|User\b|用户|[A-Z][\w ]{1,20}:|[\u3400-\u9fff]{1,6}：)"
)
RAW = 0.35
"""How often words stay as they were said: the model is to understand them as well."""


def as_stored(said: str, chance: random.Random) -> str:
    """The words in one of the forms in which they may be stored."""
    if _ATTRIBUTED.match(said) or chance.random() < RAW:
        return said
    written = third_person(said)
    if written is not None and written != said and chance.random() < 0.5:
        return written
    return f"用户：{said}" if is_chinese(said) else f"User: {said}"
