"""Which changelog holds the state is said with every committed offset, and another one is not taken for it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.settings import Settings
from streams.engine.engine import HOPELESS
from streams.engine.health import Health
from streams.engine.records import TP
from streams.engine.source import Doubt, Owner, Source
from streams.engine.tail import Watermarks
from streams.engine.takeover import ChangelogReplaced, Takeover
from streams.engine.timers import Alarms
from tables.store_memory import MemoryStore
from tests.streams.engine.toy import TOY, toy

TPS = {TP("feeds.commands", number) for number in range(2)}


def takeover(folder: Path, said: dict[int, str]) -> Takeover:
    """Partitions 0 and 1, whose offsets were committed with these words; the changelog there now is "new"."""
    source = SimpleNamespace(said={TP("feeds.commands", number): word for number, word in said.items()}, changelog="")
    marks = SimpleNamespace(incarnation=lambda topic: "new")
    settings = Settings(environment="t")
    return Takeover(toy, settings, folder, cast("Source", source), cast("Watermarks", marks), Health("toy"))


@pytest.mark.parametrize("said", [{}, {0: "", 1: ""}, {0: "new", 1: "new"}], ids=["none yet", "by a tool", "the same"])
def test_the_changelog_that_was_committed_to_is_restored_from(tmp_path: Path, said: dict[int, str]) -> None:
    made = takeover(tmp_path, said)
    made._refuse_another_changelog(TOY, TPS)
    assert made._source.changelog == "new"


def test_another_changelog_is_refused_with_its_partitions_and_what_helps(tmp_path: Path) -> None:
    with pytest.raises(ChangelogReplaced, match=r"toy-changelog was deleted.*partitions \[1\].*group toy"):
        takeover(tmp_path, {0: "new", 1: "old"})._refuse_another_changelog(TOY, TPS)


def test_no_new_session_brings_a_changelog_back() -> None:
    assert ChangelogReplaced in HOPELESS


def test_a_changelog_whose_offsets_go_back_is_in_doubt(tmp_path: Path) -> None:
    made, written = takeover(tmp_path, {}), list[int]()
    store: Any = MemoryStore()
    store.offset, store.write = 50, lambda rows, offset: written.append(offset)
    made.stores[0], made.alarms[0] = store, Alarms()
    made.write(0, {}, 51)
    for offset in (50, 1):
        with pytest.raises(Doubt, match="went back"):
            made.write(0, {}, offset)
    assert written == [51]


def test_offsets_say_which_changelog_the_state_is_in() -> None:
    source = Source(Settings(environment="t", kafka="127.0.0.1:1"), "t.toy", ("feeds.commands",), cast("Owner", None))
    source.position = {TP("feeds.commands", 0): 7}
    without = source.offsets({TP("feeds.commands", 0)})
    source.changelog = "new"
    said = source.offsets({TP("feeds.commands", 0)})
    source.close()
    assert [(part.topic, part.offset, part.metadata) for part in (*without, *said)] == [
        ("t.feeds.commands", 7, None),
        ("t.feeds.commands", 7, "new"),
    ]
