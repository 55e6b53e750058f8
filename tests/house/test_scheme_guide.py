"""docs/方案编写.md says what the program does: codes, settings, methods, sources and the rows it quotes."""

from __future__ import annotations

import csv
import io
import re

import pytest

from kaohe import terms
from kaohe.findings import CATALOGUE
from kaohe.rules.methods import METHODS
from kaohe.settings import SETTINGS
from kaohe.tables import SPECS
from tests.house.checkout import ROOT

GUIDE = (ROOT / "docs" / "方案编写.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "templates" / "schemes" / "WX-J"
EXCERPTS = re.findall(r"^```csv (\S+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """The text of a section of the second level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


def rows_of(title: str) -> list[list[str]]:
    """The rows of the table in a section, without its heading."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def example(table: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_mistake_has_its_code_and_title() -> None:
    listed = {code: title for code, title, _ in rows_of("写错了会怎样")}
    assert listed == {code: CATALOGUE[code].title for code in listed if code in CATALOGUE}
    assert {code for code in CATALOGUE if code.startswith("S")} <= set(listed)


def test_codes_named_in_the_text_exist() -> None:
    named = set(re.findall(r"\b([A-Z]\d\d)\b", re.sub(r"```.*?```|`[^`]*`", "", GUIDE, flags=re.DOTALL)))
    assert named - set(CATALOGUE) == set()


def test_every_rule_setting_with_its_default() -> None:
    listed = {name: default for name, default, _ in rows_of("设置")}
    kept = {
        setting.name: f"{setting.default:g}" if isinstance(setting.default, int | float) else setting.default
        for setting in SETTINGS
        if setting.rule and setting.name in listed
    }
    assert listed == {name: default or "(空)" for name, default in kept.items()}
    assert {setting.name for setting in SETTINGS if setting.rule} - set(listed) == set()


def test_every_source_of_a_value() -> None:
    assert {name for name, *_ in rows_of("取值")} == set(terms.SOURCES)


def test_methods_exist_and_most_are_told() -> None:
    names = {method.name for method in METHODS}
    told = set(re.findall(r"`([^`]+)`", " ".join(row[1] for row in rows_of("计分方法"))))
    assert told - names == set()
    families = {name.removesuffix("按序时").removesuffix("比值").removesuffix("逆向") for name in names}
    assert families - {"负目标完成率", "标准分"} <= told


def test_every_yellow_sheet_of_the_scheme_is_told() -> None:
    told = set(re.findall(r"《([^》]+)》", GUIDE)) | set(re.findall(r"^## (\S+)$", GUIDE, re.MULTILINE))
    registers = {"核定", "申诉", "督办", "佐证材料"}
    assert {spec.title for spec in SPECS} - told <= registers


def test_every_condition_and_relation_is_told() -> None:
    assert [word for word in terms.CONDITIONS if word not in section("结果运用")] == []
    assert [word for word in ("=", "≥", "不重复") if f"`{word}`" not in section("勾稽")] == []
    assert [word for word in terms.VETO_CONSEQUENCES if f"`{word}`" not in section("否决")] == []


def test_there_are_excerpts() -> None:
    assert {table for table, _ in EXCERPTS} >= {"部分", "指标", "票种", "等次", "否决事项", "结果规则"}


@pytest.mark.parametrize(("table", "text"), EXCERPTS, ids=[table for table, _ in EXCERPTS])
def test_the_rows_quoted_stand_in_the_example(table: str, text: str) -> None:
    kept = example(table)
    for quoted in csv.DictReader(io.StringIO(text)):
        assert any(all(row.get(key, "") == value for key, value in quoted.items()) for row in kept), quoted


def test_wxj1_wxj2_the_figures_of_the_example() -> None:
    """▣ 125 = 32 + (20 + 26) + (23 + 24); 50 : 25 : 25, at most 8 on top."""
    units = example("单位")
    groups = re.findall(r"(\S+?) (\d+) 个[,。]", section("单位和人员").split("就是排名的组:")[1])
    sizes = {name.split(",")[-1]: int(count) for name, count in groups}
    assert sizes == {name: sum(unit["考核组"] == name for unit in units) for name in sizes}
    assert sum(sizes.values()) == len(units) == 125
    assert "125 个单位" in GUIDE
    assert "最高 108 分" in GUIDE
