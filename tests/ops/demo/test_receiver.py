"""The receiver as a stranger starts it."""

from __future__ import annotations

import base64
import json
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from standardwebhooks.webhooks import Webhook

from adapters.subscribers.signing import headers
from tests.support.receiver import Receiver, receiver

SECRET = b"\x01" * 32
BODY = b'{"data":{},"seq":1,"type":"t"}'


def send(shop: Receiver, path: str = "/hooks/a", body: bytes = BODY, **more: str) -> int:
    """A signed message; its status."""
    signed = {**headers([SECRET], "w", int(time.time()), BODY), **more}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(shop.url + path, body, signed, method="POST"), timeout=10
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as exc:
        return exc.code


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    """A receiver of one subscription."""
    secret = "whsec_" + base64.b64encode(SECRET).decode()
    with receiver(tmp_path_factory.mktemp("ledger"), {"a": secret}) as running:
        yield running


def test_a_message_is_in_the_ledger_when_it_is_answered(shop: Receiver) -> None:
    before = len(shop.taken("a"))
    assert (send(shop), len(shop.taken("a"))) == (204, before + 1)


def test_the_ledger_holds_the_message_s_fields_and_its_id(shop: Receiver) -> None:
    send(shop)
    line = shop.taken("a")[-1]
    assert (line["type"], line["seq"], line["webhook_id"]) == ("t", 1, "w") and line["received_ms"] > 0


@pytest.mark.parametrize("path", ["/hooks/unknown", "/hooks/../../etc"])
def test_a_subscription_without_a_secret_gets_nothing_in(shop: Receiver, path: str) -> None:
    assert send(shop, path) == 401 and not shop.taken("unknown")


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "other"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,AAAA"},
    ],
)
def test_a_message_that_was_tampered_with_is_refused(shop: Receiver, change: dict[str, str]) -> None:
    assert send(shop, **change) == 401


def test_another_body_is_refused(shop: Receiver) -> None:
    assert send(shop, body=BODY.replace(b"1", b"2")) == 401


def test_a_message_whose_sender_died_in_the_middle_of_it_was_never_sent(shop: Receiver) -> None:
    before = shop.taken("a"), shop.refused("a")
    signed = {**headers([SECRET], "cut", int(time.time()), BODY), "Content-Length": str(len(BODY))}
    with socket.create_connection(("127.0.0.1", urlsplit(shop.url).port), timeout=10) as sender:
        head = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        sender.sendall(f"POST /hooks/a HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + BODY[:-5])
        sender.shutdown(socket.SHUT_WR)
        assert sender.recv(100) == b""
    assert (shop.taken("a"), shop.refused("a")) == before
    assert send(shop) == 204


def test_other_paths_are_not_found(shop: Receiver) -> None:
    assert send(shop, "/elsewhere") == 404


def test_its_state_counts(shop: Receiver) -> None:
    send(shop)
    with urllib.request.urlopen(shop.url + "/state", timeout=10) as answer:
        assert json.loads(answer.read())["a.taken"] == len(shop.taken("a"))


def test_it_stops_at_sigterm(tmp_path: Path) -> None:
    with receiver(tmp_path, {}) as running:
        running.process.terminate()
        assert running.process.wait(timeout=10) == 0


def test_the_library_it_trusts_rejects_nothing_valid() -> None:
    signed = headers([SECRET], "w", int(time.time()), BODY)
    assert Webhook(SECRET).verify(BODY, signed)["seq"] == 1
