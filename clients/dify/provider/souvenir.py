"""The provider: says whether URL and key are good."""

from collections.abc import Mapping
from typing import Any

from dify_plugin import ToolProvider
from dify_plugin.errors.tool import ToolProviderCredentialValidationError

from souvenir_client import ApiError, Client


class SouvenirProvider(ToolProvider):
    """Souvenir, or MemOS Cloud."""

    def _validate_credentials(self, credentials: Mapping[str, Any]) -> None:
        try:
            with Client(credentials["url"], credentials["api_key"]) as client:
                client.memories("dify-connection-test", size=1)
        except ApiError as error:
            raise ToolProviderCredentialValidationError(str(error)) from error
