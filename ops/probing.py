"""Asking a server of our own on the loopback whether it answers: a plain connection, no proxy, nothing to set up."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PROBE_S = 1.0
OK = 200


def status(url: str) -> int:
    """The status of a GET; 0 where nobody answers HTTP there in time."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PROBE_S)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def is_ready(url: str) -> bool:
    """Whether a readiness endpoint is green."""
    return status(url) == OK


def listens(url: str) -> bool:
    """Whether anybody answers HTTP there, whatever they say."""
    return status(url) != 0
