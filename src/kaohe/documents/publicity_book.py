"""公示 as a table for those who want to sort it: only what the Word document shows as well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.documents import stage
from kaohe.documents.book import Page, height_of
from kaohe.documents.publicity import beside, shown_for
from kaohe.documents.results import groups, has_grades
from kaohe.documents.shown import shown
from kaohe.documents.words import office, period_words, scheme_name, title_of

KEY = "公示"
_WIDE = 36.0
_LONG = 6
"""Signs of a rank from which on its column is widened: one with 定等次序 beside it."""


def publicity_book(assessment: Assessment, state: State, moment: dt.datetime) -> bytes:
    """The .xlsx: one table of results by group, one of bonuses."""
    scores = assessment.scores
    scheme = scores.scheme
    open_to_all = shown(scheme, has_grades(assessment))
    title = f"{period_words(scores.period)}{scheme_name(scheme)}结果公示"
    page = Page(KEY, stage.mark_shown(state), title=title, author=office(scheme), moment=moment)
    places = settings.places(scheme.settings, "总分")
    called = title_of(scheme.settings["单位称谓"])
    found = groups(assessment, open_to_all)
    longest = max((len(line.rank) for group in found for line in group.lines), default=0)
    chosen = [
        ("考核组", 18.0, True),
        (called, _WIDE, True),
        ("名次", 10.0 if longest < _LONG else 2.0 * longest, open_to_all.rank),
        ("得分", 11.0, open_to_all.score),
        ("得分率%", 11.0, open_to_all.rate),
        ("等次", 11.0, open_to_all.grade),
    ]
    columns = [(name, width) for name, width, wanted in chosen if wanted]
    last = max(len(columns), 4) - 1
    for at, (_, width) in enumerate(columns):
        page.sheet.set_column(at, at, width)
    page.sheet.fit_to_pages(1, 0)
    page.across(last, title, "title", 34)
    page.across(last, f"{shown_for(assessment, state)}  {stage.mark_shown(state)}", "subtitle", 20)
    page.line([name for name, _ in columns], ["head"] * len(columns), height=20)
    page.sheet.repeat_rows(page.row - 1)
    for group in found:
        for line in group.lines:
            held = (group.name, line.name, line.rank, _number(line.score), _number(line.rate), line.grade)
            looks = ("center", "text", "center", "score", "score", "center")
            kept = [
                (value, look)
                for value, look, (_, _, wanted) in zip(held, looks, chosen, strict=True)
                if wanted
            ]
            page.line([value for value, _ in kept], [look for _, look in kept], places, height=18)
        if group.note:
            page.across(last, f"{group.name}{group.note}", "note", 18)
    for name, rows in beside(assessment, open_to_all):
        _beside(page, name, rows, called, last)
    declared = stage.declared(scheme)
    if declared:
        page.across(last, declared, "grey", 16)
    page.sheet.print_area(0, 0, page.row - 1, last)
    return page.finished()


def _beside(page: Page, title: str, rows: Sequence[dict[str, str]], called: str, last: int) -> None:
    if not rows:
        return
    page.row += 1
    page.across(last, title, "section", 22)
    page.line([called, "事由", "项目", "分数"], ["head"] * 4, height=20)
    for row in rows:
        values = [row["单位"], row["事由"], row["项目"], row["分数"]]
        tall = max(height_of(row["事由"], _WIDE), height_of(row["项目"], 10), height_of(row["单位"], 18))
        page.line(values, ["center", "text", "center", "center"], height=max(18, tall))


def _number(text: str) -> float | None:
    return float(text) if text else None
