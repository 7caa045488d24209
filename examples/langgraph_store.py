"""LangGraph: a graph whose store is Souvenir. Needs a running Souvenir and no model:
`SOUVENIR_URL=... SOUVENIR_API_KEY=... python examples/langgraph_store.py`
(pip install 'souvenir-client[langgraph]').
"""

import os
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore

from souvenir_client import Client
from souvenir_client.integrations.langgraph_store import SouvenirStore


class State(TypedDict):
    question: str
    answer: str


def answer(state: State, *, store: BaseStore) -> dict[str, str]:
    # A model would get these; here they are the answer.
    found = store.search(("facts",), query=state["question"], limit=3)
    return {"answer": "\n".join(item.value["text"] for item in found)}


graph = StateGraph(State)
graph.add_node("answer", answer)
graph.add_edge(START, "answer")
graph.add_edge("answer", END)

store = SouvenirStore(Client(), user_id=os.environ.get("SOUVENIR_USER", "ana"))
store.put(("facts",), "home", {"text": "Ana lives in Rome with two greyhounds."})
agent = graph.compile(store=store)
print(agent.invoke({"question": "Which pets does Ana have?", "answer": ""})["answer"])
