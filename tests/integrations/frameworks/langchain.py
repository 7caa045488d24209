"""LangChain: the retriever, the chat history and the tools."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, convert_to_messages
from langchain_core.runnables import RunnableLambda

from souvenir_client import Client
from souvenir_client.integrations.langchain_memory import (
    SouvenirChatMessageHistory,
    SouvenirRetriever,
    memory_tools,
)
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "langchain_memory"


def answered(user: str, question: str) -> str:
    """What a fake model says that repeats its prompt: memories, history and question."""
    history = SouvenirChatMessageHistory(Client(), user, "talk")
    retriever = SouvenirRetriever(client=Client(), user_id=user)

    def prompt(asked: str) -> list[Any]:
        recalled = [document.page_content for document in retriever.invoke(asked)]
        return [("system", "\n".join(recalled)), *history.messages, ("human", asked)]

    def repeated(messages: list[Any]) -> AIMessage:
        return AIMessage(" | ".join(message.text for message in messages))

    chain = RunnableLambda(prompt) | RunnableLambda(convert_to_messages) | repeated
    answer = chain.invoke(question)
    history.add_messages([HumanMessage(question), answer])
    return str(answer.text)


def stores(user: str) -> None:
    answered(user, FACT)
    until(lambda: knows(user), "the memory of the turn")
    history = SouvenirChatMessageHistory(Client(), user, "talk")
    assert [type(m) for m in history.messages] == [HumanMessage, AIMessage]
    assert history.messages[0].content == FACT


def recalls(user: str) -> None:
    tell(user)
    (document, *_) = SouvenirRetriever(client=Client(), user_id=user).invoke(QUESTION)
    assert WORD in document.page_content and document.metadata["kind"] == "fact"
    assert document.id in ids(user)
    assert WORD in answered(user, QUESTION)


async def recalls_awaited(user: str) -> None:
    tell(user)
    retriever = SouvenirRetriever(client=Client(), user_id=user)
    assert WORD in (await retriever.ainvoke(QUESTION))[0].page_content


def deletes(user: str) -> None:
    history = SouvenirChatMessageHistory(Client(), user, "talk")
    history.add_messages([HumanMessage(FACT), AIMessage("How nice!")])
    until(lambda: knows(user), "the memory")
    history.clear()
    assert history.messages == [] and not knows(user)
    history.add_messages([HumanMessage("Hello again.")])
    assert [m.content for m in history.messages] == ["Hello again."]


def streams(user: str) -> None:
    tell(user)
    model = GenericFakeChatModel(messages=iter([AIMessage("You live in Rome.")]))
    retriever = SouvenirRetriever(client=Client(), user_id=user)
    shown: list[str] = []

    def prompt(question: str) -> str:
        shown.append(retriever.invoke(question)[0].page_content)
        return f"{shown[0]}\n{question}"

    words = [piece.text for piece in (RunnableLambda(prompt) | model).stream(QUESTION)]
    assert len(words) > 1 and "".join(words) == "You live in Rome."
    assert WORD in shown[0]


def tools(user: str) -> None:
    recall, remember, forget = memory_tools(Client(), user)
    assert "what is remembered" in recall.description and "query" in recall.args
    remember.invoke({"text": FACT})
    line = recall.invoke({"query": QUESTION})
    assert WORD in line
    forget.invoke({"memory_id": line.partition(":")[0]})
    assert not knows(user)
