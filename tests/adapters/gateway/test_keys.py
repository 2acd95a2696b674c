"""A key's secret exists once, in its owner's hands; everybody else holds its digest."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateway.keys import KeyRing, issue, parse
from schemas import wire

NOW = 1_772_438_400_000


def ring(*scopes: str, **rest: int) -> tuple[KeyRing, str]:
    issued = issue(scopes or ("admin",), **rest)  # type: ignore[arg-type]
    keys = KeyRing()
    keys.put("acme", issued.record)
    return keys, issued.token


def test_a_key_has_the_published_form() -> None:
    okp, own, secret, checksum = issue(("admin",)).token.split("_")
    assert (okp, len(own), len(secret), len(checksum)) == ("okp", 12, 32, 8)


def test_the_record_holds_no_secret_and_fits_its_schema() -> None:
    issued = issue(("orders:write@portal",), name="shop")
    secret = issued.token.split("_")[2]
    assert secret.encode() not in orjson.dumps(issued.record) + wire.encode("wharf.reference.v1.ApiKey", issued.record)


def test_no_two_keys_are_alike() -> None:
    assert len({issue(()).token for _ in range(1_000)}) == 1_000


def test_a_known_key_names_its_tenant_and_scopes() -> None:
    keys, token = ring("feed:read@portal")
    caller = keys.caller(token, NOW)
    assert caller and (caller.tenant, set(caller.scopes)) == ("acme", {"feed:read@portal"})


@given(st.integers(0, 56), st.sampled_from("0aZ_"))
def test_a_mistyped_key_is_refused_without_asking_the_store(place: int, sign: str) -> None:
    token = issue((), key_id="abcdefghijkl").token
    bent = token[:place] + sign + token[place + 1 :]
    assert bent == token or parse(bent) is None


@pytest.mark.parametrize("token", ["", "okp_", "okp_a_b_c", "x" * 10_000, "okp_abcdefghijkl_" + "é" * 32 + "_00000000"])
def test_what_is_no_key_is_nobody(token: str) -> None:
    assert KeyRing().caller(token, NOW) is None


def test_a_right_form_with_another_secret_is_nobody() -> None:
    keys, token = ring()
    own = token.split("_")[1]
    assert keys.caller(issue((), key_id=own).token, NOW) is None


def test_an_expired_key_is_nobody() -> None:
    keys, token = ring(expires_at=NOW)
    assert keys.caller(token, NOW - 1) and keys.caller(token, NOW) is None


def test_a_revoked_key_is_nobody_at_once() -> None:
    issued, keys = issue(("admin",)), KeyRing()
    keys.put("acme", issued.record)
    keys.put("acme", {**issued.record, "revoked": True, "version": 1})
    assert keys.caller(issued.token, NOW) is None


def test_an_older_record_does_not_bring_a_revoked_key_back() -> None:
    issued, keys = issue(("admin",)), KeyRing()
    keys.put("acme", {**issued.record, "revoked": True, "version": 1})
    keys.put("acme", issued.record)
    assert keys.caller(issued.token, NOW) is None


def test_a_deleted_key_is_nobody_and_only_its_tenant_can_delete_it() -> None:
    keys, token = ring()
    own = token.split("_")[1]
    keys.remove("globex", own)
    assert keys.caller(token, NOW)
    keys.remove("acme", own)
    assert keys.caller(token, NOW) is None


def test_another_tenant_cannot_take_a_key_id_over() -> None:
    keys, token = ring()
    keys.put("globex", issue(("admin",), key_id=token.split("_")[1], version=9).record)
    caller = keys.caller(token, NOW)
    assert caller and caller.tenant == "acme"


def test_two_keys_live_side_by_side_for_rotation() -> None:
    old, new, keys = issue(("admin",)), issue(("admin",)), KeyRing()
    keys.put("acme", old.record)
    keys.put("acme", new.record)
    assert keys.caller(old.token, NOW) and keys.caller(new.token, NOW)


@pytest.mark.parametrize(
    ("scope", "action", "resource", "allowed"),
    [
        ("admin", "orders:write", "portal", True),
        ("orders:write@portal", "orders:write", "portal", True),
        ("orders:write@portal", "orders:write", "edi", False),
        ("orders:write@portal", "orders:write", "", False),
        ("orders:write@*", "orders:write", "edi", True),
        ("orders:write", "orders:write", "edi", True),
        ("orders:write@portal", "feed:read", "portal", False),
        ("orders:write@portal", "orders:write", "portal2", False),
        ("availability:read", "availability:read", "portal", True),
        ("feed:read@*", "feed:read", "", True),
    ],
)
def test_a_scope_allows_its_action_on_its_resource(scope: str, action: str, resource: str, allowed: bool) -> None:
    keys, token = ring(scope)
    caller = keys.caller(token, NOW)
    assert caller and caller.may(action, resource) is allowed
