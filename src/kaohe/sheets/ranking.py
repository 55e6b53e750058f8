"""排名: one row per unit, read across: rank, total, parts, what is behind; every number a live formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.standing import EXACT_PLACES, RATE_PLACES, Standing, tie_breakers
from kaohe.assess.ties import parted
from kaohe.model import Scheme
from kaohe.sheets.bonus_totals import BonusTotals
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.detail_values import COUNTED, criterion, lookup_key
from kaohe.sheets.grade_formulas import GradeFormulas, grade_columns
from kaohe.sheets.heading import head_heights, heading
from kaohe.sheets.names import SheetNames
from kaohe.sheets.ranking_note import VETO, note_of
from kaohe.sheets.row_height import fitting_width, height
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, Layout, SheetPlan

KEY = "排名"
HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LIVE_SUMS_UP_TO = 1_000
"""Up to this many units sums look units up by code (right even after sorting); above, by their rows."""

_FRONT = (
    ("rank", "名次", "rank", 6),
    ("code", "单位代码", "code", 9),
    ("name", "{unit}", "text_center", 14),
    ("group", "考核组", "text_center", 9),
    ("total", "总分", "score_total", 12),
)
_BESIDE = (
    ("bonus", "加分", "points_lost", 8.5),
    ("deduction", "扣减", "points_lost", 8.5),
    ("late", "迟报扣分", "points_lost", 8.5),
)
"""Shown where the scheme provides for them or somebody has any: a column that comes with the results would
find the sheet laid out for others."""
_COMPUTED = "computed_total"
_LATER_STAGES: tuple[Literal["部分", "总分"], ...] = ("部分", "总分")
_HIDDEN = (("exact", "未舍入总分", "number", 0),)
_BACK = (
    ("weight", "考核权重", "number", 8),
    ("lost", "扣分", "score", 10),
    ("rate", "得分率(%)", "number2", 9),
    ("measured", "考核指标", "count", 7),
    ("on_schedule", "已达序时", "count", 7),
    ("behind", "未达序时", "count", 7),
    ("not_scored", "未计分", "count", 7),
    ("state", "结果", "text_center", 7),
    ("note", "备注", "text_wrap", 29),
)
_PART_WIDTH = 10.0
_MEDALS_FROM = 6
"""The first three of a group of at least so many units stand out, the first one of a smaller group."""


def ranking_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan:
    """Standings in the order of rank inside each group."""
    table = _Ranking(assessment, names)
    scheme = assessment.scores.scheme
    width = len(table.columns)
    note = (
        f"按{scheme.settings['排名依据']}排名,并列名次 {scheme.settings['并列名次']};总分的色条从最低分画起"
        + (";定等次序是否决以后的次序" if table.grades else "")
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
        called = _called(self.scheme, assessment.standings)
        fitted = _fitted_widths(assessment.standings)
        middle = [(f"part.{part.code}", part.name, "score", _PART_WIDTH) for part in self.parts]
        self.beside = [column for column in _BESIDE if self._wanted(column[0], assessment.standings)]
        decided = any(row.total != row.computed_total for row in assessment.standings)
        computed = ((_COMPUTED, "公式总分", "score", 10.0),) if decided else ()
        self.sizes = Counter(row.unit.group for row in assessment.standings if row.rank is not None)
        self.exact = self.scheme.settings["排名取数"] == settings.RANK_EXACT
        graded, behind = grade_columns(assessment.gradings)
        hidden = (*(_HIDDEN if self.exact else ()), *behind)
        self.beside_totals = BonusTotals.of(assessment, names)
        self.gradings = assessment.gradings.by_unit
        self.parted = parted(self.scheme, assessment.standings)
        self.columns = [
            (key, title.format(unit=called) if key == "name" else title, role, fitted.get(key, width))
            for key, title, role, width in (
                *_FRONT,
                *graded,
                *middle,
                *self.beside,
                *computed,
                *_BACK,
                *hidden,
            )
        ]
        self.letter = {key: column_letter(index + 1) for index, (key, *_) in enumerate(self.columns)}
        self.grades = self._grade_formulas() if graded else None

    def _grade_formulas(self) -> GradeFormulas:
        chosen = self.scheme.settings
        by_rate = chosen["等次依据"] == settings.RANK_BY_RATE
        return GradeFormulas(
            letters=self.letter,
            first_row=FIRST_ROW,
            last_row=FIRST_ROW + max(self.count, 1) - 1,
            key="rate" if by_rate else "total",
            all_in=chosen["名额边缘"] == settings.EDGE_ALL_IN,
        )

    def _wanted(self, key: str, standings: Sequence[Standing]) -> bool:
        """Whether one of the columns beside the parts is shown."""
        if any(getattr(row, key) for row in standings):
            return True
        if key == "late":
            return bool(float(self.scheme.settings["迟报每天扣分"]))
        kind = {"bonus": terms.PART_BONUS, "deduction": terms.PART_DEDUCTION}[key]
        return any(part.kind == kind for part in self.scheme.parts if not part.parent)

    def _medal(self, standing: Standing) -> bool:
        last = 3 if self.sizes[standing.unit.group] >= _MEDALS_FROM else 1
        return standing.rank is not None and standing.rank <= last

    def heights(self, rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
        """Heights of the units' rows, so that a note is shown whole."""
        note = [key for key, *_ in self.columns].index("note")
        for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
            yield number, height([(row[note], self.columns[note][-1])], 24.0)

    def row(self, index: int, standing: Standing) -> list[CellLike]:
        """One unit; ``index`` is its place in the order of standings."""
        row = FIRST_ROW + index
        cells: dict[str, CellLike] = {
            "rank": Cell(
                standing.rank or "", "rank_top" if self._medal(standing) else "rank", self._rank(row)
            ),
            "code": standing.unit.code,
            "name": standing.unit.name,
            "group": standing.unit.group or None,
            "total": self._total_cell(standing, row),
            **self._beside_cells(standing, row),
            "computed_total": Cell(standing.computed_total, formula=self._total(row)),
            "weight": Cell(standing.measured_weight, formula=f"ROUND({self._sum('weight', index, row)},6)"),
            "lost": Cell(standing.lost, formula=self._rounded("lost", index, row)),
            "rate": Cell(standing.rate, formula=self._rate(row)),
            "measured": Cell(standing.measured_indicators, formula=self._counting(index, row)),
            "on_schedule": Cell(standing.on_schedule, formula=self._counting(index, row, terms.ON_SCHEDULE)),
            "behind": Cell(standing.behind, formula=self._counting(index, row, terms.BEHIND)),
            "not_scored": Cell(_not_scored(standing), formula=self._rest(row)),
            "state": standing.state,
            "note": note_of(standing, self.scheme, self.parted.get(standing.unit.code, ())),
        }
        if self.grades is not None:
            cells |= self.grades.cells(row, self.gradings[standing.unit.code])
        if self.exact:
            decided = standing.total != standing.computed_total
            formula = None if decided else self._exact(index, row)
            cells["exact"] = Cell(standing.exact, formula=formula)
        for part in self.parts:
            formula = self._part(part.code, index, row)
            assessed = part.code in standing.parts
            cells[f"part.{part.code}"] = (
                Cell(standing.parts.get(part.code, 0.0), formula=formula) if assessed else None
            )
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

    def _beside_cells(self, standing: Standing, row: int) -> dict[str, CellLike]:
        """加分, 扣分 and 迟报, as 加减分汇总 has them."""
        values = {"bonus": standing.bonus, "deduction": standing.deduction, "late": standing.late}
        if self.beside_totals is None:
            return dict(values)
        unit = f'"{lookup_key("")}"&$B{row}'
        places = max(self.scores.places, *(settings.places(self.scheme.settings, s) for s in _LATER_STAGES))
        formulas = {
            "bonus": self.beside_totals.kind(terms.PART_BONUS, unit, places),
            "deduction": self.beside_totals.kind(terms.PART_DEDUCTION, unit, places),
            "late": self.beside_totals.late(unit, places),
        }
        return {key: Cell(value, formula=formulas[key]) for key, value in values.items()}

    def _total_cell(self, standing: Standing, row: int) -> Cell:
        """The total; one the office decided is a number, with what the parts come to in 公式总分."""
        if standing.total != standing.computed_total:
            return Cell(standing.total)
        return Cell(standing.total, formula=self._total(row))

    def _total(self, row: int) -> str:
        places = settings.places(self.scheme.settings, "总分")
        if not self.parts:
            return "0"
        first, last = (self.letter[f"part.{part.code}"] for part in (self.parts[0], self.parts[-1]))
        return f"ROUND(SUM({first}{row}:{last}{row}){self._net(row)},{places})"

    def _net(self, row: int) -> str:
        """Bonuses less deductions, as the rest of a sum."""
        signs = {"bonus": "+", "deduction": "-", "late": "-"}
        shown = [key for key, *_ in self.beside if key in signs]
        return "".join(f"{signs[key]}{self.letter[key]}{row}" for key in shown)

    def _exact(self, index: int, row: int) -> str:
        """What a rank before rounding looks at: the unrounded scores, bonuses and deductions."""
        summed = f"{self._sum('raw', index, row)}{self._net(row)}"
        if self.scheme.settings["排名依据"] != settings.RANK_BY_RATE:
            return f"ROUND({summed},{EXACT_PLACES})"
        weight = f"{self.letter['weight']}{row}"
        return f"IF({weight}>0,ROUND(({summed})/{weight}*100,{EXACT_PLACES}),0)"

    def _rate(self, row: int) -> str:
        total, weight = f"{self.letter['total']}{row}", f"{self.letter['weight']}{row}"
        return f"IF({weight}>0,ROUND({total}/{weight}*100,{RATE_PLACES}),0)"

    def _rank(self, row: int) -> str:
        """Competition or dense rank among the valid results of the same group, ties broken by 并列再比."""
        keys = [self._ranked_by(), *(f"part.{code}" for code in self._breakers())]
        group, state = (self._own(name) for name in ("group", "state"))
        mine = {name: f"${self.letter[name]}{row}" for name in ("group", "state", *keys)}
        higher = self._higher(keys, mine)
        member = f'({group}={mine["group"]})*({state}="{terms.VALID}")'
        counted = f"SUMPRODUCT({member}*{higher})+1"
        if self.scheme.settings["并列名次"] == settings.TIES_DENSE:
            counted = self._dense(member, higher, keys)
        return f'IF({mine["state"]}="{terms.VALID}",{counted},"")'

    def _dense(self, member: str, higher: str, keys: Sequence[str]) -> str:
        """One more than the number of different results above; each is counted once by its share."""
        if len(keys) == 1:
            key = self._own(keys[0])
            values = f"{key}-MIN({key})+1"
            return f"SUMPRODUCT(--(FREQUENCY({member}*{higher}*({values}),{values})>0))"
        areas = [self._own(name) for name in ("group", "state", *keys)]
        alike = ",".join(f"{area},{area}" for area in areas)
        return f"ROUND(SUMPRODUCT({member}*{higher}/COUNTIFS({alike})),0)+1"

    def _higher(self, keys: Sequence[str], mine: Mapping[str, str]) -> str:
        """Above in the first key, or equal in it and above in the next, and so on."""
        first, *rest = keys
        area, own = self._own(first), mine[first]
        if not rest:
            return f"({area}>{own})"
        return f"(({area}>{own})+({area}={own})*{self._higher(rest, mine)})"

    def _ranked_by(self) -> str:
        by_rate = self.scheme.settings["排名依据"] == settings.RANK_BY_RATE
        if self.exact:
            return "exact"
        return "rate" if by_rate else "total"

    def _breakers(self) -> list[str]:
        shown = {part.code for part in self.parts}
        return [code for code in tie_breakers(self.scheme) if code in shown]

    def _own(self, name: str) -> str:
        letter = self.letter[name]
        return f"${letter}${FIRST_ROW}:${letter}${FIRST_ROW + self.count - 1}"

    def highlights(self, last: int) -> tuple[Highlight, ...]:
        """Bars on the totals, amber on provisional results; grades and vetoes in colour."""
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
            self._colour("note", last, f'COUNTIF({{cell}},"*{VETO}*")>0', "bad"),
            *(self._grade_colours(last) if "grade" in self.letter else ()),
        )

    def _grade_colours(self, last: int) -> tuple[Highlight, ...]:
        """The best grade green, one left to the office amber, one that says not (不合格, 不称职) red."""
        best = sorted({grading.levels[0].name for grading in self.gradings.values() if grading.levels})
        named = ",".join('{cell}="' + name.replace('"', '""') + '"' for name in best)
        return (
            self._colour("grade", last, f"OR({named})", "good"),
            self._colour("grade", last, f'{{cell}}="{terms.PENDING_GRADE}"', "warn"),
            self._colour("grade", last, 'LEFT({cell},1)="不"', "bad"),
        )

    def _colour(self, key: str, last: int, rule: str, style: str) -> Highlight:
        """``rule``: a condition on the column's ``{cell}``."""
        letter = self.letter[key]
        area = f"{letter}{FIRST_ROW}:{letter}{last}"
        return Highlight(area, "formula", rule.replace("{cell}", f"${letter}{FIRST_ROW}"), style)


def _called(scheme: Scheme, standings: Sequence[Standing]) -> str:
    """Heading of the names: what the scheme calls its units, and persons where there are any."""
    called = str(scheme.settings["单位称谓"]) or "单位"
    kinds = {row.unit.kind for row in standings}
    return f"{called}、{terms.KIND_PERSON}" if {terms.KIND_UNIT, terms.KIND_PERSON} <= kinds else called


def _fitted_widths(standings: Sequence[Standing]) -> dict[str, float]:
    """Widths of the columns whose texts may be long: a name is shown whole, on one line."""
    return {
        "name": fitting_width((row.unit.name for row in standings), 14, 36),
        "group": fitting_width((row.unit.group for row in standings), 9, 24),
    }


def _not_scored(standing: Standing) -> int:
    return standing.measured_indicators - standing.on_schedule - standing.behind
