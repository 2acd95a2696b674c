"""Compiles what pyproject.toml names under [tool.wharf] compiled, where a C compiler and Python's headers are.

An optional speed-up: without it the same work is done by plain Python, so that nothing here ever fails set-up. What is
built stands under .build/compiled by a digest of its source, and is built again only when the source has changed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
from pathlib import Path

from schemas.codec.compiled import BUILT, artefact, load

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 120


def wanted(project: Path = ROOT / "pyproject.toml") -> list[Path]:
    """The modules that pyproject.toml names."""
    told = tomllib.loads(project.read_text(encoding="utf-8"))
    return [project.parent / name for name in told.get("tool", {}).get("wharf", {}).get("compiled", [])]


def missing() -> str:
    """What this machine lacks, or nothing."""
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    if shutil.which(compiler.split()[0]) is None:
        return "no C compiler"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return "no Python headers"
    if importlib.util.find_spec("Cython") is None:
        return "no Cython"
    return ""


def brought(source: Path, folder: Path = BUILT) -> str:
    """One line: where the compiled module stands, or why plain Python does its work."""
    made = artefact(source, folder)
    name = source.relative_to(ROOT) if source.is_relative_to(ROOT) else source.name
    if made.exists():
        return f"{name}: compiled"
    if lacking := missing():
        return f"{name}: plain Python, for there is {lacking}"
    began = time.monotonic()
    try:
        _build(source, made)
        load(made)
    except Exception as exc:  # noqa: BLE001  a compiler fails in many ways, and none of them may fail set-up
        made.unlink(missing_ok=True)
        return f"{name}: plain Python, for it cannot be compiled here: {exc}"
    return f"{name}: compiled ({time.monotonic() - began:.0f} s)"


def _build(source: Path, made: Path) -> None:
    """Compile in a folder of its own and move the module into place at once: two set-ups may run side by side."""
    from setuptools import Distribution, Extension

    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent) as scratch:
        text = Path(scratch, source.stem).with_suffix(".c")
        cython = [sys.executable, "-m", "cython", "-3", str(source), "-o", str(text)]
        subprocess.run(cython, check=True, capture_output=True, timeout=TIMEOUT_S)
        modules = [Extension(source.stem, [str(text)], extra_compile_args=["-O2", "-g0"])]
        build = Distribution({"ext_modules": modules}).get_command_obj("build_ext")
        build.build_lib = build.build_temp = scratch
        build.ensure_finalized()
        build.run()
        Path(build.get_ext_fullpath(source.stem)).replace(made)


if __name__ == "__main__":
    for module in wanted():
        print(f"setup: {brought(module)}", file=sys.stderr)
