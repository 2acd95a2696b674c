"""What a command's exit code says. Source: BSD sysexits(3)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of `wharf`."""

    OK = 0
    USAGE = 64
    BAD_DATA = 65
    UNAVAILABLE = 69
    INTERNAL = 70
    TRY_AGAIN = 75


class Failed(Exception):
    """A command cannot do what it was asked; carries the exit code and a sentence for the one who asked."""

    def __init__(self, code: Exit, why: str) -> None:
        super().__init__(why)
        self.code = code


def exit_of(failure: BaseException) -> tuple[Exit, str]:
    """The exit code and the sentence for whatever ended a command."""
    if isinstance(failure, Failed):
        return failure.code, str(failure)
    for code, kinds in _kinds():
        if isinstance(failure, kinds):
            return code, f"{failure}" or type(failure).__name__
    return Exit.INTERNAL, f"{type(failure).__name__}: {failure}"


def _kinds() -> tuple[tuple[Exit, tuple[type[BaseException], ...]], ...]:
    """Here, so that a command that succeeds does not load what only others raise."""
    import httpx
    from confluent_kafka import KafkaException
    from pydantic import ValidationError
    from redis.exceptions import RedisError

    from ops.catalog import UnknownAgent
    from ops.embedded.child import NotReady, Unavailable
    from ops.waiting import NoSuchLetter
    from schemas.registry import RegistryTrouble
    from streams.engine.client import LogUnavailable
    from streams.engine.waiting import NotRedrivable
    from tables.redis.away import ReadModelsAway

    return (
        (Exit.USAGE, (UnknownAgent, ValidationError)),
        (Exit.BAD_DATA, (FileNotFoundError, IsADirectoryError, UnicodeDecodeError, NoSuchLetter, NotRedrivable)),
        (Exit.UNAVAILABLE, (Unavailable, NotReady, LogUnavailable, ReadModelsAway, RegistryTrouble)),
        (Exit.UNAVAILABLE, (KafkaException, RedisError, httpx.TransportError)),
        (Exit.TRY_AGAIN, (TimeoutError,)),
    )
