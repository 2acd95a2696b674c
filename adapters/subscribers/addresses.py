"""Which addresses a webhook may be sent to: public ones only, whatever they are wrapped in.

`ipaddress.is_global` is no guard: in Python 3.11 it says True for 64:ff9b::7f00:1 (loopback through NAT64),
2002:7f00:1:: (loopback through 6to4) and 192.0.0.192. So the ranges stand here.
Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's metadata service on an address that is public by its number
    )
)  # fmt: skip
_UNICAST_V6 = IPv6Network("2000::/3")  # all that IANA has given out; the rest is special or reserved
_CLOSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64, _COMPATIBLE = IPv6Network("64:ff9b::/96"), IPv6Network("::/96")
_LOW_32 = 0xFFFF_FFFF


def why_not(text: str) -> str:
    """Why nothing may be sent to this address; "" where it is public."""
    address = ip_address(text)
    closed = [each for each in _layers(address) if _closed(each)]
    return "" if not closed else f"{address} is not public" if closed[0] == address else f"{address} wraps {closed[0]}"


def why_not_loopback(text: str) -> str:
    """Why a receiver of a developer's own machine may not have this address; "" where it is loopback."""
    return "" if ip_address(text).is_loopback else f"{text} is not loopback"


def _layers(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 address that it is a wrapping of."""
    if isinstance(address, IPv6Address):
        wrapped = _wrapped(address)
        if wrapped is not None:
            yield wrapped
            return
    yield address


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & _LOW_32)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def _closed(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in _CLOSED_V4)
    return address not in _UNICAST_V6 or any(address in network for network in _CLOSED_V6)
