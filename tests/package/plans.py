"""Plans the tests of the package patch share."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Choice, Highlight, Layout, SheetPlan

UNITS = ("梁溪区", "锡山区", "惠山区", "滨湖区", "新吴区", "经开区", "江阴市", "宜兴市", "马山区")


def ranking(count: int, *, key: str = "排名", title: str = "排名", top: float = 69.0) -> SheetPlan:
    """A ranking sheet with ``count`` units: headings in row 4, a formula, links and every kind of feature."""
    rows: list[Sequence[CellLike]] = [
        [Cell("考核得分排名", "title"), *[Cell(None, "title")] * 4],
        [Cell("2007年上半年", "note")],
        [],
        [Cell(text, "header") for text in ("名次", "单位", "得分", "得分率", "来源")],
    ]
    for n in range(count):
        link = f"回收/{UNITS[n % 9]} {n}.xlsx#自测表!G12" if n % 2 else f"#{title}!A1"
        share = Cell((top - n) / 100, formula=f"ROUND(C{n + 5}/100,4)")
        rows.append([n + 1, f"{UNITS[n % 9]}{n // 9 or ''}", top - n, share, Cell("打开", link=link)])
    last = max(count + 4, 5)
    layout = Layout(
        tab_color="4472C4",
        freeze="C5",
        repeat_rows="1:4",
        merges=("A1:E1",),
        choices=(Choice(f"B5:B{last}", ("甲", "乙"), "单位", "请选择单位。", strict=False),),
        highlights=(
            Highlight(f"C5:C{last}", "data_bar", colors=("63C384",)),
            Highlight(f"A5:E{last}", "formula", "$C5<60", "bad"),
            Highlight(f"D5:D{last}", "color_scale", colors=("F8696B", "FFEB84", "63BE7B")),
        ),
        footer="考核办",
    )
    return SheetPlan(
        key=key,
        title=title,
        rows=rows,
        roles=("rank", "text", "score", "percent", "link"),
        widths=(8, 16, 10, 10, 20),
        heights=((1, 30.0),),
        fitted=((2, 21.5),),
        header_row=4,
        autofilter=True,
        layout=layout,
    )


def notes_sheet() -> SheetPlan:
    """A second sheet without a table."""
    return SheetPlan("方案", "方案", [["年度", 2007], ["名称", "滨湖区"]], ("label", "setting"))


def just(*sheets: SheetPlan) -> BookPlan:
    """A plan of these sheets and nothing else."""
    return BookPlan(sheets)
