"""The one check command: style, types and layers first, the tests last, so that pytest's line closes the run.

`python start.py test` runs this in the private environment; arguments go to pytest.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tools import texts
from tools.commands import soften

ROOT = Path(__file__).resolve().parents[1]
MOST_WORKERS = 4


@dataclass(frozen=True)
class Step:
    """A check besides the tests: its name and the arguments of Python that run it."""

    name: str
    arguments: tuple[str, ...]


STEPS = (
    Step("ruff check", ("-m", "ruff", "check", ".")),
    Step("ruff format --check", ("-m", "ruff", "format", "--check", ".")),
    Step("mypy", ("-m", "mypy")),
    Step("import-linter", ("-c", "import sys, importlinter.cli as c; sys.exit(c.lint_imports_command())")),
)


def passes(step: Step) -> bool:
    """Run one step; its output is shown only when it fails."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *step.arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    passed = done.returncode == 0
    text = texts.STEP_PASSED if passed else texts.STEP_FAILED
    print(text.format(name=step.name, seconds=time.monotonic() - start), flush=True)
    if not passed:
        print(done.stdout, flush=True)
    return passed


def pytest_arguments(extra: list[str]) -> list[str]:
    """Arguments of the test run.

    A file's tests stay together on one worker, so that what a module prepares is prepared once. Later
    arguments win: ``-n0`` gives one process (for --pdb). The benchmark plug-in rests: benchmarks/ is not run.
    """
    workers = ["-n", "auto", "--maxprocesses", str(MOST_WORKERS), "--dist", "loadfile"]
    return ["-p", "no:benchmark", *workers, *extra]


def main(extra: list[str]) -> int:
    """Run everything, whatever fails on the way; 0 when all of it passed."""
    soften(sys.stdout, sys.stderr)
    failed = [step.name for step in STEPS if not passes(step)]
    arguments = pytest_arguments(extra)
    print(texts.TESTING.format(arguments=" ".join(arguments)), flush=True)
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT).returncode
    if failed:
        print(texts.ALSO_FAILED.format(names="、".join(failed)), file=sys.stderr)
    return code if code > 0 else int(bool(failed) or code < 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
