"""LangChain: a chain whose history and memories are Souvenir's. Needs a running Souvenir
and no model: `python examples/langchain_memory.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[langchain]').
"""

import os

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from souvenir_client import Client
from souvenir_client.integrations.langchain_memory import (
    SouvenirChatMessageHistory,
    SouvenirRetriever,
)

client = Client()
user = os.environ.get("SOUVENIR_USER", "ana")
client.add("I live in Rome with two greyhounds.", user, wait=True)

history = SouvenirChatMessageHistory(client, user, "today")
retriever = SouvenirRetriever(client=client, user_id=user)
# Any chat model of LangChain; this one says the same whatever it is asked.
model = GenericFakeChatModel(messages=iter([AIMessage("Two, and they are fast.")]))

question = "How many dogs do I have?"
memories = "\n".join(each.page_content for each in retriever.invoke(question))
history.add_user_message(question)
answer = model.invoke([("system", memories), *history.messages])
history.add_ai_message(answer)
print("recalled:", memories)
print("history:", [message.content for message in history.messages])
