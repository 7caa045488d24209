"""The ChatModel port on any OpenAI-compatible endpoint, by the `openai` SDK."""

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.adapters.openai_chat.chat_client import OpenAIChat
from shared.adapters.openai_chat.thinking import ThinkSplitter

__all__ = ["CircuitBreaker", "OpenAIChat", "ThinkSplitter"]
