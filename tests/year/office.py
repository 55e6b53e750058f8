"""An assessment office through a year: its folder, its days, and what it types into the master by hand."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.decide import Decision, decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.demo import registers
from kaohe.jobs.demo_clerks import play_clerks
from kaohe.jobs.issue import Issued, issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new_master
from kaohe.jobs.publish import Publication, publish
from kaohe.jobs.schemes import built_in_tables
from kaohe.model import Period
from kaohe.periods import parse_period
from kaohe.tables import BY_KEY
from kaohe.workbooks.package import fill, write_new
from kaohe.workbooks.plan import Scalar


@dataclass
class Office:
    """The office of one of the bundled systems; every step names its day."""

    folder: Path
    code: str
    period: Period
    numbers: int = 0
    kept: dict[str, Path] = field(default_factory=dict)
    """States of the master set aside by name."""

    @classmethod
    def opened(cls, folder: Path, code: str, period: str, day: str) -> Office:
        """A new master with what the office of the example keeps in its registers."""
        found = cls(folder, code, parse_period(period))
        data, _ = new_master(built_in_tables(code) | registers(code), "总表.xlsx", at(day))
        write_new(found.master, data)
        return found

    @property
    def master(self) -> Path:
        return self.folder / "总表.xlsx"

    @property
    def inbox(self) -> Path:
        return self.folder / "回收"

    def types(self, sheet: str, **values: Scalar) -> int:
        """A row typed below the last one of a yellow sheet; returns its number."""
        table = open_master(self.master).tables[_key(sheet)]
        number = max((row.number for row in table.rows), default=table.head) + 1
        self.changes(sheet, number, **values)
        return number

    def changes(self, sheet: str, number: int, **values: Scalar) -> None:
        """Cells of a row of a yellow sheet typed over, by heading."""
        table = open_master(self.master).tables[_key(sheet)]
        titles = {column.title: column.key for column in BY_KEY[_key(sheet)].columns}
        letters = table.letters or {}
        cells = {(number, _column(letters[titles[title]])): value for title, value in values.items()}
        self.master.write_bytes(fill(self.master.read_bytes(), table.sheet, cells))

    def issue(self, day: str) -> Issued:
        return issue(
            self.master,
            self.period.code,
            self.folder / "下发",
            clock=lambda: at(day),
            number=self._number,
        )

    def _number(self) -> str:
        self.numbers += 1
        return f"{self.numbers:010d}"

    def receive(self, issued: Issued, day: str) -> list[Path]:
        """What everybody sends in: the bundled entries."""
        return play_clerks(self.code, self.period, self.master, issued, self.inbox, at(day))

    def arrives(self, path: Path, day: str) -> None:
        """A file set aside comes in on that day."""
        target = self.inbox / path.name
        path.rename(target)
        when = at(day).timestamp()
        os.utime(target, (when, when))

    def consolidate(self, day: str) -> Consolidation:
        return consolidate(self.master, self.inbox, period_code=self.period.code, clock=lambda: at(day))

    def decide(self, state: str, day: str, **more: str) -> Decision:
        told = {"basis": f"{state}纪要(虚构)", "person": "领导小组(演示)", "date": day, **more}
        return decide(self.master, Asked(state, **told), clock=lambda: at(day, 18))

    def publish(self, day: str, *kinds: str) -> Publication:
        out = self.folder / "文书"
        return publish(self.master, out, kinds=kinds, pdf=False, clock=lambda: at(day))

    def keep(self, name: str) -> Path:
        """The master as it is now, set aside."""
        self.kept[name] = self.folder / f"{name}.xlsx"
        self.kept[name].write_bytes(self.master.read_bytes())
        return self.kept[name]


def at(day: str, hour: int = 9) -> dt.datetime:
    """That day in the morning."""
    return dt.datetime.fromisoformat(day).replace(hour=hour)


def ranks(assessment: Assessment) -> dict[str, int | None]:
    """Unit code → rank in its group."""
    return {row.unit.code: row.rank for row in assessment.standings}


def _key(sheet: str) -> str:
    return next(spec.key for spec in BY_KEY.values() if spec.title == sheet)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
