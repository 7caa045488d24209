"""LangGraph: the store, against its own InMemoryStore as the oracle."""

from __future__ import annotations

import asyncio
from typing import Any, TypedDict
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore, GetOp, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore

from souvenir_client import Client
from souvenir_client.integrations.langgraph_store import SouvenirStore
from tests.integrations.said import FACT, QUESTION, WORD

EXAMPLE = "langgraph_store"


class Asked(TypedDict):
    """The state of the graphs below."""

    question: str
    answer: str


def graph_over(store: BaseStore, user: str) -> Any:
    """A graph of one node, which answers with what the store has."""

    def answer(state: Asked, *, store: BaseStore) -> dict[str, str]:
        found = store.search(("facts", user), query=state["question"])
        return {"answer": found[0].value["text"] if found else "I do not know."}

    graph = StateGraph(Asked)
    graph.add_node("answer", answer)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", END)
    return graph.compile(store=store)


def stores(user: str) -> None:
    store = SouvenirStore(Client(), user)
    store.put(("facts", user), "home", {"text": FACT, "sure": True, "n": [1, None]})
    item = store.get(("facts", user), "home")
    assert item is not None and item.value == {
        "text": FACT,
        "sure": True,
        "n": [1, None],
    }
    assert (item.namespace, item.key) == (("facts", user), "home")
    store.put(("facts", user), "home", {"text": "moved"})
    again = store.get(("facts", user), "home")
    assert again is not None and again.value == {"text": "moved"}
    assert again.created_at == item.created_at < again.updated_at
    assert len(store.search(("facts",))) == 1


def recalls(user: str) -> None:
    store = SouvenirStore(Client(), user)
    store.put(("facts", user), "home", {"text": FACT})
    store.put(("facts", user), "tax", {"text": "Tax forms are due in May."})
    store.put(("other", user), "home", {"text": FACT})
    store.put(("facts", user), "hidden", {"text": FACT}, index=False)
    found = store.search(("facts", user), query=QUESTION)
    assert [item.key for item in found] == ["home", "tax"]
    assert found[0].score is not None and found[0].score > (found[1].score or 0)
    answer = graph_over(store, user).invoke({"question": QUESTION, "answer": ""})
    assert WORD in answer["answer"]


def deletes(user: str) -> None:
    store = SouvenirStore(Client(), user)
    store.put(("facts", user), "home", {"text": FACT})
    store.delete(("facts", user), "home")
    store.delete(("facts", user), "home")
    assert store.get(("facts", user), "home") is None
    assert store.search(("facts", user), query=QUESTION) == []


def streams(user: str) -> None:
    store = SouvenirStore(Client(), user)
    store.put(("facts", user), "home", {"text": FACT})
    events = list(graph_over(store, user).stream({"question": QUESTION, "answer": ""}))
    assert WORD in events[-1]["answer"]["answer"]


async def awaits(user: str) -> None:
    store = SouvenirStore(Client(), user)
    await asyncio.gather(*(store.aput(("n",), str(n), {"n": n}) for n in range(4)))
    assert {item.value["n"] for item in await store.asearch(("n",))} == {0, 1, 2, 3}


def reads_before_it_writes(user: str) -> None:
    store = SouvenirStore(Client(), user)
    results = store.batch(
        [
            PutOp(("a",), "k", {"v": 1}),
            GetOp(("a",), "k"),
            PutOp(("a",), "k", {"v": 2}),
        ]
    )
    assert results == [None, None, None]
    item = store.get(("a",), "k")
    assert item is not None and item.value == {"v": 2}


LABELS = st.sampled_from(["a", "b", "memories", "ü/x"])
NAMESPACES = st.lists(LABELS, min_size=1, max_size=3).map(tuple)
KEYS = st.sampled_from(["k", "K", "1", "two words"])
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5)
VALUES = st.dictionaries(
    st.sampled_from(["n", "text", "more"]),
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.just("in"), SCALARS),
    max_size=3,
)
FILTERS = st.none() | st.dictionaries(st.just("n"), SCALARS, min_size=1, max_size=1)
STEPS = st.one_of(
    st.tuples(st.just("put"), NAMESPACES, KEYS, VALUES),
    st.tuples(st.just("delete"), NAMESPACES, KEYS),
    st.tuples(st.just("get"), NAMESPACES, KEYS),
    st.tuples(st.just("search"), st.lists(LABELS, max_size=2).map(tuple), FILTERS),
    st.tuples(st.just("namespaces"), st.lists(LABELS, max_size=1).map(tuple)),
)


def behaves_like_its_own_store(user: str) -> None:
    client = Client()

    @given(st.lists(STEPS, min_size=1, max_size=12))
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # each step asks a server: shrinking takes minutes
    )
    def same(steps: list[tuple[Any, ...]]) -> None:
        ours = SouvenirStore(client, f"{user[:40]}-{uuid4().hex}")
        theirs = InMemoryStore()
        for step in steps:
            assert outcome(ours, step) == outcome(theirs, step), step

    same()


def outcome(store: BaseStore, step: tuple[Any, ...]) -> object:
    """What a step gives, without times and without an order that no store promises."""
    match step:
        case ("put", namespace, key, value):
            return store.put(namespace, key, value)
        case ("delete", namespace, key):
            return store.delete(namespace, key)
        case ("get", namespace, key):
            item = store.get(namespace, key)
            return item and (item.namespace, item.key, item.value)
        case ("search", prefix, condition):
            (items,) = store.batch([SearchOp(prefix, filter=condition, limit=100)])
            assert isinstance(items, list)
            return sorted(repr((i.namespace, i.key, i.value)) for i in items)
        case ("namespaces", prefix):
            names = store.list_namespaces(prefix=prefix or None, limit=100)
            # Its own store goes on naming namespaces that have become empty.
            return [name for name in names if own_items(store, name)]
    raise AssertionError(step)


def own_items(store: BaseStore, namespace: tuple[str, ...]) -> bool:
    """Whether an item lies in a namespace itself."""
    found = store.search(namespace, limit=100)
    return any(item.namespace == namespace for item in found)
