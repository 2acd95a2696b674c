"""What a seed's verdict is: everything that contradicts an invariant, a crash of the play itself included."""

from __future__ import annotations

import logging

import structlog

from ops.chaos.evidence import Violation
from ops.simulate import judge
from ops.simulate.play import Play
from streams.engine.driver import Restless
from streams.engine.fold import FoldBroken
from streams.engine.runner import RestoreBroken

SEEDS = 2_000
BROKEN = (FoldBroken, RestoreBroken, Restless)


def verdict(play: Play, *, replay: bool) -> list[Violation]:
    """Play and judge.

    replay  also compare with a calm replay of the log, which costs half as much again
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        play.run()
    except BROKEN as exc:
        return [Violation(type(exc).__name__, str(exc))]
    return judge.violations(play) + (judge.replayed(play) if replay else [])
