"""Who speaks in a message, by `role_name` or by the `name` of OpenAI's clients."""

from __future__ import annotations

import pytest

from services.gateway.ingest.inbound import read_messages
from services.gateway.schemas.messages import MessageIn


@pytest.mark.parametrize(
    ("fields", "speaker"),
    [
        ({"role": "user", "name": "Keely"}, "Keely"),
        ({"role": "assistant", "name": "David"}, "David"),
        ({"role": "user", "name": "Keely", "role_name": "Ida"}, "Ida"),
        ({"role": "user", "name": None}, ""),
        ({"role": "user", "name": "User"}, ""),
        ({"role": "assistant", "name": "assistant"}, ""),
        ({"role": "tool", "name": "get_weather"}, ""),
        ({"role": "system", "name": "rules"}, ""),
    ],
)
def test_a_name_says_who_speaks(fields: dict[str, str], speaker: str) -> None:
    sent = MessageIn.model_validate(fields | {"content": "Hi"})
    [message] = read_messages([sent], 0, "UTC", 100).messages
    assert message.speaker == speaker
    if fields["name"] is not None:
        assert message.extra["name"] == fields["name"]
