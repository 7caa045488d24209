"""Webhooks as a receiver sees them: signed, guarded, and tried again by whoever is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from shared.adapters.webhook import HttpWebhooks, key_of, signature
from shared.errors import BadRequest, Permanent, Unavailable
from tests.support.receiver import Delivery, Receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ANOTHER = "whsec_" + base64.b64encode(bytes(range(32))).decode()
LOOPBACK = ("127.0.0.0/8",)


def verified(delivery: Delivery, secret: str) -> bool:
    """What a receiver does, in its own words."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = (
        f"{delivery.headers['webhook-id']}.{delivery.headers['webhook-timestamp']}.".encode()
        + delivery.body
    )
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        entry == f"v1,{wanted}"
        for entry in delivery.headers["webhook-signature"].split()
    )


async def resolved(*addresses: str) -> list[str]:
    return list(addresses)


async def test_it_is_told_signed_and_as_json() -> None:
    with Receiver() as receiver:
        await HttpWebhooks(SECRET, allow=LOOPBACK).deliver(
            receiver.url, "msg_1", b'{"type":"task.completed"}'
        )
        (told,) = receiver.deliveries
    assert (told.path, told.body, told.headers["content-type"]) == (
        "/hook",
        b'{"type":"task.completed"}',
        "application/json",
    )
    assert (
        told.headers["webhook-id"] == "msg_1"
        and told.headers["webhook-timestamp"].isdecimal()
    )
    assert verified(told, SECRET) and not verified(told, ANOTHER)
    assert not {"authorization", "cookie"} & told.headers.keys()


def test_the_signature_is_that_of_the_published_example() -> None:
    body = b'{"test": 2432232314}'
    assert (
        signature(key_of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


async def test_while_a_secret_is_replaced_both_sign() -> None:
    with Receiver() as receiver:
        await HttpWebhooks(f"{SECRET} {ANOTHER}", allow=LOOPBACK).deliver(
            receiver.url, "msg_1", b"{}"
        )
        (told,) = receiver.deliveries
    assert verified(told, SECRET) and verified(told, ANOTHER)


async def test_the_secrets_of_one_message_sign_it_alone() -> None:
    other = "whsec_" + base64.b64encode(bytes(24)).decode()
    with Receiver() as receiver:
        await HttpWebhooks(SECRET, allow=LOOPBACK).deliver(
            receiver.url, "msg_1", b"{}", f"{ANOTHER} {other}"
        )
        (told,) = receiver.deliveries
    assert verified(told, ANOTHER) and verified(told, other)
    assert not verified(told, SECRET)


async def test_one_that_fails_twice_takes_it_the_third_time() -> None:
    with Receiver([500, 429]) as receiver:
        webhooks = HttpWebhooks(SECRET, allow=LOOPBACK)
        for _ in range(2):
            with pytest.raises(Unavailable):
                await webhooks.deliver(receiver.url, "msg_1", b"{}")
        await webhooks.deliver(receiver.url, "msg_1", b"{}")
        assert [delivery.headers["webhook-id"] for delivery in receiver.deliveries] == [
            "msg_1"
        ] * 3


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    with Receiver() as inner, Receiver([status], location=inner.url) as receiver:
        with pytest.raises(Unavailable):
            await HttpWebhooks(SECRET, allow=LOOPBACK).deliver(
                receiver.url, "msg_1", b"{}"
            )
        assert (len(receiver.deliveries), inner.deliveries) == (1, [])


async def test_who_wants_no_more_is_not_told_again() -> None:
    with Receiver([410]) as receiver, pytest.raises(Permanent):
        await HttpWebhooks(SECRET, allow=LOOPBACK).deliver(receiver.url, "msg_1", b"{}")


async def test_who_does_not_answer_in_time_may_be_told_again() -> None:
    with Receiver() as receiver:
        receiver.holding.set()
        with pytest.raises(Unavailable):
            await HttpWebhooks(SECRET, allow=LOOPBACK, timeout_s=0.2).deliver(
                receiver.url, "msg_1", b"{}"
            )


async def test_who_is_not_there_may_be_told_again() -> None:
    with Receiver() as receiver:
        url = receiver.url
    with pytest.raises(Unavailable):
        await HttpWebhooks(SECRET, allow=LOOPBACK).deliver(url, "msg_1", b"{}")
    with pytest.raises(Unavailable):
        await HttpWebhooks(SECRET, resolve=lambda *_: resolved()).deliver(
            "http://nowhere.example/", "msg_1", b"{}"
        )


async def test_an_inner_address_is_never_asked() -> None:
    with Receiver() as receiver:
        with pytest.raises(Permanent):
            await HttpWebhooks(SECRET).deliver(receiver.url, "msg_1", b"{}")
        inside = HttpWebhooks(
            SECRET, resolve=lambda *_: resolved("1.1.1.1", "127.0.0.1")
        )
        with pytest.raises(Permanent):
            await inside.deliver(
                receiver.url.replace("127.0.0.1", "hooks.example"), "msg_1", b"{}"
            )
        assert receiver.deliveries == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.1.2.3:80/",
        "ftp://a.example/",
        "nonsense",
        "http://a:b@c.example/",
        "http://localhost:9/",
    ],
)
async def test_a_url_that_can_never_be_told_is_known_at_once(url: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await HttpWebhooks(SECRET).check(url)
    assert (refused.value.code, refused.value.message.startswith("webhook_url: ")) == (
        40000,
        True,
    )


async def test_a_name_that_leads_into_an_inner_network_is_known_at_once() -> None:
    inside = HttpWebhooks(SECRET, resolve=lambda *_: resolved("1.1.1.1", "10.1.2.3"))
    with pytest.raises(
        BadRequest, match=r"^url: .*hooks.example.*SOUVENIR_FETCH_ALLOW"
    ):
        await inside.check("https://hooks.example/", "url")


async def test_others_are_taken() -> None:
    outside = HttpWebhooks(SECRET, resolve=lambda *_: resolved("1.1.1.1"))
    await outside.check("https://hooks.example/souvenir?x=1")
    await HttpWebhooks(SECRET, allow=LOOPBACK).check("http://127.0.0.1:9/")


async def test_a_name_that_is_not_known_yet_is_taken() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError

    await HttpWebhooks(SECRET, resolve=unknown).check("https://hooks.example/")


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_c2hvcnQ=", "correct horse battery staple", "whsec_%%%"]
)
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError):
        HttpWebhooks(secret)
