"""Small shapes that requests are made of. Decimals and times are text, as http.md has them; nothing is coerced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from schemas.envelope import millis


class Closed(BaseModel):
    """Unknown fields are refused by name; a number is no text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _time(text: str) -> str:
    millis(text)
    return text


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _positive(text: str) -> str:
    if Decimal(text) <= 0:
        raise ValueError("expected more than 0")
    return text


_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(max_length=500, pattern=_NO_CONTROLS)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=_NO_CONTROLS)]
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Gtin = Annotated[str, StringConstraints(pattern=r"^[0-9]{8,14}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
Signed = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]
Quantity = Annotated[Amount, AfterValidator(_positive)]
Whole = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$"), AfterValidator(_positive)]
Time = Annotated[str, StringConstraints(max_length=40), AfterValidator(_time)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_day)]
