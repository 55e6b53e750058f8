"""pip, run so that its failures come out as something a person can act on."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import texts
from tools.environment import SetupError

LOG = "kaohe-install.log"
WHEELS = "wheels"
"""A folder in the checkout, brought from a computer with a network; when it is there, nothing is fetched."""
QUIET = {
    "PYTHONIOENCODING": "utf-8",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
}

_OFFLINE = re.compile(
    r"NewConnectionError|NameResolutionError|getaddrinfo|Temporary failure in name resolution|ConnectTimeout"
    r"|ReadTimeout|timed out|ProxyError|SSLError|ConnectionError|Network is unreachable|Max retries"
    r"|No matching distribution found",
    re.IGNORECASE,
)
_DISK = re.compile(r"No space left on device|Errno 28|not enough space on the disk", re.IGNORECASE)
_DENIED = re.compile(r"Permission denied|Errno 13|PermissionError|Access is denied", re.IGNORECASE)


def failure_message(output: str, log: Path, *, development: bool) -> str:
    """Chinese text for what pip printed before it gave up; ``log`` is named in it."""
    if _DISK.search(output):
        return texts.PIP_DISK.format(log=log)
    if _DENIED.search(output):
        return texts.PIP_DENIED.format(log=log)
    if _OFFLINE.search(output):
        requirements = '"setuptools>=69" ' + ('".[dev]"' if development else ".")
        return texts.PIP_OFFLINE.format(log=log, requirements=requirements)
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lstrip().lower().startswith("error")] or lines
    return texts.PIP_FAILED.format(detail="\n".join(errors[-6:]), log=log)


def source(root: Path) -> list[str]:
    """pip's options for where packages come from."""
    wheels = root / WHEELS
    return ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []


def install_project(python: Path, root: Path, log: Path, *, development: bool) -> None:
    """Install the checkout, editable, with its dependencies; pip's words go to ``log``. Raises SetupError."""
    target = ".[dev]" if development else "."
    command = [str(python), "-m", "pip", "install", "--progress-bar=off", *source(root), "--editable", target]
    environment = os.environ | QUIET
    with subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        output = "".join(_shown(process.stdout))
    log.write_text(output, encoding="utf-8")
    if process.returncode != 0:
        raise SetupError(failure_message(output, log, development=development))


def _shown(lines: Iterator[str]) -> Iterator[str]:
    """The same lines; one line for each package that is being fetched is shown on the way."""
    for line in lines:
        if fetched := re.match(r"Collecting ([\w.-]+)", line):
            print(texts.FETCHING.format(name=fetched[1]), flush=True)
        yield line
