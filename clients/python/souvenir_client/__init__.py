"""A thin, typed client of Souvenir and of every server that speaks the MemOS Cloud API."""

from souvenir_client.calls import ApiError, Found, Task
from souvenir_client.client import AsyncClient, Client

__all__ = ["ApiError", "AsyncClient", "Client", "Found", "Task"]
