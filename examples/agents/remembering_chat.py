"""A chat that remembers, in any terminal: what matters is looked up before each answer, and
the turn is kept after it. Start it twice: the second time it knows what you said the first.

    pip install souvenir-client openai
    export SOUVENIR_URL=http://127.0.0.1:8000 SOUVENIR_API_KEY=...     # `make up` prints them
    export OPENAI_BASE_URL=... OPENAI_API_KEY=... MODEL=...            # any OpenAI-compatible one
    python examples/agents/remembering_chat.py
"""

import os
import sys
from uuid import uuid4

from openai import OpenAI

from souvenir_client import Client

USER = os.environ.get("SOUVENIR_USER", "ana")
MODEL = os.environ.get("MODEL", "gpt-5-mini")


def instructions(memory: Client, question: str) -> str:
    """What the model is told: facts that bear on the question, and wishes for every answer."""
    found = memory.search(question, USER, memory_limit_number=6)
    facts = [each["memory_value"] for each in found.memories]
    wishes = [each["preference"] for each in found.preferences]
    lines = "\n".join(f"- {line}" for line in [*facts, *wishes]) or "- nothing yet"
    return (
        f"You know this of the user:\n{lines}\nUse what fits; ask when you do not know."
    )


def main() -> None:
    """One conversation, a line a turn, until the end of the input."""
    model, conversation = OpenAI(), f"chat-{uuid4().hex[:8]}"
    history: list[dict[str, str]] = []
    with Client() as memory:
        for line in map(str.strip, sys.stdin):
            if not line:
                continue
            system = {"role": "system", "content": instructions(memory, line)}
            history.append({"role": "user", "content": line})
            answer = model.chat.completions.create(
                model=MODEL, messages=[system, *history]
            )
            said = answer.choices[0].message.content or ""
            history.append({"role": "assistant", "content": said})
            print(said, flush=True)

            # Only this turn; what was said before is known already.
            memory.add(history[-2:], USER, conversation)


if __name__ == "__main__":
    main()
