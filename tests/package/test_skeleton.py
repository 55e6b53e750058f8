"""The skeletons in templates/ and the roles read from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.workbooks.package import UnknownRole, adopt, create, patch_bytes
from kaohe.workbooks.package.patch import open_package
from kaohe.workbooks.package.specimen import Roles, read_roles
from kaohe.workbooks.plan import Cell, SheetPlan
from kaohe.workbooks.skeleton import DIFFERENTIAL_ROLES, KINDS, ROLES, build_skeleton
from tests.package.books import edited, master, opened, parts, rebuilt, sheet_part, skeleton
from tests.package.plans import just, ranking
from tests.support.libreoffice import recalculate

ROOT = Path(__file__).resolve().parents[2]


def roles_of(data: bytes) -> Roles:
    roles = read_roles(*open_package(data))
    assert roles is not None
    return roles


@pytest.mark.parametrize("kind", KINDS)
def test_templates_are_what_the_generator_makes(kind: str) -> None:
    assert parts((ROOT / "templates" / f"{kind}.xlsx").read_bytes()) == parts(build_skeleton(kind))


def test_same_bytes_every_time() -> None:
    assert build_skeleton("总表") == build_skeleton("总表")
    with pytest.raises(ValueError, match="周报"):
        build_skeleton("周报")


def test_every_role_has_its_own_format() -> None:
    roles = roles_of(skeleton())
    assert {role.name for role in ROLES} <= set(roles.cells)
    assert set(roles.differential) == {role.name for role in DIFFERENTIAL_ROLES}
    assert len(set(roles.differential.values())) == len(DIFFERENTIAL_ROLES)


def looks(data: bytes) -> dict[str, tuple[object, ...]]:
    """What a person sees of each role, as openpyxl reads it from the specimen sheet.

    Without the font's name: LibreOffice saves the name of the font it has in the place of one it lacks.
    Without quotes and backslashes in number formats: it writes a dash between them bare.
    """
    seen: dict[str, tuple[object, ...]] = {}
    for name, cell, _ in opened(data)["样式"].iter_rows(min_row=2, max_col=3):
        if not str(name.value).startswith("dxf:"):
            font, fill = cell.font, cell.fill.fgColor.rgb if cell.fill.fill_type else ""
            seen[str(name.value)] = (
                font.sz,
                bool(font.b),
                str(font.color.rgb)[-6:],
                str(fill)[-6:],
                cell.number_format.replace("\\", "").replace('"', ""),
                cell.protection.locked,
                (cell.alignment.horizontal or "general"),
                bool(cell.alignment.wrap_text),
                cell.border.bottom.style,
            )
    return seen


def test_only_what_is_to_be_filled_in_is_unlocked() -> None:
    unlocked = {name for name, look in looks(skeleton()).items() if not look[5]}
    assert unlocked == {
        "input",
        "input_text",
        "input_choice",
        "input_optional",
        "signature",
        "setting",
        "setting_text",
        "setting_date",
    }


@pytest.mark.soffice
def test_roles_are_found_after_libreoffice_renumbered_them(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_bytes(master())
    saved = recalculate(tmp_path / "m.xlsx", tmp_path / "saved").read_bytes()
    before, after = roles_of(master()), roles_of(saved)
    assert before.cells != after.cells
    assert (set(after.cells), set(after.differential)) == (set(before.cells), set(before.differential))
    assert looks(saved) == looks(master())


@pytest.mark.soffice
def test_differential_formats_keep_their_meaning_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_bytes(master())
    saved = recalculate(tmp_path / "m.xlsx", tmp_path / "saved").read_bytes()
    fills = [
        {
            name: str(opened(data)._differential_styles.styles[number].fill.bgColor.rgb)[-6:]
            for name, number in roles_of(data).differential.items()
        }
        for data in (master(), saved)
    ]
    assert fills[0] == fills[1]


def test_a_role_that_stands_on_no_row() -> None:
    plan = SheetPlan("甲", "甲", [[Cell(1, "没有")]], ("text",))
    with pytest.raises(UnknownRole, match="没有"):
        create(skeleton(), just(plan))


def test_rows_of_the_specimen_may_move() -> None:
    data = master()
    part = sheet_part(data, "样式")
    text = parts(data)[part].decode()
    for old, new in (('"A45"', '"A99"'), ('"C45"', '"C99"'), ('r="45"', 'r="99"')):
        text = text.replace(old, new)
    moved = rebuilt({**parts(data), part: text.encode()})
    assert "A99" in text
    assert roles_of(moved) == roles_of(data)


def test_another_workbook_adopts_the_specimen() -> None:
    own = edited(master(), "xl/workbook.xml", ('name="_kaohe.样式"', 'name="x"'), ('"样式"', '"旧样式"'))
    adopted = adopt(own, skeleton())
    assert roles_of(adopted).cells["title"] > roles_of(master()).cells["title"]
    assert looks(adopted) == looks(skeleton())
    assert adopt(adopted, skeleton()) == adopted
    assert opened(patch_bytes(adopted, just(ranking(3))))["排名"]["B5"].value == "梁溪区"
