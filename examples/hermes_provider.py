"""Hermes: what its agent does with the provider around a turn. Needs a running Souvenir
and no model: `python examples/hermes_provider.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(in Hermes' environment: pip install souvenir-client). How Hermes finds it:
examples/hermes_plugin.
"""

import os

from souvenir_client import Client
from souvenir_client.integrations.hermes_provider import SouvenirMemoryProvider

user = os.environ.get("SOUVENIR_USER", "ana")
Client().add("I live in Rome with two greyhounds.", user, wait=True)

provider = SouvenirMemoryProvider()
provider.initialize("today", user_id=user)
print(provider.prefetch("Which pets do I have?"))
provider.sync_turn("Which pets do I have?", "Two greyhounds.")
provider.shutdown()
