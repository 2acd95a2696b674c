"""The Kafka Streams program: its jars by Maven, its Avro classes from wharf's own schemas, compiled once by this machine.

Where there is no compiler or no Maven the engine is left out, with that reason.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ops.bench.engines.ledger import EVENT, ROW
from ops.embedded.child import Unavailable
from ops.embedded.java import cache_dir, fetched, java, locked
from schemas import ids
from schemas.loader import resolved

SOURCES = Path(__file__).parents[1] / "kstreams"
JVM = ("-Xms512m", "-Xmx1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
GENERATOR = "org.apache.avro.compiler.specific.SpecificCompiler"
PATIENCE_S = 300


def command() -> list[str]:
    """How it is started; raises Unavailable."""
    home = built()
    return [java(), *JVM, "-cp", f"{home / 'classes'}:{home / 'jars'}/*", "Ledger"]


def schema_ids() -> Mapping[str, str]:
    """The wire headers that it must read and write, for its environment."""
    known = ids.current_ids()
    return {"BENCH_EVENT_ID": str(known[EVENT]), "BENCH_ROW_ID": str(known[ROW])}


def built() -> Path:
    """Where it stands, by a digest of what it is made of; raises Unavailable."""
    schemas = [java_schema(resolved(name)) for name in (EVENT, ROW)]
    home = cache_dir() / "kstreams" / _digest(schemas)
    home.parent.mkdir(parents=True, exist_ok=True)
    with locked(home.parent / "lock"):
        if not (home / "classes" / "Ledger.class").exists():
            _build(home, schemas)
    return home


def java_schema(node: Any) -> Any:
    """A schema for Java's generator: texts as String and times as long, which spares it conversions that nobody needs."""
    if isinstance(node, list):
        return [java_schema(branch) for branch in node]
    if node == "string":
        return {"type": "string", "avro.java.string": "String"}
    if not isinstance(node, dict):
        return node
    if node.get("type") == "record":
        fields = [{**field, "type": java_schema(field["type"])} for field in node["fields"]]
        return {**node, "fields": fields}
    plain = {name: value for name, value in node.items() if name != "logicalType"}
    text = {"avro.java.string": "String"} if node.get("type") == "map" else {}
    return plain | {name: java_schema(plain[name]) for name in ("items", "values") if name in plain} | text


def _digest(schemas: Sequence[Any]) -> str:
    digest = hashlib.sha256(json.dumps(schemas, sort_keys=True).encode())
    for path in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(home: Path, schemas: Sequence[Any]) -> None:
    javac = shutil.which("javac")
    if javac is None:
        raise Unavailable("Kafka Streams is compiled here, and there is no javac: install a JDK 17")
    shutil.rmtree(home, ignore_errors=True)
    fetched(SOURCES / "pom.xml", home / "jars")
    path = f"{home / 'jars'}/*"
    protocol = home / "bench.avpr"  # what Avro's generator takes
    protocol.write_text(json.dumps({"protocol": "Bench", "types": schemas}), encoding="utf-8")
    _run([java(), "-cp", path, GENERATOR, str(protocol), str(home / "generated")])
    classes = [str(one) for one in (home / "generated").rglob("*.java")] + [str(SOURCES / "src" / "Ledger.java")]
    _run([javac, "-nowarn", "--release", "17", "-cp", path, "-d", str(home / "classes"), *classes])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr)[-2000:]}")
