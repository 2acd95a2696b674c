"""Where a webhook may go: a table of URLs, each of which a hostile subscriber might give."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.subscribers.addresses import why_not, why_not_loopback
from adapters.subscribers.post import Poster
from adapters.subscribers.target import Refused, Target, target_of

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::7f00:1", "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1", "2001:10::1", "3fff::1", "100::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255",
    "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_inside_is_refused_whatever_it_is_wrapped_in(address: str) -> None:
    assert why_not(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address: str) -> None:
    assert why_not(address) == ""


@pytest.mark.parametrize(
    ("address", "loopback"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("8.8.8.8", False)]
)
def test_a_local_receiver_is_on_loopback_and_nowhere_else(address: str, loopback: bool) -> None:
    assert (why_not_loopback(address) == "") is loopback


URLS_REFUSED = [
    "http://shop.example/", "ftp://shop.example/", "file:///etc/passwd", "gopher://shop.example/", "//shop.example/",
    "shop.example", "", "https://", "https:///path", "https://shop.example:22/", "https://shop.example:6379/",
    "https://shop.example:80/", "https://shop.example:0/", "https://shop.example:99999/", "https://shop.example:x/",
    "https://user@shop.example/", "https://user:pass@shop.example/", "https://shop.example@127.0.0.1/",
    "https://@shop.example/", "https://shop.example\\@127.0.0.1/", "https://shop.example/\r\nHost: x",
    "https://shop.example/ x", "https://shop\t.example/", "https://sh\u00f6p.example/", "https://\uff11\uff12\uff17.0.0.1/",
    "https://[::1/", "https://[fe80::1%25eth0]/", "https://shop.example/" + "x" * 2_000, "HTTP://shop.example/",
    "https://shop.example/<x>", "data:text/plain,x", "javascript:alert(1)", "https://\u24db\u24de\u24d2al/",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS_REFUSED)
def test_a_url_that_means_something_else_is_refused(url: str) -> None:
    assert isinstance(target_of(url, allow_local=False), Refused)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://shop.example/hooks?x=1#top", "shop.example", 443),
        ("https://SHOP.example:8443/", "shop.example", 8443),
        ("https://[2606:4700::1]:443/", "2606:4700::1", 443),
    ],
)
def test_an_ordinary_url_is_read(url: str, host: str, port: int) -> None:
    target = target_of(url, allow_local=False)
    assert isinstance(target, Target) and (target.host, target.port, target.local) == (host, port, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "https://localhost:9443/"])
def test_a_developer_may_use_plain_http_and_any_port_on_loopback(url: str) -> None:
    target = target_of(url, allow_local=True)
    assert isinstance(target, Target) and target.local


def test_a_developers_setting_does_not_open_other_schemes() -> None:
    assert isinstance(target_of("ftp://127.0.0.1/", allow_local=True), Refused)


class Canary:
    """A server inside: it counts who comes."""

    def __init__(self) -> None:
        self.visits = 0

    async def greet(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody came."""
        self.visits += 1
        writer.close()


# literal hosts and what a system resolver makes of them; names that a hostile name server answers as it likes
LITERALS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0", "localhost",
    "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]",
]  # fmt: skip


@pytest.mark.parametrize("host", LITERALS)
def test_no_way_of_writing_loopback_reaches_a_server_inside(host: str) -> None:
    outcome, visits = asyncio.run(visit(host, None))
    assert outcome in ("refused-address", "failed") and visits == 0  # some resolvers do not read 0177.0.0.1


@pytest.mark.parametrize("address", CLOSED)
def test_no_name_reaches_a_server_inside(address: str) -> None:
    assert asyncio.run(visit("evil.example", [[address]])) == ("refused-address", 0)


def test_one_closed_address_among_public_ones_is_enough_to_refuse() -> None:
    assert asyncio.run(visit("evil.example", [["8.8.8.8", "127.0.0.1"]])) == ("refused-address", 0)


def test_a_developers_receiver_cannot_be_outside() -> None:
    assert asyncio.run(visit("evil.example", [["8.8.8.8"]], local=True)) == ("refused-address", 0)


async def visit(host: str, answers: list[list[str]] | None, *, local: bool = False) -> tuple[str, int]:
    """Outcome of a delivery to this host, and how often the canary on the port was visited."""
    canary = Canary()
    server = await asyncio.start_server(canary.greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    replies: Iterator[list[str]] = iter(answers or [])

    async def scripted(_: str, __: int) -> list[str]:
        return next(replies)

    poster = Poster(lambda: 0, **({"resolver": scripted} if answers else {}), time_out_s=3)
    with closing(server):
        outcome = await poster.post(Target(f"https://{host}:{port}/", host, port, local), {}, b"{}")
        await poster.close()
    return outcome.outcome, canary.visits


@contextmanager
def closing(server: asyncio.Server) -> Iterator[None]:
    """The server is closed at the end."""
    try:
        yield
    finally:
        server.close()
