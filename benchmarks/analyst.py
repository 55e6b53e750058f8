"""What a good analyst would write for this one job: pandas, openpyxl, one script, no checks.

    python analyst.py 总表.xlsx 回收/ 排名.xlsx

It trusts every returned form: targets, weights and shares are taken from the form itself, identity from the
cell that names the unit. Methods, frequency and composites come from the master's 《指标》.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

MONTHS = {"月度": 1, "季度": 3, "半年": 6, "年度": 12}
MONTH = 6
UNIT_ROW, UNIT_COLUMN, HEADER_ROW = 2, 2, 5


def read_form(path: Path) -> pd.DataFrame:
    """One row per indicator, as the form shows it."""
    sheet = pd.read_excel(path, sheet_name="自测表", header=None, engine="openpyxl")
    form = sheet.iloc[HEADER_ROW + 1 :].copy()
    form.columns = list(sheet.iloc[HEADER_ROW])
    form["单位"] = sheet.iat[UNIT_ROW, UNIT_COLUMN]
    return form[form["指标代码"].notna()]


def read_scheme(master: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicators in force at the end of the period, and units."""
    indicators = pd.read_excel(master, sheet_name="指标", header=2, engine="openpyxl").dropna(
        subset=["指标代码"]
    )
    end = pd.Timestamp(2007, MONTH, 30)
    start, stop = pd.to_datetime(indicators["生效起"]), pd.to_datetime(indicators["生效止"])
    indicators = indicators[~(start > end) & ~(stop < end)]
    units = pd.read_excel(master, sheet_name="单位", header=2, engine="openpyxl").dropna(subset=["单位代码"])
    return indicators, units


def round_half_up(values: pd.Series) -> pd.Series:
    """To two places; the nudge takes off what doubles add."""
    return np.floor(values * 100 + 0.5 + 1e-7) / 100


def score(data: pd.DataFrame) -> pd.Series:
    """Points by 目标完成率, 目标完成率逆向 and 序时进度."""
    actual, target, weight = (pd.to_numeric(data[name]) for name in ("完成值", "年度目标", "权重"))
    due = target * pd.to_numeric(data["序时"])
    rate = np.select(
        [data["计分方法"] == "序时进度", data["计分方法"] == "目标完成率逆向"],
        [actual / due, 1 + (target - actual) / target],
        actual / target,
    )
    return round_half_up(weight * np.clip(rate, 0, 1))


def add_composites(data: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """The value of a composite is the sum of its components' scores; components do not count themselves."""
    composite = indicators.loc[indicators["取值"] == "合成", "指标代码"]
    parts = data[data["上级"].isin(composite)].assign(得分=score)
    sums = parts.groupby(["单位", "上级"])["得分"].sum().round(2)
    data = data[~data["上级"].isin(composite)].copy()
    is_composite = data["指标代码"].isin(composite)
    keys = pd.MultiIndex.from_frame(data.loc[is_composite, ["单位", "指标代码"]])
    data.loc[is_composite, "完成值"] = sums.reindex(keys).to_numpy()
    return data


def rank(data: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Totals by part and altogether, ranked inside each group."""
    parts = data.pivot_table(index="单位", columns="上级", values="得分", aggfunc="sum").round(2)
    table = units.set_index("单位名称")[["单位代码", "考核组"]].join(parts)
    table["总分"] = parts.sum(axis=1).round(2)
    table["名次"] = table.groupby("考核组")["总分"].rank(ascending=False, method="min").astype(int)
    return table.sort_values(["考核组", "名次", "单位代码"]).reset_index(names="单位")


def write(table: pd.DataFrame, data: pd.DataFrame, target: Path) -> None:
    """A ranking sheet and a sheet of all scores."""
    book = Workbook()
    ranking, detail = book.active, book.create_sheet("得分明细")
    ranking.title = "排名"
    columns = ["单位代码", "单位", "指标代码", "指标名称", "权重", "年度目标", "序时", "完成值", "得分"]
    for sheet, frame in ((ranking, table), (detail, data[columns])):
        sheet.append(list(frame.columns))
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", "FFDCE6F1")
        for row in frame.itertuples(index=False):
            sheet.append([None if value != value else value for value in row])
        sheet.freeze_panes = "A2"
    book.save(target)


def main(master: Path, inbox: Path, target: Path) -> None:
    """Forms in, ranking workbook out."""
    indicators, units = read_scheme(master)
    forms = pd.concat([read_form(path) for path in sorted(inbox.glob("*.xlsx"))], ignore_index=True)
    wanted = indicators[["指标代码", "上级", "计分方法", "频次", "取值"]]
    data = forms.merge(wanted, on="指标代码").merge(
        units[["单位代码", "单位名称"]], left_on="单位", right_on="单位名称"
    )
    data = add_composites(data[MONTH % data["频次"].map(MONTHS) == 0], indicators)
    data["得分"] = score(data)
    write(rank(data, units), data, target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
