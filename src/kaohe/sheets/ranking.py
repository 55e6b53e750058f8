"""排名: one row per unit, read across: rank, total, parts, what is behind; every number a live formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.standing import RATE_PLACES, Standing
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.detail_values import COUNTED, criterion, lookup_key
from kaohe.sheets.heading import head_heights, heading
from kaohe.sheets.names import SheetNames
from kaohe.sheets.row_height import fitting_width, height
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, Layout, SheetPlan

KEY = "排名"
HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LIVE_SUMS_UP_TO = 1_000
"""Up to this many units sums look units up by code (right even after sorting); above, by their rows."""

_FRONT = (
    ("rank", "名次", "rank", 7),
    ("code", "单位代码", "code", 10),
    ("name", "{unit}", "text_center", 14),
    ("group", "考核组", "text_center", 10),
    ("total", "总分", "score_total", 15),
)
_BACK = (
    ("weight", "考核权重", "number", 10),
    ("lost", "扣分", "score", 11),
    ("rate", "得分率(%)", "number2", 10),
    ("measured", "考核指标", "count", 9),
    ("on_schedule", "已达序时", "count", 9),
    ("behind", "未达序时", "count", 9),
    ("not_scored", "未计分", "count", 8),
    ("state", "结果", "text_center", 8),
    ("note", "备注", "text_wrap", 34),
)


def ranking_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan:
    """Standings in the order of rank inside each group."""
    table = _Ranking(assessment, names)
    scheme = assessment.scores.scheme
    width = len(table.columns)
    note = (
        f"按{scheme.settings['排名依据']}排名,并列名次 {scheme.settings['并列名次']};总分的色条从最低分画起"
    )
    rows: list[Sequence[CellLike]] = list(heading(assessment.scores, KEY, width, note, table.where.moved))
    rows.append([Cell(title, "header") for _, title, _, _ in table.columns])
    rows += [table.row(index, standing) for index, standing in enumerate(assessment.standings)] or [
        ["", "", "还没有单位", *[None] * (width - 3)]
    ]
    last = max(len(rows), FIRST_ROW)
    return SheetPlan(
        key=KEY,
        title=KEY,
        rows=rows,
        roles=tuple(role for _, _, role, _ in table.columns),
        widths=tuple(size for *_, size in table.columns),
        heights=head_heights([(title, size) for _, title, _, size in table.columns]),
        fitted=tuple(table.heights(rows)),
        header_row=HEADER_ROW,
        last_row=last,
        autofilter=True,
        row_key=[key for key, *_ in table.columns].index("code") + 1,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"D{FIRST_ROW}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=tuple(f"A{row}:{table.letter['note']}{row}" for row in (1, 2, 3)),
            highlights=table.highlights(last),
            footer=f"{scheme.settings['方案名称']} 排名",
        ),
    )


class _Ranking:
    """Columns and formulas of the ranking; part columns depend on the scheme."""

    def __init__(self, assessment: Assessment, names: SheetNames) -> None:
        self.scores = assessment.scores
        self.scheme = assessment.scores.scheme
        self.where = DetailRows.of(assessment, names)
        self.count = len(assessment.standings)
        self.parts = [
            part
            for part in self.scheme.parts
            if not part.parent and any(part.code in s.parts for s in assessment.standings)
        ]
        called = str(self.scheme.settings["单位称谓"]) or "单位"
        fitted = _fitted_widths(assessment.standings)
        middle = [(f"part.{part.code}", part.name, "score", 11) for part in self.parts]
        self.columns = [
            (key, title.format(unit=called) if key == "name" else title, role, fitted.get(key, width))
            for key, title, role, width in (*_FRONT, *middle, *_BACK)
        ]
        self.letter = {key: column_letter(index + 1) for index, (key, *_) in enumerate(self.columns)}

    def heights(self, rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
        """Heights of the units' rows, so that a note is shown whole."""
        for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
            yield number, height([(row[-1], self.columns[-1][-1])], 24.0)

    def row(self, index: int, standing: Standing) -> list[CellLike]:
        """One unit; ``index`` is its place in the order of standings."""
        row = FIRST_ROW + index
        cells: dict[str, CellLike] = {
            "rank": Cell(
                standing.rank or "", "rank_top" if standing.rank in (1, 2, 3) else "rank", self._rank(row)
            ),
            "code": standing.unit.code,
            "name": standing.unit.name,
            "group": standing.unit.group or None,
            "total": Cell(standing.total, formula=self._total(row)),
            "weight": Cell(standing.measured_weight, formula=f"ROUND({self._sum('weight', index, row)},6)"),
            "lost": Cell(standing.lost, formula=self._rounded("lost", index, row)),
            "rate": Cell(standing.rate, formula=self._rate(row)),
            "measured": Cell(standing.measured_indicators, formula=self._counting(index, row)),
            "on_schedule": Cell(standing.on_schedule, formula=self._counting(index, row, terms.ON_SCHEDULE)),
            "behind": Cell(standing.behind, formula=self._counting(index, row, terms.BEHIND)),
            "not_scored": Cell(_not_scored(standing), formula=self._rest(row)),
            "state": standing.state,
            "note": _note(standing),
        }
        for part in self.parts:
            formula = self._part(part.code, index, row)
            cells[f"part.{part.code}"] = Cell(standing.parts.get(part.code, 0.0), formula=formula)
        return [cells[key] for key, *_ in self.columns]

    def _sum(self, key: str, index: int, row: int, *conditions: str) -> str:
        tests = ",".join(
            (*self._unit(index, row), *conditions, self._range("counted", index), f'"{COUNTED}"')
        )
        return f"SUMIFS({self._range(key, index)},{tests})"

    def _rounded(self, key: str, index: int, row: int, *conditions: str) -> str:
        return f"ROUND({self._sum(key, index, row, *conditions)},{self.scores.places})"

    def _part(self, code: str, index: int, row: int) -> str:
        total = self._sum("score", index, row, self._range("part_key", index), criterion(code))
        return f"ROUND({total},{settings.places(self.scheme.settings, '部分')})"

    def _counting(self, index: int, row: int, state: str = "") -> str:
        tests = [*self._unit(index, row), self._range("counted", index), f'"{COUNTED}"']
        if state:
            tests += [self._range("state", index), f'"{state}"']
        return f"COUNTIFS({','.join(tests)})"

    def _rest(self, row: int) -> str:
        """What is neither on schedule nor behind: blank, not readable, not scorable."""
        measured, *others = (f"{self.letter[key]}{row}" for key in ("measured", "on_schedule", "behind"))
        return "-".join((measured, *others))

    def _range(self, key: str, index: int) -> str:
        return self.where.column(key) if self.count <= LIVE_SUMS_UP_TO else self.where.block(key, index)

    def _unit(self, index: int, row: int) -> tuple[str, str]:
        return self._range("unit_key", index), f'"{lookup_key("")}"&$B{row}'

    def _total(self, row: int) -> str:
        places = settings.places(self.scheme.settings, "总分")
        if not self.parts:
            return "0"
        first, last = (self.letter[f"part.{part.code}"] for part in (self.parts[0], self.parts[-1]))
        return f"ROUND(SUM({first}{row}:{last}{row}),{places})"

    def _rate(self, row: int) -> str:
        total, weight = f"{self.letter['total']}{row}", f"{self.letter['weight']}{row}"
        return f"IF({weight}>0,ROUND({total}/{weight}*100,{RATE_PLACES}),0)"

    def _rank(self, row: int) -> str:
        """Competition or dense rank among the valid results of the same group."""
        by = "rate" if self.scheme.settings["排名依据"] == settings.RANK_BY_RATE else "total"
        group, state, key = (self._own(name) for name in ("group", "state", by))
        mine = [f"${self.letter[name]}{row}" for name in ("group", "state", by)]
        if self.scheme.settings["并列名次"] == settings.TIES_DENSE:
            higher = f'({group}={mine[0]})*({state}="{terms.VALID}")*({key}>{mine[2]})'
            values = f"{key}-MIN({key})+1"
            counted = f"SUMPRODUCT(--(FREQUENCY({higher}*({values}),{values})>0))"
            return f'IF({mine[1]}="{terms.VALID}",{counted},"")'
        counted = f'SUMPRODUCT(({group}={mine[0]})*({state}="{terms.VALID}")*({key}>{mine[2]}))+1'
        return f'IF({mine[1]}="{terms.VALID}",{counted},"")'

    def _own(self, name: str) -> str:
        letter = self.letter[name]
        return f"${letter}${FIRST_ROW}:${letter}${FIRST_ROW + self.count - 1}"

    def highlights(self, last: int) -> tuple[Highlight, ...]:
        """Bars on the totals, amber on provisional results, red where many are behind."""
        total, state, lost = (self.letter[key] for key in ("total", "state", "lost"))
        return (
            Highlight(f"{total}{FIRST_ROW}:{total}{last}", "data_bar", colors=("9DC3E6",), from_lowest=True),
            Highlight(f"{lost}{FIRST_ROW}:{lost}{last}", "data_bar", colors=("F4B183",)),
            Highlight(
                f"{state}{FIRST_ROW}:{state}{last}",
                "formula",
                f'${state}{FIRST_ROW}="{terms.PROVISIONAL}"',
                "warn",
            ),
        )


def _fitted_widths(standings: Sequence[Standing]) -> dict[str, float]:
    """Widths of the columns whose texts may be long: a name is shown whole, on one line."""
    return {
        "name": fitting_width((row.unit.name for row in standings), 14, 36),
        "group": fitting_width((row.unit.group for row in standings), 10, 24),
    }


def _not_scored(standing: Standing) -> int:
    return standing.measured_indicators - standing.on_schedule - standing.behind


def _note(standing: Standing) -> str | None:
    if standing.state == terms.PROVISIONAL:
        return "有未解决的错误,暂不排名,见问题清单"
    return "并列" if standing.tied else None
