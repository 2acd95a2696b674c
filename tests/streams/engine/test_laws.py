"""The laws of the pure core, on an agent that uses all of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.records import Record
from tests.streams.engine.support import record, run, types

commands = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["count", "remind", "forget", "pass-on", "boom"]),
    st.integers(min_value=1, max_value=9),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    """A mailbox with up to twenty commands, some of them undecidable."""
    found = draw(st.lists(commands, max_size=20))
    return [record(index, key, kind, str(number).encode()) for index, (key, kind, number) in enumerate(found)]


@given(logs())
def test_the_same_records_lead_to_the_same_bytes(log: list[Record]) -> None:
    first, again = run([log]), run([log])
    assert first[0] == again[0]
    assert first[1].scopes == again[1].scopes


@given(logs(), st.data())
def test_it_does_not_matter_where_a_batch_is_cut(log: list[Record], data: st.DataObject) -> None:
    cut = data.draw(st.integers(min_value=0, max_value=len(log)))
    whole, parts = run([log]), run([log[:cut], log[cut:]])
    assert whole[0] == parts[0]
    assert whole[1].scopes == parts[1].scopes


@given(logs())
def test_a_command_that_cannot_be_decided_changes_nothing_around_it(log: list[Record]) -> None:
    healthy = [found for found in log if b"\x08boom" not in (found.value or b"")]
    outs, store = run([log])
    calm, calm_store = run([healthy])
    assert [out for out in outs if not out.topic.endswith(".dead")] == calm
    assert store.scopes == calm_store.scopes


@given(logs())
def test_each_command_that_cannot_be_decided_is_dead_once(log: list[Record]) -> None:
    poison = [found.offset for found in log if b"\x08boom" in (found.value or b"")]
    outs, _ = run([log])
    dead = [int(dict(out.headers)["dead_offset"]) for out in outs if out.topic == "feeds.commands.dead"]
    assert dead == poison


@given(logs())
def test_keys_do_not_meet(log: list[Record]) -> None:
    outs, _ = run([log])
    for key in (b"acme|a", b"acme|b", b"acme|c"):
        alone, _ = run([[found for found in log if found.key == key]])
        assert [out for out in outs if out.key == key and types([out]) == ["feed.entry"]] == [
            out for out in alone if out.key == key and types([out]) == ["feed.entry"]
        ]
