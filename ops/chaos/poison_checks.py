"""What must hold of bad records: each is dead at each of its readers, named, whole, and nothing else is."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from ops.chaos.evidence import Check, Evidence
from ops.chaos.poisoner import readers
from streams.engine.records import Record

Position = tuple[str, int, int]
NEEDED = ("kind", "error", "message", "location", "fingerprint", "timestamp", "attempt")
FITS = 64 << 10  # bytes: above, a letter may be cut, and says so


def only_poison_is_dead(evidence: Evidence) -> Iterator[str]:
    """Each bad record is dead once for each of its readers, under the name of its defect; nothing else is."""
    found = Counter((_position(letter), letter_says(letter, "agent")) for letter in evidence.dead)
    errors = {(_position(letter), letter_says(letter, "error")) for letter in evidence.dead}
    for put in evidence.poisons:
        for reader in readers(put.position[0]):
            times = found.pop((put.position, reader), 0)
            if times != 1:
                yield f"{put.name} at {put.position} is dead {times} times at {reader}"
            elif (put.position, put.error) not in errors:
                yield f"{put.name} at {put.position} is not called {put.error}"
    for (position, reader), times in found.items():
        yield f"a record at {position} is dead {times} times at {reader}, and nobody poisoned it"


def letters_are_whole(evidence: Evidence) -> Iterator[str]:
    """A letter has the original bytes and says where they stood and why they are dead."""
    poisons = {put.position: put for put in evidence.poisons}
    for letter in evidence.dead:
        put = poisons.get(_position(letter))
        if missing := [name for name in NEEDED if not letter_says(letter, name)]:
            yield f"the letter at {letter.position} does not tell {missing}"
        cut = any(name.startswith("dead_truncated") for name, _ in letter.headers)
        if put and not cut and (letter.key, hashlib.sha256(letter.value or b"").hexdigest()) != (put.key, put.sha256):
            yield f"the letter at {letter.position} has other bytes than {put.name} at {put.position}"


def letter_says(letter: Record, name: str) -> str:
    """A word of its provenance."""
    headers: Mapping[str, bytes] = dict(letter.headers)
    return headers.get(f"dead_{name}", b"").decode(errors="replace")


def _position(letter: Record) -> Position:
    offset, partition = letter_says(letter, "offset"), letter_says(letter, "partition")
    return letter_says(letter, "topic"), int(partition or -1), int(offset or -1)


CHECKS: dict[str, Check] = {
    "the dead are the poisoned": only_poison_is_dead,
    "a dead letter is whole": letters_are_whole,
}
