"""The tests' side of the clerk: a running LibreOffice as an object, its open workbooks as others.

with Desk(folder) as desk, desk.open(path) as book:
    book.type("自测表", {"K8": "12.5", "K9": ""})
    book.read("自测表", "N8:O9")
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.support.libreoffice import require_soffice
from tools.programs import UNO_PYTHON

ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 120
Value = float | str


class ClerkError(AssertionError):
    """The clerk could not do it; the text is what it said."""


class Area(NamedTuple):
    """Values of a sheet from A1 on, as LibreOffice has them now."""

    rows: list[list[Value]]

    def at(self, row: int, column: int) -> Value:
        """The value in (row, column), both from 1; '' beyond the area."""
        inside = row <= len(self.rows) and column <= len(self.rows[row - 1])
        return self.rows[row - 1][column - 1] if inside else ""


class Desk:
    """A LibreOffice without a window, in a process and a profile of its own below ``folder``."""

    def __init__(self, folder: Path) -> None:
        require_soffice()
        self._log = (folder / "clerk.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [UNO_PYTHON, "-m", "tests.office.clerk", str(folder / "profile")],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.quit()

    def quit(self) -> None:
        """Close LibreOffice; what does not end by itself is ended."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._log.close()

    def ask(self, do: str, **arguments: object) -> Any:
        """One request to the clerk. Raises ClerkError with its words when it fails or does not answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}).encode() + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], ANSWER_SECONDS)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self._log.seek(0)
            raise ClerkError(f"no answer to {do}: {self._log.read()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise ClerkError(f"{do}: {answer['error']}")
        return answer["ok"]

    def open(self, path: Path) -> Workbook:
        """Open a workbook; every formula is computed, whatever its cached value."""
        return Workbook(self, self.ask("open", path=str(path.resolve())))


class Workbook:
    """A workbook open at the desk. Closing it does not save."""

    def __init__(self, desk: Desk, number: int) -> None:
        self._desk = desk
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ask("close")

    def ask(self, do: str, **arguments: object) -> Any:
        """A request about this workbook."""
        return self._desk.ask(do, book=self._number, **arguments)

    def type(self, sheet: str, cells: Mapping[str, str]) -> None:
        """Type texts into cells as a person would, in this order; '' clears. Locked cells refuse silently."""
        self.ask("type", sheet=sheet, cells=list(cells.items()))

    def read(self, sheet: str, area: str = "") -> Area:
        """Values of an area (by default all of the sheet) as they are now."""
        return Area(self.ask("read", sheet=sheet, area=area or self.ask("used", sheet=sheet)))

    def cell(self, sheet: str, address: str) -> Value:
        """One value."""
        value: Value = self.read(sheet, address).at(1, 1)
        return value

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """What stands in the cells: formulas with '='."""
        found: list[list[str]] = self.ask("formulas", sheet=sheet, area=area)
        return found

    def shown(self, sheet: str, addresses: Sequence[str]) -> list[str]:
        """The texts a person sees."""
        found: list[str] = self.ask("shown", sheet=sheet, addresses=list(addresses))
        return found

    def errors(self) -> list[str]:
        """Areas whose formulas give an error value."""
        found: list[str] = self.ask("errors")
        return found

    def sheets(self) -> dict[str, dict[str, Any]]:
        """Name → {visible, protected}, in tab order."""
        return {row["name"]: row for row in self.ask("sheets")}

    def save(self, path: Path) -> Path:
        """Save as .xlsx under that name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.ask("save", path=str(path.resolve()))
        return path
