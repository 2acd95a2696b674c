"""Who asks, and whether they may: keys, scopes, rates. A foreign thing does not exist; a forbidden act is refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.gateway.hub import hub_of
from adapters.gateway.keys import Caller
from adapters.gateway.problems import Problem, retry_after

_bearer = HTTPBearer(auto_error=False, description="an API key, okp_…")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def caller_of(request: Request, credentials: Bearer) -> Caller:
    """The caller, counted against its rate; raises Problem unauthenticated, rate-limited or log-unavailable."""
    hub = hub_of(request)
    if credentials and not hub.informed():  # a key that is not known yet is no wrong key
        raise retry_after("log-unavailable", 1, "this gateway has just begun and still reads the keys")
    found = hub.keys.caller(credentials.credentials, hub.clock()) if credentials else None
    if found is None:
        raise Problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    if not hub.limiter.hit(hub.rate, found.tenant, found.key_id):
        raise retry_after("rate-limited", 1, f"at most {hub.rate} for one key")
    return found


Asking = Annotated[Caller, Depends(caller_of)]


def allow(caller: Caller, action: str, resource: str = "") -> None:
    """Go on if the caller may do this; raises Problem forbidden."""
    if not caller.may(action, resource):
        raise Problem("forbidden", f"needs the scope {action}{'@' + resource if resource else ''}")


def visible(caller: Caller, resource: str, *actions: str) -> None:
    """Go on if the caller may see this thing; to everybody else it does not exist: raises Problem not-found."""
    if not any(caller.may(action, resource) for action in actions):
        raise Problem("not-found")
