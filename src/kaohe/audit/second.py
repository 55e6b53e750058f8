"""The other engines over the live formulas: `formulas` in a limited process, LibreOffice on a copy."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from kaohe.audit.cells import Place, SheetCells, Value, read_sheets
from kaohe.audit.live_formulas import Rechecked, recheck
from kaohe.audit.model import FORMULAS, OFFICE, Difference, Opinion
from kaohe.audit.same import same_value, shown
from kaohe.workbooks.grid import address
from kaohe.workbooks.libreoffice import LibreOfficeError, find_soffice, recalculate
from kaohe.workbooks.package import NothingWritten
from kaohe.workbooks.read_file import FileTrouble
from kaohe.workbooks.worker_client import Worker
from kaohe.workbooks.worker_limits import Budget

About = Mapping[str, Callable[[Place], str]]
SECONDS = 600.0
"""For all formulas of a master; what is left after them is counted and told."""
_SLACK = 120.0
MEMORY = 4 << 30
INSTALL = "没有安装 LibreOffice,这一项没有核对(安装后重新运行即可)"


def by_formulas(data: bytes, scope: Mapping[str, Place], about: About) -> Opinion:
    """Every live formula in ``scope``, evaluated over the cells as they stand."""
    with tempfile.TemporaryDirectory(prefix="kaohe-audit-") as folder:
        path = Path(folder) / "master.xlsx"
        path.write_bytes(data)
        work = functools.partial(recheck, scope=dict(scope), seconds=SECONDS)
        with Worker[Rechecked](work, Budget(SECONDS + _SLACK, MEMORY)) as worker:
            found = next(worker.read([path]))
    if isinstance(found, FileTrouble):
        return Opinion(FORMULAS, trouble=f"计算的进程没有算完:{found.reason}")
    differences = tuple(
        _difference(odd.sheet, odd.place, odd.kept, odd.computed, about, FORMULAS) for odd in found.odd
    )
    return Opinion(FORMULAS, found.judged, differences, found.left_out)


def by_libreoffice(
    data: bytes, scope: Mapping[str, Place], about: About, sheets: Mapping[str, SheetCells]
) -> Opinion:
    """Every live formula in ``scope``, after LibreOffice computed a copy of the whole workbook."""
    program = find_soffice()
    if program is None:
        return Opinion(OFFICE, absent=True, notes=(INSTALL,))
    try:
        with tempfile.TemporaryDirectory(prefix="kaohe-audit-", ignore_cleanup_errors=True) as folder:
            anew = read_sheets(recalculate(data, Path(folder), program=program), list(scope))
    except LibreOfficeError as error:
        return Opinion(OFFICE, trouble=str(error))
    except NothingWritten as error:
        return Opinion(OFFICE, trouble=f"LibreOffice 写出的工作簿读不了:{error}")
    found: list[Difference] = []
    count = 0
    for name, (rows, columns) in scope.items():
        sheet = sheets.get(name)
        for place in sorted((*sheet.formulas, *sheet.unread) if sheet else ()):
            if sheet is None or place[0] > rows or place[1] > columns:
                continue
            count += 1
            kept = sheet.values.get(place)
            computed = anew[name].values.get(place) if name in anew else None
            if not same_value(kept, computed):
                found.append(_difference(name, place, kept, computed, about, OFFICE))
    return Opinion(OFFICE, count, tuple(found))


def _difference(
    sheet: str, place: Place, kept: Value, computed: Value, about: About, engine: str
) -> Difference:
    what = about[sheet](place) if sheet in about else ""
    return Difference(sheet, address(*place), what, shown(kept), shown(computed), engine)
