"""Results by group as a public document shows them: what is held back is not even in the values (WXJ7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.standing import Standing
from kaohe.documents.shown import Shown
from kaohe.documents.words import figure, names, numeral

TOP = 3
"""How many of a group a summary names."""
EVERYBODY = "全部"


@dataclass(frozen=True)
class Line:
    """One row; '' where something is held back or there is none yet."""

    name: str
    rank: str = ""
    score: str = ""
    rate: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Group:
    """A group with its rows: by place where ranks are shown, else in the order of 《单位》."""

    name: str
    lines: tuple[Line, ...]
    grades: tuple[tuple[str, tuple[str, ...]], ...]
    """(grade, names in the order of 《单位》), best first; () where a table without them is shown."""
    note: str
    summary: str


def assessed(assessment: Assessment) -> list[Standing]:
    """The results of those of whom anything is assessed in the period, by group and place."""
    return [row for row in assessment.standings if row.measured_indicators]


def has_grades(assessment: Assessment) -> bool:
    """Whether anybody got a grade."""
    return any(row.grade for row in assessed(assessment))


def groups(assessment: Assessment, open_to_all: Shown) -> tuple[Group, ...]:
    """Every group in the order of the results."""
    found: dict[str, list[Standing]] = {}
    for row in assessed(assessment):
        found.setdefault(row.unit.group, []).append(row)
    return tuple(_group(assessment, name, rows, open_to_all) for name, rows in found.items())


def rank_words(row: Standing) -> str:
    """The rank of 排名: 2 or 2（并列）; 暂定 while there is none."""
    if row.rank is None:
        return terms.PROVISIONAL
    return f"{row.rank}（并列）" if row.tied else str(row.rank)


def order_words(row: Standing) -> str:
    """定等次序 where decisions and vetoes make it another one than the rank; '' where they do not."""
    return str(row.place) if row.rank is not None and row.place not in (None, row.rank) else ""


def both_words(row: Standing) -> str:
    """Rank and, where it differs, 定等次序: 17（定等次序16）."""
    order = order_words(row)
    if not order:
        return rank_words(row)
    return f"{row.rank}（{'并列，' if row.tied else ''}定等次序{order}）"


def _group(assessment: Assessment, name: str, rows: Sequence[Standing], open_to_all: Shown) -> Group:
    places = settings.places(assessment.scores.scheme.settings, "总分")
    order = {unit.code: at for at, unit in enumerate(assessment.scores.units)}
    listed = list(rows) if open_to_all.rank else sorted(rows, key=lambda row: order[row.unit.code])
    lines = tuple(_line(row, open_to_all, places) for row in listed)
    by_grade = _by_grade(assessment, sorted(rows, key=lambda row: order[row.unit.code]), open_to_all)
    note = _note(rows)
    return Group(name or EVERYBODY, lines, by_grade, note, _summary(lines, by_grade, open_to_all, note))


def _line(row: Standing, open_to_all: Shown, places: int) -> Line:
    return Line(
        name=row.unit.name,
        rank=both_words(row) if open_to_all.rank else "",
        score=figure(row.total, places) if open_to_all.score else "",
        rate=figure(row.rate, 2) if open_to_all.rate else "",
        grade=(row.grade or "—") if open_to_all.grade else "",
    )


def _by_grade(
    assessment: Assessment, rows: Sequence[Standing], open_to_all: Shown
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not open_to_all.grade:
        # Where neither scores nor ranks nor grades are shown, who was assessed still is.
        return () if open_to_all.tabular else (("名单", tuple(row.unit.name for row in rows)),)
    declared = dict.fromkeys(grade.name for grade in assessment.scores.scheme.grades)
    known = [*declared, *(row.grade for row in rows if row.grade and row.grade not in declared)]
    found = [
        (grade, tuple(row.unit.name for row in rows if row.grade == grade)) for grade in dict.fromkeys(known)
    ]
    without = tuple(row.unit.name for row in rows if not row.grade)
    return tuple((grade, held) for grade, held in (*found, ("未定等次", without)) if held)


def _note(rows: Sequence[Standing]) -> str:
    open_ones = sum(row.state == terms.PROVISIONAL for row in rows)
    return f"其中{open_ones}个结果暂定，未排名次。" if open_ones else ""


def _summary(
    lines: Sequence[Line],
    by_grade: Sequence[tuple[str, tuple[str, ...]]],
    open_to_all: Shown,
    note: str,
) -> str:
    """What the text of a 通报 says of a group."""
    if by_grade and not open_to_all.tabular:
        return "；".join(f"{grade}{len(held)}个：{names(held)}" for grade, held in by_grade) + "。" + note
    said = []
    ranked = [line for line in lines if line.rank and line.rank != terms.PROVISIONAL]
    if ranked:
        top = ranked[: TOP if len(ranked) > TOP else 1]
        said.append("居前的是" + names(f"{line.name}（{_place(line.rank)}）" for line in top))
    if by_grade:
        said.append("，".join(f"{grade}{len(held)}个" for grade, held in by_grade))
    if not said:
        said.append(names(line.name for line in lines))
    return "；".join(said) + "。" + note


def _place(rank: str) -> str:
    """2 → 第2名, 2（并列） → 并列第2名, 2（定等次序1） → 第2名（定等次序1）."""
    number, _, more = rank.partition("（")
    tied, order = more.startswith("并列"), more.removeprefix("并列").removeprefix("，").rstrip("）")
    return f"{'并列' if tied else ''}第{number}名{f'（{order}）' if order else ''}"


def in_words(found: Sequence[Group]) -> list[dict[str, object]]:
    """The groups as the tags of a template name them."""
    return [
        {
            "序号": f"（{numeral(number)}）",
            "名称": group.name,
            "个数": len(group.lines),
            "摘要": group.summary,
            "说明": group.note,
            "各行": [
                {
                    "单位": line.name,
                    "名次": line.rank,
                    "得分": line.score,
                    "得分率": line.rate,
                    "等次": line.grade,
                }
                for line in group.lines
            ],
            "各等次": [
                {"等次": grade, "个数": len(held), "名单": names(held)} for grade, held in group.grades
            ],
        }
        for number, group in enumerate(found, start=1)
    ]


def shown_in_words(open_to_all: Shown) -> dict[str, bool]:
    """公开.得分 and the like in a template."""
    return {
        "得分": open_to_all.score,
        "得分率": open_to_all.rate,
        "名次": open_to_all.rank,
        "等次": open_to_all.grade,
        "成表": open_to_all.tabular,
    }
