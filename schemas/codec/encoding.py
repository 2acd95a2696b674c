"""Writes the plain encoder of a plan: straight-line Python, a function per record that appends to a bytearray.

It takes what the contract's records are made of (dict, list, str, int, bool, bytes, Decimal); on anything else it
raises, and fastavro judges the whole record. Within an optional fastavro looks closer: True is no long there.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.codec.plan import Plan

STEP = "    "
INT = 2**31


def function_of(name: str, *, close: bool) -> str:
    """encode_wharf_orders_v1_LineState, and …_close for one within an optional."""
    return f"encode_{name.replace('.', '_')}{'_close' if close else ''}"


def encoder(plan: Plan, *, close: bool) -> Iterator[str]:
    """The lines of a record's function."""
    writer = _Writer(close)
    yield f"def {function_of(plan.name, close=close)}(out, record):"
    yield f"{STEP}if type(record) is not dict{' or ' + repr('-type') + ' in record' if close else ''}:"
    yield f"{STEP}{STEP}raise Refused"
    for field, part in zip(plan.names, plan.parts, strict=True):
        value = writer.fresh()
        yield f"{STEP}{value} = record[{field!r}]"
        yield from _indented(writer.value(part, value))


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (STEP + line for line in lines)


class _Writer:
    """Writes the lines that append the value of a local variable; variables are numbered through a function."""

    def __init__(self, close: bool) -> None:
        self.close = close
        self.count = 0

    def fresh(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def value(self, plan: Plan, value: str) -> Iterator[str]:
        match plan.kind:
            case "boolean":
                return _boolean(value)
            case "int" | "long":
                return self._long(plan, value)
            case "string":
                return iter((f"{value} = {value}.encode()", *_sized(value)))
            case "bytes":
                return iter((f"if type({value}) is not bytes:", f"{STEP}raise Refused", *_sized(value)))
            case "decimal":
                return iter((f"{value} = bytes_{plan.precision}_{plan.scale}({value})", *_sized(value)))
            case "enum":
                return iter((f"put(out, {plan.names!r}.index({value}))",))
            case "record":
                return iter((f"{function_of(plan.name, close=self.close)}(out, {value})",))
            case "optional":
                return self._optional(plan, value)
        return self._map(plan, value) if plan.kind == "map" else self._array(plan, value)

    def _long(self, plan: Plan, value: str) -> Iterator[str]:
        if self.close:
            bounds = f" or not {-INT} <= {value} < {INT}" if plan.kind == "int" else ""
            yield f"if type({value}) is not int{bounds}:"
            yield f"{STEP}raise Refused"
        yield f"if 0 <= {value} < 64:"
        yield f"{STEP}out.append({value} << 1)"
        yield "else:"
        yield f"{STEP}put(out, {value})"

    def _optional(self, plan: Plan, value: str) -> Iterator[str]:
        yield f"if {value} is None:"
        yield f"{STEP}out.append({2 * plan.null})"
        yield "else:"
        yield f"{STEP}out.append({2 - 2 * plan.null})"
        outside, self.close = self.close, True
        yield from _indented(self.value(plan.part, value))
        self.close = outside

    def _array(self, plan: Plan, value: str) -> Iterator[str]:
        item = self.fresh()
        yield f"if type({value}) is not list:"
        yield f"{STEP}raise Refused"
        yield f"if {value}:"
        yield f"{STEP}put(out, len({value}))"
        yield f"{STEP}for {item} in {value}:"
        yield from _indented(_indented(self.value(plan.part, item)))
        yield "out.append(0)"

    def _map(self, plan: Plan, value: str) -> Iterator[str]:
        key, item = self.fresh(), self.fresh()
        yield f"if type({value}) is not dict:"
        yield f"{STEP}raise Refused"
        yield f"if {value}:"
        yield f"{STEP}put(out, len({value}))"
        yield f"{STEP}for {key}, {item} in {value}.items():"
        yield f"{STEP}{STEP}{key} = {key}.encode()"
        yield from _indented(_indented(_sized(key)))
        yield from _indented(_indented(self.value(plan.part, item)))
        yield "out.append(0)"


def _boolean(value: str) -> Iterator[str]:
    yield f"if {value} is True:"
    yield f"{STEP}out.append(1)"
    yield f"elif {value} is False:"
    yield f"{STEP}out.append(0)"
    yield "else:"
    yield f"{STEP}raise Refused"


def _sized(value: str) -> Iterator[str]:
    yield f"n = len({value})"
    yield "if n < 64:"
    yield f"{STEP}out.append(n << 1)"
    yield "else:"
    yield f"{STEP}put(out, n)"
    yield f"out += {value}"
