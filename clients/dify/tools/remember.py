"""Keep something about the user."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from souvenir_client import Client


class RememberTool(Tool):
    """Answers when what was kept can be found."""

    def _invoke(
        self, tool_parameters: dict[str, Any]
    ) -> Generator[ToolInvokeMessage, None, None]:
        credentials = self.runtime.credentials
        user = tool_parameters.get("user_id") or self.runtime.user_id or "dify"
        with Client(
            credentials["url"], credentials["api_key"], timeout=120.0
        ) as client:
            task = client.add(tool_parameters["text"], user, wait=True)
        yield self.create_json_message({"task_id": task.task_id, "status": task.status})
