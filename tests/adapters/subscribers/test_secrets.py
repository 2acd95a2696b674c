"""Secrets: made from the master key or given and sealed, never in clear."""

from __future__ import annotations

import base64

import pytest
from pydantic import SecretStr

from adapters.subscribers import secrets
from schemas.generated import feeds_v1
from schemas.settings import Settings

GIVEN = b"\x01" * 32


def deployment(byte: int = 7) -> Settings:
    """Settings with a master key."""
    return Settings(master_key=SecretStr(base64.b64encode(bytes([byte]) * 32).decode()))


def attempt(version: int = 1, secret: bytes = b"") -> feeds_v1.DeliveryAttempt:
    """An attempt of the view portal/crm."""
    named = {"attempt_id": "a", "channel": "portal", "view": "crm", "webhook_id": "w", "url": "https://x/"}
    return feeds_v1.delivery_attempt(
        **named, seq=1, attempt=1, body=b"", deadline=0, secret_version=version, secret=secret
    )


def test_a_made_secret_is_told_in_the_standard_form() -> None:
    told = secrets.whsec(deployment(), "acme", "portal", "crm")
    assert secrets.given(told) == secrets.made(deployment(), "acme", "portal", "crm", 1)


def test_a_made_secret_is_the_same_wherever_it_is_made() -> None:
    assert secrets.whsec(deployment(), "acme", "portal", "crm") == secrets.whsec(deployment(), "acme", "portal", "crm")


@pytest.mark.parametrize(
    "other",
    [
        ("other", "portal", "crm", 1),
        ("acme", "other", "crm", 1),
        ("acme", "portal", "other", 1),
        ("acme", "portal", "crm", 2),
    ],
)
def test_each_view_and_version_has_a_secret_of_its_own(other: tuple[str, str, str, int]) -> None:
    assert secrets.whsec(deployment(), *other) != secrets.whsec(deployment(), "acme", "portal", "crm")


def test_another_deployment_has_other_secrets() -> None:
    assert secrets.whsec(deployment(1), "a", "b", "c") != secrets.whsec(deployment(2), "a", "b", "c")


@pytest.mark.parametrize("text", ["", "AQEB", "not base64!"])
def test_without_a_master_key_nothing_is_signed(text: str) -> None:
    with pytest.raises(secrets.NoMasterKey):
        secrets.whsec(Settings(master_key=SecretStr(text)), "a", "b", "c")


def test_a_given_secret_comes_back_from_its_seal() -> None:
    box = secrets.sealed(deployment(), GIVEN, "acme", "portal", "crm")
    assert GIVEN not in box and secrets.opened(deployment(), box, "acme", "portal", "crm") == GIVEN


def test_sealing_again_gives_the_same_bytes() -> None:
    assert len({secrets.sealed(deployment(), GIVEN, "acme", "portal", "crm") for _ in range(3)}) == 1


@pytest.mark.parametrize("other", [("other", "portal", "crm"), ("acme", "field", "crm"), ("acme", "portal", "other")])
def test_a_seal_is_bound_to_its_view(other: tuple[str, str, str]) -> None:
    box = secrets.sealed(deployment(), GIVEN, "acme", "portal", "crm")
    with pytest.raises(secrets.BadSecret):
        secrets.opened(deployment(), box, *other)


@pytest.mark.parametrize("box", [b"", b"short", b"\x00" * 60])
def test_a_seal_that_is_none_is_refused(box: bytes) -> None:
    with pytest.raises(secrets.BadSecret):
        secrets.opened(deployment(), box, "acme", "portal", "crm")


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_AQEB", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB", "whsec_\u00e4", "whsec_" + "A" * 88]
)
def test_a_given_secret_has_24_to_64_bytes(text: str) -> None:
    with pytest.raises(secrets.BadSecret):
        secrets.given(text)


def test_during_a_rotation_the_secret_before_still_signs() -> None:
    keys = secrets.in_use(deployment(), "acme", attempt(version=3))
    assert keys == tuple(secrets.made(deployment(), "acme", "portal", "crm", version) for version in (3, 2))


def test_a_given_secret_is_the_only_one_in_use() -> None:
    box = secrets.sealed(deployment(), GIVEN, "acme", "portal", "crm")
    assert secrets.in_use(deployment(), "acme", attempt(secret=box)) == (GIVEN,)
