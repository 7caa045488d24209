"""A key that is rotated and revoked at a time is revoked."""

from __future__ import annotations

import pytest

from services.gateway.admin.manage_keys import rotate_key
from shared.domain.api_key import ApiKey
from shared.errors import NotFound
from tests.fakes.keys import FakeKeys


class RevokedMeanwhile(FakeKeys):
    """Somebody revokes the first key while another one is written."""

    async def put(self, key: ApiKey) -> None:
        await super().put(key)
        (first, _) = await self.of_project("one")
        del self.stored[first.hash]


@pytest.mark.parametrize("overlap_s", [0.0, 60.0])
async def test_a_rotation_brings_no_revoked_key_back(overlap_s: float) -> None:
    keys = RevokedMeanwhile({"mpg-one": "one"})
    (key,) = await keys.of_project("one")
    with pytest.raises(NotFound):
        await rotate_key(keys, "one", key.id, overlap_s)
    assert keys.stored == {}


async def test_the_old_key_works_for_a_while() -> None:
    keys = FakeKeys({"mpg-one": "one"})
    (old,) = await keys.of_project("one")
    made, _ = await rotate_key(keys, "one", old.id, 60.0)
    ends = {key.id: key.expires_at for key in await keys.of_project("one")}
    assert ends[old.id] > 0 and ends[made.id] == 0
