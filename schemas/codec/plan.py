"""A schema as a plan: what the codecs follow, with every reference resolved and nothing in it that they do not need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.loader import Json

PLAIN = ("boolean", "int", "long", "string", "bytes")
TIMES = ("timestamp-millis",)  # read and written as the integers that they are


class NotPlanned(ValueError):
    """A type that the codecs do not know, such as a float or a union of three: its records stay with fastavro."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One node: a value of a kind, and the plans of the values in it."""

    kind: str  # one of PLAIN, or decimal, enum, array, map, record, optional
    name: str = ""  # full name of a record
    names: tuple[str, ...] = ()  # a record's fields, an enum's symbols
    parts: tuple[Plan, ...] = ()  # of a record's fields; the one plan within an array, map or optional
    null: int = 0  # optional: which of its two branches is null
    precision: int = 0
    scale: int = 0

    @property
    def part(self) -> Plan:
        """What an array, a map or an optional holds."""
        return self.parts[0]


def plan_of(schema: Json) -> Plan:
    """The plan of a full resolved schema; raises NotPlanned."""
    return _Planner().node(schema)


class _Planner:
    """Knows the records met so far, which a schema mentions by name from then on."""

    def __init__(self) -> None:
        self.records: dict[str, Plan] = {}

    def node(self, node: Any) -> Plan:
        if isinstance(node, list):
            return self._optional(node)
        if isinstance(node, dict):
            return self._complex(node)
        if node in PLAIN:
            return Plan(node)
        if node in self.records:
            return self.records[node]
        raise NotPlanned(f"a value of type {node}")

    def _optional(self, branches: list[Any]) -> Plan:
        if len(branches) != 2 or branches.count("null") != 1:
            raise NotPlanned(f"a union of {len(branches)}")
        null = branches.index("null")
        return Plan("optional", parts=(self.node(branches[1 - null]),), null=null)

    def _complex(self, node: Json) -> Plan:
        match node["type"]:
            case "record":
                return self._record(node)
            case "array":
                return Plan("array", parts=(self.node(node["items"]),))
            case "map":
                return Plan("map", parts=(self.node(node["values"]),))
            case "enum":
                return Plan("enum", names=tuple(node["symbols"]))
        return self._logical(node)

    def _record(self, node: Json) -> Plan:
        name = f"{node['namespace']}.{node['name']}"
        fields = node["fields"]
        parts = tuple(self.node(field["type"]) for field in fields)
        self.records[name] = Plan("record", name, tuple(field["name"] for field in fields), parts)
        return self.records[name]

    def _logical(self, node: Json) -> Plan:
        logical = node.get("logicalType")
        if logical == "decimal" and node["type"] == "bytes":
            return Plan("decimal", precision=node["precision"], scale=node.get("scale", 0))
        if logical in (None, *TIMES):
            return self.node(node["type"])
        raise NotPlanned(f"a {node['type']} of logical type {logical}")
