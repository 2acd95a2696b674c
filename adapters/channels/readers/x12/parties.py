"""Parties of a document: N1 and the N2, N3, N4 that follow it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from adapters.channels.readers.order import RawParty
from adapters.channels.readers.x12 import codes
from adapters.channels.readers.x12.segments import Segment


@dataclass(slots=True)
class Parties:
    """Gathers N1 loops."""

    done: list[RawParty] = field(default_factory=list)
    open: RawParty | None = None

    def take(self, segment: Segment) -> None:
        """Add a segment; any other than N1 to N4 ends the open party."""
        party = self.open
        if segment.tag == "N1":
            self.close()
            scheme = segment.get(3)
            self.open = RawParty(
                role=codes.meaning("party", segment.get(1)) or segment.get(1).lower(),
                scheme=codes.named("scheme", scheme) if scheme else "",
                id=segment.get(4),
                name=segment.get(2),
            )
        elif (party is not None and segment.tag == "N2") or (party is not None and segment.tag == "N3"):
            self.open = replace(party, street=(*party.street, *_given(segment)))
        elif party is not None and segment.tag == "N4":
            city, region, postal_code, country = (segment.get(number) for number in range(1, 5))
            self.open = replace(party, city=city, region=region, postal_code=postal_code, country=country)
        elif segment.tag not in ("REF", "PER"):
            self.close()

    def close(self) -> None:
        """End the open party."""
        if self.open is not None:
            self.done.append(self.open)
        self.open = None

    def finished(self) -> tuple[RawParty, ...]:
        """All parties, in the document's order."""
        self.close()
        return tuple(self.done)


def _given(segment: Segment) -> tuple[str, ...]:
    return tuple(filter(None, (segment.get(1), segment.get(2))))
