"""start.py's commands: set up what is needed, then run it in the private environment."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from tools import texts
from tools.environment import (
    Need,
    SetupError,
    is_usable,
    make_environment,
    need,
    read_stamp,
    venv_python,
    wanted_stamp,
    write_stamp,
)
from tools.install import LOG, install_project

ROOT = Path(__file__).resolve().parents[1]
NEWEST = (3, 13)
"""The newest Python this was tried with."""
DEMO = ("-m", "kaohe.faces.cli", "demo", "BH", "--out", "演示")
CHECK = ("-m", "tools.check")
BENCH = ("-m", "pytest", "benchmarks")


def run(arguments: list[str]) -> int:
    """The whole of start.py; returns the exit code (2: wrong use, 3: set-up failed)."""
    soften(sys.stdout, sys.stderr)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help"):
        print(texts.USAGE, end="")
        return 0
    if command not in ("", "test", "bench", "setup") or (command == "setup" and rest):
        print(texts.USAGE, end="", file=sys.stderr)
        return 2
    try:
        python = set_up(ROOT, development=command in ("test", "bench"))
        return dispatch(command, python, rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print(texts.INTERRUPTED, file=sys.stderr)
        return 130


def dispatch(command: str, python: Path, rest: list[str]) -> int:
    """Run the command in the environment."""
    if command == "setup":
        print(texts.READY)
        return 0
    if command == "test":
        return call(python, *CHECK, *rest)
    if command == "bench":
        if not list((ROOT / "benchmarks").glob("bench_*.py")):
            print(texts.NO_BENCHMARKS)
            return 0
        return call(python, *BENCH, *rest)
    return call(python, *DEMO)


def call(python: Path, *arguments: str) -> int:
    """Run the environment's Python in the checkout; 1 also when it was ended by a signal."""
    sys.stdout.flush()
    code = subprocess.run([str(python), *arguments], cwd=ROOT).returncode
    return code if code >= 0 else 1


def set_up(root: Path, *, development: bool) -> Path:
    """Make the environment ready, doing only what is still missing; returns its Python. Raises SetupError."""
    print(warning(sys.version_info[:2]), end="", file=sys.stderr)
    venv = root / ".venv"
    found, wanted = read_stamp(venv), wanted_stamp(root, development=development)
    if found is not None and found.development:
        wanted = replace(wanted, development=True)
    task = need(found, wanted, usable=is_usable(venv, wanted.python))
    if task is Need.REMAKE:
        print((texts.REMAKING if venv.exists() else texts.MAKING).format(venv=venv), flush=True)
        make_environment(venv, wanted)
    python = Path(venv_python(venv, windows=os.name == "nt"))
    if task is not Need.NOTHING:
        print(texts.INSTALLING, flush=True)
        install_project(python, root, venv / LOG, development=wanted.development)
        write_stamp(venv, wanted)
    return python


def warning(version: tuple[int, int]) -> str:
    """A line about a Python newer than those that were tried, or ''."""
    return "" if version <= NEWEST else texts.TOO_NEW.format(version=f"{version[0]}.{version[1]}") + "\n"


def soften(*streams: TextIO) -> None:
    """A console that lacks a character shows a question mark; it does not end the program."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
