"""A support bot: answers come from a knowledge base that all customers share, and from what
this one customer has said. One customer's words never reach another.

    pip install souvenir-client openai
    export SOUVENIR_URL=... SOUVENIR_API_KEY=... OPENAI_BASE_URL=... OPENAI_API_KEY=... MODEL=...
    python examples/agents/support_bot.py ana "My Brewer 2 shows E4. What can I do?"

The first call puts the pages of `handbook` into a knowledge base; KNOWLEDGEBASE_ID names one
that is there.
"""

import os
import sys
import time
from pathlib import Path

from openai import OpenAI

from souvenir_client import Client

MODEL = os.environ.get("MODEL", "gpt-5-mini")
HANDBOOK = Path(__file__).parent / "handbook"


def knowledge_base(memory: Client) -> str:
    """The id of the knowledge base; made and filled when none is named."""
    named = os.environ.get("KNOWLEDGEBASE_ID")
    if named:
        return named
    base = memory.create_knowledgebase("handbook", "How our machines are used")
    pages = sorted(HANDBOOK.glob("*.md"))
    files = [file["id"] for file in memory.add_knowledgebase_file(base, pages)]
    while any(
        file["status"] == "running" for file in memory.get_knowledgebase_file(files)
    ):
        time.sleep(0.2)
    print(f"export KNOWLEDGEBASE_ID={base}", file=sys.stderr)
    return base


def answer(memory: Client, base: str, customer: str, question: str) -> str:
    """What the model says with both in front of it."""
    handbook = memory.search(question, "handbook-reader", knowledgebase_ids=[base])
    own = memory.search(question, customer)
    pages = "\n".join(f"- {each['memory_value']}" for each in handbook.memories)
    known = "\n".join(f"- {each['memory_value']}" for each in own.memories)
    system = (
        "Answer from the handbook, and say so when it holds no answer.\n"
        f"Handbook:\n{pages or '- nothing that fits'}\n"
        f"This customer:\n{known or '- nothing yet'}"
    )
    said = OpenAI().chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": system},
            {"role": "user", "content": question},
        ],
    )
    return said.choices[0].message.content or ""


def main(customer: str, question: str) -> None:
    """Answer, then keep the turn under the customer."""
    with Client() as memory:
        said = answer(memory, knowledge_base(memory), customer, question)
        print(said)
        turn = [
            {"role": "user", "content": question},
            {"role": "assistant", "content": said},
        ]
        memory.add(turn, customer, "support", wait=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
