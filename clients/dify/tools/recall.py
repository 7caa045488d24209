"""What is remembered about the user."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from souvenir_client import Client
from souvenir_client.integrations.recalled_text import recalled_text


class RecallTool(Tool):
    """Answers with a text for a prompt, and with the memories as they are."""

    def _invoke(
        self, tool_parameters: dict[str, Any]
    ) -> Generator[ToolInvokeMessage, None, None]:
        credentials = self.runtime.credentials
        user = tool_parameters.get("user_id") or self.runtime.user_id or "dify"
        with Client(credentials["url"], credentials["api_key"]) as client:
            result = client.search(tool_parameters["query"], user)
        yield self.create_text_message(recalled_text(result))
        yield self.create_json_message(
            {"memories": result.memories, "preferences": result.preferences}
        )
