"""LangGraph: recall, answer and remember as three nodes of a graph. The store of the graph is
Souvenir, so every thread of the user's has what another one learned.

    pip install 'souvenir-client[langgraph]' openai
    export SOUVENIR_URL=... SOUVENIR_API_KEY=... OPENAI_BASE_URL=... OPENAI_API_KEY=... MODEL=...
    python examples/agents/langgraph_agent.py "I moved to Rome." "Where do I live?"
"""

import os
import sys
from typing import TypedDict
from uuid import uuid4

from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore
from openai import OpenAI

from souvenir_client import Client
from souvenir_client.integrations.langgraph_store import SouvenirStore

USER = os.environ.get("SOUVENIR_USER", "ana")
MODEL = os.environ.get("MODEL", "gpt-5-mini")
SAID = ("said",)


class State(TypedDict):
    """One turn."""

    question: str
    known: list[str]
    answer: str


def recall(state: State, *, store: BaseStore) -> dict[str, list[str]]:
    found = store.search(SAID, query=state["question"], limit=5)
    return {"known": [item.value["text"] for item in found]}


def reply(state: State) -> dict[str, str]:
    known = "\n".join(f"- {line}" for line in state["known"]) or "- nothing yet"
    said = OpenAI().chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": f"The user said earlier:\n{known}"},
            {"role": "user", "content": state["question"]},
        ],
    )
    return {"answer": said.choices[0].message.content or ""}


def remember(state: State, *, store: BaseStore) -> dict[str, str]:
    store.put(SAID, uuid4().hex, {"text": state["question"]})
    return {}


def agent(memory: Client):
    """The graph: each turn of it a thread of its own, the store common to all."""
    graph = StateGraph(State)
    graph.add_node("recall", recall)
    graph.add_node("reply", reply)
    graph.add_node("remember", remember)
    graph.add_edge(START, "recall")
    graph.add_edge("recall", "reply")
    graph.add_edge("reply", "remember")
    graph.add_edge("remember", END)
    return graph.compile(store=SouvenirStore(memory, user_id=USER))


if __name__ == "__main__":
    with Client() as client:
        graph = agent(client)
        for question in sys.argv[1:]:
            turn = graph.invoke({"question": question, "known": [], "answer": ""})
            print(turn["answer"], flush=True)
