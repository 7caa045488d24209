"""CrewAI: the tools of an agent. Needs a running Souvenir and no model:
`python examples/crewai_tools.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[crewai]').

With a model: Agent(role=..., goal=..., backstory=..., tools=tools).
"""

import os

from souvenir_client import Client
from souvenir_client.integrations.crewai_tools import memory_tools
from souvenir_client.integrations.user_memory import UserMemory

user = os.environ.get("SOUVENIR_USER", "ana")
tools = memory_tools(UserMemory(Client(), user))
recall, remember, forget = tools
print(remember.run(text="I live in Rome with two greyhounds."))
print(recall.run(query="Which pets do I have?"))
