"""Which secrets of an endpoint sign: the newest, and older ones for as long as was said."""

from __future__ import annotations

from shared.domain.webhook_endpoint import OldSecret, WebhookEndpoint

HOOK = WebhookEndpoint("id", "one", "https://h.example", "a", updated_at=1)


def test_the_old_secret_signs_beside_the_new_one_until_its_end() -> None:
    rotated = HOOK.with_secret("b", 100, 150)
    assert (rotated.secret, rotated.updated_at) == ("b", 100)
    assert rotated.signing_secrets(149) == ("b", "a")
    assert rotated.signing_secrets(150) == ("b",)


def test_who_rotates_again_keeps_what_still_signs() -> None:
    again = HOOK.with_secret("b", 100, 150).with_secret("c", 120, 200)
    assert again.signing_secrets(149) == ("c", "b", "a")
    assert again.signing_secrets(150) == ("c", "b")
    late = again.with_secret("d", 160, 300)
    assert late.old_secrets == (OldSecret("c", 300), OldSecret("b", 200))


def test_no_older_secret_signs_longer_than_the_last_one_may() -> None:
    twice = HOOK.with_secret("b", 100, 900).with_secret("c", 110, 120)
    assert twice.old_secrets == (OldSecret("b", 120), OldSecret("a", 120))
    assert twice.with_secret("d", 115, 115).old_secrets == ()
