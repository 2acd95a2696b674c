"""Which URLs a webhook may have: https on the usual ports, a name, and nothing that hides another meaning."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = (443, 8443)
URL_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes."""

    url: str
    host: str
    port: int
    local: bool = False  # a developer's receiver: may only be on loopback

    @property
    def endpoint(self) -> str:
        """What shares one machine's patience."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a URL or an address is not sent to."""

    reason: str


def target_of(url: str, *, allow_local: bool) -> Target | Refused:
    """Read a subscription's URL.

    allow_local  development only: http, and any port, is taken too, and is then bound to loopback
    """
    if len(url) > URL_LIMIT or not url.isascii() or any(sign <= " " or sign in '\\"<>^`{|}\x7f' for sign in url):
        return Refused("the URL is too long, or holds a sign that a URL has not: write names in ASCII (xn--)")
    try:
        parts = urlsplit(url)
        port = {"https": 443, "http": 80}.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as exc:
        return Refused(f"the URL cannot be read: {exc}")
    if parts.username is not None or "@" in parts.netloc:
        return Refused("the URL holds a user or a password")
    if not parts.hostname or "%" in parts.hostname:
        return Refused("the URL names no host")
    usual = parts.scheme == "https" and port in PORTS
    if not usual and not (allow_local and parts.scheme in ("http", "https")):
        return Refused(f"{parts.scheme or 'no scheme'} on port {port}: webhooks go by https to port 443 or 8443")
    return Target(parts._replace(fragment="").geturl(), parts.hostname, port, local=not usual)
