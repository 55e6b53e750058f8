"""Results that cannot be put into the master safely stand beside it in a workbook of their own."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from kaohe.jobs.new import MASTER_SKELETON
from kaohe.workbooks.package import BadPlan, NothingWritten, PatchRefused, create, read_names, write_new
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, SheetPlan

MARK = "结果"
OURS = "_kaohe.结果副本"
"""Hidden name by which a file of that name is known to be one of these, and may be replaced."""


class RefusedBeside(PatchRefused):
    """The master was left alone; the run's result sheets are in ``beside``."""

    def __init__(self, refused: PatchRefused, beside: Path) -> None:
        said = f"总表没有改动;这次的结果表已另存为“{beside.name}”,可以先看。"
        super().__init__(refused.reason, f"{refused.remedy}{said}")
        self.beside = beside


def beside(master: Path, plan: BookPlan, refused: PatchRefused) -> PatchRefused:
    """Write the plan's sheets to ``总表.结果.xlsx``, for an earlier one; returns what to raise.

    Cells stand there with their values: formulas and links would lead to sheets that are not in it.
    Where that file cannot be made either (a full disk, a folder that is read-only, a file of that name that
    is somebody else's, or open) the refusal stays as it is.
    """
    target = master.with_name(f"{master.stem}.{MARK}.xlsx")
    skeleton = (files("kaohe.templates") / MASTER_SKELETON).read_bytes()
    try:
        write_new(target, create(skeleton, _alone(plan)), overwrite=_ours(target))
    except (NothingWritten, BadPlan):
        return refused
    return RefusedBeside(refused, target)


def is_beside(file: Path, master: Path) -> bool:
    """Whether a file of the master's folder is such a workbook, by its name."""
    return file.name == f"{master.stem}.{MARK}.xlsx"


def _ours(target: Path) -> bool:
    try:
        return OURS in read_names(target).constants
    except (NothingWritten, OSError):
        return False


def _alone(plan: BookPlan) -> BookPlan:
    """The plan without what leads to sheets it does not have."""
    return replace(plan, sheets=tuple(map(_sheet_alone, plan.sheets)), names=((OURS, '"1"'),))


def _sheet_alone(sheet: SheetPlan) -> SheetPlan:
    layout = replace(
        sheet.layout,
        highlights=tuple(rule for rule in sheet.layout.highlights if "!" not in rule.rule),
        choices=tuple(
            choice for choice in sheet.layout.choices if not any("!" in value for value in choice.values)
        ),
    )
    return replace(sheet, rows=[[_value(cell) for cell in row] for row in sheet.rows], layout=layout)


def _value(cell: CellLike) -> CellLike:
    """The cell as it shows, without formula and link."""
    return cell._replace(formula=None, link=None) if isinstance(cell, Cell) else cell
