"""A thin, typed client of Souvenir and of every server that speaks the MemOS Cloud API."""

from souvenir_client.async_client import AsyncClient
from souvenir_client.client import Client
from souvenir_client.values import ApiError, Found, Task

__all__ = ["ApiError", "AsyncClient", "Client", "Found", "Task"]
