"""Unit codes as data: units.toml, read once. Source: X12 element 355, UN/ECE Rec 20 and Rec 21."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

DIMENSIONS = ("count", "mass", "length", "area", "volume")


@cache
def tables() -> dict[str, Any]:
    """The content of units.toml."""
    return tomllib.loads((Path(__file__).parent / "units.toml").read_text(encoding="utf-8"))


def canonical(code_list: str, code: str) -> str:
    """The Rec 20 code of a sender's code; "" where it is unknown or means different things to different people."""
    known = tables()
    if code in known["ambiguous"][code_list]:
        return ""
    found: str = known[code_list].get(code, "")
    return found or (code if is_known(code) else "")


def is_known(code: str) -> bool:
    """Whether the code is one of Rec 20 that has a factor here, or a package of Rec 21."""
    return is_package(code) or code == "SET" or any(code in tables()[dimension] for dimension in DIMENSIONS)


def is_package(code: str) -> bool:
    """Whether the code is a Rec 21 package, such as XCS: without a factor in any standard."""
    return len(code) == 3 and code[0] == "X"


def is_single(code: str) -> bool:
    """Whether one of this unit is one single item."""
    return bool(tables()["count"].get(code) == [1, 1])


def standard_factor(unit: str, base: str) -> Fraction | None:
    """How many base units one unit is, where standards fix it: both of one dimension."""
    for dimension in DIMENSIONS:
        factors = tables()[dimension]
        if unit in factors and base in factors:
            return Fraction(*factors[unit]) / Fraction(*factors[base])
    return None
