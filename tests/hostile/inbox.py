"""A small master and an inbox full of hostile files between two good ones."""

from __future__ import annotations

import functools
from pathlib import Path

from tests.hostile.archives import CASES as ARCHIVES
from tests.hostile.bombs import CASES as BOMBS
from tests.hostile.case import Case, FormCase
from tests.hostile.cells import CASES as CELLS
from tests.hostile.compounds import CASES as COMPOUNDS
from tests.hostile.forms import good
from tests.hostile.in_forms import FORMS
from tests.hostile.wrong_type import CASES as WRONG_TYPE
from tests.support.line import Desk

FILES: tuple[Case, ...] = (*WRONG_TYPE, *ARCHIVES, *BOMBS, *CELLS, *COMPOUNDS)
CASES: tuple[Case | FormCase, ...] = (*FILES, *FORMS)
GOOD = ("U1", "U2")


def unit_of(number: int) -> str:
    """The code of the unit whose form the case of this number is."""
    return f"H{number:03}"


def units() -> str:
    """The table of units: the two good ones, and one for each form that something was done to."""
    rows = ["U1|东区|甲组", "U2|西区|甲组", *(f"{unit_of(n)}|第{n}区|甲组" for n in range(len(FORMS)))]
    return "\n".join(["单位代码|单位名称|考核组", *rows])


def desk_of(folder: Path) -> Desk:
    """A desk with forms issued to everybody and the two good ones returned."""
    desk = Desk.new(folder, 单位=units())
    desk.issue()
    for unit in GOOD:
        (desk.inbox / desk.form(unit).name).write_bytes(good(desk.form(unit).read_bytes()))
    return desk


def place(number: int, case: Case) -> str:
    """Where the file of a case lies below the inbox: a folder of its own, since many have one name."""
    return f"{number:03}/{case.name}"


@functools.cache
def built(number: int) -> bytes:
    """The bytes of a case that is no form."""
    return FILES[number].build()


def form_name(desk: Desk, number: int) -> str:
    """The file name of a changed form."""
    return Path(desk.form(unit_of(number)).name).with_suffix(FORMS[number].suffix).name


def changed_form(desk: Desk, number: int) -> bytes:
    """The bytes of a form that something was done to."""
    return FORMS[number].change(desk.form(unit_of(number)).read_bytes())


def put_everything(desk: Desk) -> dict[str, Case | FormCase]:
    """All hostile files into the inbox; case by file name as findings show it."""
    there: dict[str, Case | FormCase] = {}
    for number, case in enumerate(FILES):
        path = desk.inbox / place(number, case)
        path.parent.mkdir()
        path.write_bytes(built(number))
        there[place(number, case)] = case
    for number, form in enumerate(FORMS):
        name = form_name(desk, number)
        (desk.inbox / name).write_bytes(changed_form(desk, number))
        there[name] = form
    return there
