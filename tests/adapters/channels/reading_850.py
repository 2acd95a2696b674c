"""One 850, read: accepted, refused, or warned of."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.channels.readers.document import Accepted, Rejected
from adapters.channels.readers.order import RawLine, RawOrder
from adapters.channels.readers.x12 import reader
from tests.adapters.channels.x12_text import one_order


def accepted(*middle: Sequence[str], beg: Sequence[str] | None = None, usage: str = "P") -> Accepted[RawOrder]:
    (result,) = reader.read(one_order(*middle, beg=beg, usage=usage)).results
    assert isinstance(result, Accepted), result
    return result


def order(*middle: Sequence[str], beg: Sequence[str] | None = None) -> RawOrder:
    return accepted(*middle, beg=beg).value


def line(*loop: Sequence[str]) -> RawLine:
    (found,) = order(*loop).lines
    return found


def refused(*middle: Sequence[str], beg: Sequence[str] | None = None) -> list[tuple[str, str]]:
    (result,) = reader.read(one_order(*middle, beg=beg)).results
    assert isinstance(result, Rejected), result
    return [(problem.code, str(problem.place)) for problem in result.problems]


def warnings(*middle: Sequence[str], beg: Sequence[str] | None = None) -> list[str]:
    return [warning.code for warning in accepted(*middle, beg=beg).warnings]
