"""Delete one memory."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from souvenir_client import Client


class ForgetTool(Tool):
    """It must be the user's."""

    def _invoke(
        self, tool_parameters: dict[str, Any]
    ) -> Generator[ToolInvokeMessage, None, None]:
        credentials = self.runtime.credentials
        user = tool_parameters.get("user_id") or self.runtime.user_id or "dify"
        with Client(credentials["url"], credentials["api_key"]) as client:
            done = client.delete([tool_parameters["memory_id"]], user_id=user)
        yield self.create_json_message({"forgotten": done})
