"""得分明细: one row per unit and indicator, every score a live formula over its own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kaohe.assess.assessment import Assessment
from kaohe.assess.claims import ASSESSED, OWN
from kaohe.model import Location
from kaohe.sheets.detail_emit import Emitter
from kaohe.sheets.detail_rows import COLUMNS, FIRST_ROW, HEADER_ROW, KEY, LETTERS, LINKS_UP_TO, DetailRows
from kaohe.sheets.heading import head_heights, heading
from kaohe.sheets.made_cells import made_cells
from kaohe.sheets.names import SheetNames
from kaohe.sheets.row_height import LEAST, fitting_width, height
from kaohe.sheets.state_colors import state_highlights
from kaohe.workbooks.package.refs import quote_sheet
from kaohe.workbooks.plan import Cell, CellLike, Layout, SheetPlan

_WIDTH_OF = {key: width for key, *_, width in COLUMNS}


def detail_sheet(
    assessment: Assessment,
    names: SheetNames,
    record_links: Mapping[tuple[str, str], str],
    group_cells: Mapping[tuple[str, str, str], str],
) -> SheetPlan:
    """``record_links``: (unit, indicator) → its row of 填报数据; ``group_cells``: see 组参数."""
    where = DetailRows.of(assessment, names)
    scores = assessment.scores
    index = {unit.code: number for number, unit in enumerate(scores.units)}
    emit = Emitter(scores, where, group_cells, made_cells(assessment, names))
    sources = _Sources(assessment, record_links, where.last_row <= LINKS_UP_TO)
    note = "只可筛选,请勿排序;每次汇总重写"
    rows: list[Sequence[CellLike]] = list(heading(scores, KEY, len(COLUMNS), note, where.moved))
    rows.append([Cell(title, "header") for _, title, _, _ in COLUMNS])
    for unit_index, unit in enumerate(where.units):
        live = assessment.intake.live.get(unit.code, {})
        for row, at in enumerate(where.lines[unit_index], start=where.first_row(unit_index)):
            code = where.order[at].code
            hand, source = sources.of(unit.code, code)
            rows.append(emit.row(code, index[unit.code], unit_index, row, live.get(code), hand, source))
    if len(rows) < FIRST_ROW:
        rows.append([None, "还没有单位或指标", *[None] * (len(COLUMNS) - 2)])
    last = len(rows)
    widths = _widths(assessment)
    return SheetPlan(
        key=KEY,
        title=KEY,
        rows=rows,
        roles=tuple(role for _, _, role, _ in COLUMNS),
        widths=widths,
        heights=head_heights([(title, width) for (_, title, *_), width in zip(COLUMNS, widths, strict=True)]),
        fitted=tuple(_heights(rows)),
        header_row=HEADER_ROW,
        last_row=last,
        autofilter=True,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"G{FIRST_ROW}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=tuple(f"A{row}:{LETTERS['source']}{row}" for row in (1, 2, 3)),
            highlights=state_highlights(f"{LETTERS['state']}{FIRST_ROW}", f"{LETTERS['state']}{last}"),
            footer="得分明细",
        ),
    )


def _widths(assessment: Assessment) -> tuple[float, ...]:
    """The columns' widths; those of names take the longest."""
    units, scheme = assessment.scores.units, assessment.scores.scheme
    texts = {
        "unit_name": [unit.name for unit in units],
        "group": [unit.group for unit in units],
        "part": [part.name for part in scheme.parts],
    }
    return tuple(
        fitting_width(texts[key], width, 30) if key in texts else width for key, *_, width in COLUMNS
    )


def _heights(rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    """Heights of the rows whose indicator's name takes more than one line."""
    at = [key for key, *_ in COLUMNS].index("name")
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        points = height([(row[at], _WIDTH_OF["name"])])
        if points > LEAST:
            yield number, points


class _Sources:
    """Whose value a row shows (blank: the unit's own), and the cell it came from."""

    def __init__(
        self, assessment: Assessment, record_links: Mapping[tuple[str, str], str], linked: bool
    ) -> None:
        self._assessment = assessment
        self._links = record_links
        self._linked = linked
        self._names = {row.code: row.name for row in assessment.scores.units}
        self._others = set(assessment.claims.hands.keys())

    def of(self, unit: str, code: str) -> tuple[str | None, Cell]:
        """(取值, 来源) of a row."""
        decided = self._assessment.decisions.scores.get((unit, code))
        if decided is not None:
            return decided.register, self._cell(decided.location, decided.basis, _inside(decided.location))
        if (unit, code) in self._others:
            claim = next(iter(self._assessment.claims.of(unit, code)), None)
            if claim is not None:
                link = self._links.get((unit, code)) if claim.source in (OWN, ASSESSED) else ""
                hand = None if claim.source == OWN else claim.source
                return hand, self._cell(
                    claim.location, self._file(claim.location, unit), link or _inside(claim.location)
                )
        record = self._assessment.intake.live.get(unit, {}).get(code)
        link = self._links.get((unit, code))
        if record is None or link is None:
            return None, Cell(None, "text")
        return None, self._cell(record.location, self._file(record.location, unit), link)

    def _file(self, place: Location, unit: str) -> str:
        """The file's name as far as the row does not say it: … stands for the unit's own name in front."""
        own = self._names.get(unit, "")
        name = place.workbook.removesuffix(".xlsx")
        return f"…{name.removeprefix(own)}" if own and name.startswith(f"{own}-") else name

    def _cell(self, place: Location, words: str, link: str) -> Cell:
        text = " ".join(filter(None, (place.cell, words or place.workbook)))
        if not text:
            return Cell(None, "text")
        return Cell(text, "link", link=link) if self._linked and link else Cell(text, "text")


def _inside(place: Location) -> str:
    """A link to a cell of the master itself."""
    return f"#{quote_sheet(place.sheet)}!{place.cell}" if place.sheet and place.cell else ""
