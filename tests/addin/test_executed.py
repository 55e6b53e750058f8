"""VBA as it runs: callbacks down to the command line, wrappers down to the Python function."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.faces import functions
from kaohe.faces.addin_build import FUNCTIONS
from kaohe.faces.buttons import BUTTONS, Button
from kaohe.vba.wrappers import FunctionHelp
from tests.addin.conftest import INTERPRETER, Built
from tests.addin.vba_machine import CMD, HOME, Machine, library, method, shadowed

ROOT = Path(__file__).resolve().parents[2]
Missing = {"missing": True}


@pytest.fixture
def machine(built: Built) -> Machine:
    return Machine(built.path, built.modules, INTERPRETER)


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """A returned workbook that tries to name the Python to run, and to bring code along."""
    book = openpyxl.Workbook()
    settings = book.create_sheet("kaohe.conf")
    settings.append(["Interpreter_Win", r"C:\evil\python.exe"])
    settings.append(["PYTHONPATH", r"C:\evil"])
    book.create_sheet("evil.py")
    path = tmp_path / "滨湖区.xlsx"
    book.save(path)
    (tmp_path / "kaohe.conf").write_text('"INTERPRETER_WIN","C:\\evil\\python.exe"\n', encoding="ascii")
    return path


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: str(button.id))
def test_a_button_starts_our_python(machine: Machine, returned: Path, button: Button) -> None:
    machine.open(returned)
    (command,) = machine.click(button.callback)
    assert command.startswith(f"{CMD} /C C: & cd ")
    assert f'& "{INTERPRETER}" -B -P -c "import xlwings.utils;' in command
    assert f"import kaohe.faces.ribbon as r; r.{button.python}()" in command
    assert '--wb="" --from_xl=1' in command
    assert machine.messages == []


def test_a_returned_workbook_cannot_name_the_python(machine: Machine, returned: Path) -> None:
    machine.open(returned)
    (command,) = machine.click("Click_check_form")
    assert "evil" not in command
    assert {path for path in machine.asked if path.endswith(".conf")} == {HOME + r"\.kaohe\kaohe.conf"}


def test_without_a_workbook_a_button_makes_one(machine: Machine) -> None:
    books = machine.app.application.workbooks_.books
    open_books = len(books)
    machine.properties["activeworkbook"] = library.NOTHING
    made: list[object] = []

    def add(*arguments: Any, **named: Any) -> Any:
        del machine.properties["activeworkbook"]
        made.append(machine.app.add_workbook())
        return made[-1]

    machine.properties["workbooks"] = Workbooks(add)
    (command,) = machine.click("Click_new_master")
    assert len(made) == 1
    assert len(books) == open_books + 1
    assert "r.new_master()" in command


class Workbooks(library.VBAObject):  # type: ignore[misc]
    """Application.Workbooks that can only add."""

    vba_type_name = "Workbooks"

    def __init__(self, add: Any) -> None:
        self._add = add

    @method
    def Add(self) -> Any:  # noqa: N802
        """A new workbook."""
        return self._add()


class XLPy(library.VBAObject):  # type: ignore[misc]
    """xlwings' way to Python: keeps the calls."""

    vba_type_name = "XLPy"

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    @method
    def CallUDF(self, *arguments: Any) -> str:  # noqa: N802
        """Keep the call and answer."""
        self.calls.append(arguments)
        return "answered"


@pytest.fixture
def wrappers(built: Built) -> tuple[Machine, XLPy]:
    """The wrappers without xlwings' own module, whose XLPy is stood in for."""
    modules = [module for module in built.modules if module.name != "xlwings"]
    machine, python = Machine(built.path, modules, INTERPRETER), XLPy()
    machine.app.interpreter.host.global_object = shadowed(machine, "xlpy", python)
    machine.properties["caller"] = machine.app.sheet(1).sheet.vba_get("Range", ["D5"])
    return machine, python


def parameters(name: str) -> list[inspect.Parameter]:
    """The parameters of the Python function."""
    return list(inspect.signature(getattr(functions, name)).parameters.values())


def test_wrappers_and_functions_are_the_same_set(built: Built) -> None:
    python = {name for name in vars(functions) if name.startswith("KH_")}
    assert {said.name for said in built.wrappers.functions} == python
    assert set(re.findall(r"^Function (\w+)\(", built.wrappers.text, re.MULTILINE)) == python


def test_arguments_in_order_with_the_same_optional_ones(built: Built) -> None:
    heads = dict(re.findall(r"^Function (\w+)\((.*)\)$", built.wrappers.text, re.MULTILINE))
    for name, said in heads.items():
        expected = [
            p.name if p.default is inspect.Parameter.empty else f"Optional {p.name}" for p in parameters(name)
        ]
        assert said.split(", ") == (expected or [""])


def test_every_argument_arrives_in_its_place(wrappers: tuple[Machine, XLPy], built: Built) -> None:
    machine, python = wrappers
    for said in built.wrappers.functions:
        given = [f"value {place}" for place in range(len(said.arguments))]
        assert machine.app.run(said.name, *given) == "answered"
        module, name, arguments, book, caller = python.calls[-1]
        assert (module, name) == (FUNCTIONS, said.name)
        assert list(arguments.items) == given
        assert book.vba_get("Name") == "kaohe.xlam"
        assert caller.vba_type_name == "Range"


def test_left_out_arguments_arrive_as_missing(wrappers: tuple[Machine, XLPy], built: Built) -> None:
    machine, python = wrappers
    for said in built.wrappers.functions:
        needed = [p for p in parameters(said.name) if p.default is inspect.Parameter.empty]
        machine.app.run(said.name, *range(len(needed)))
        arguments = list(python.calls[-1][2].items)
        assert arguments[len(needed) :] == [library.MISSING] * (len(said.arguments) - len(needed))


ROWS = [["序时进度"], ["目标完成率"], ["序时进度"]]
CALLS: Sequence[tuple[str, list[Any]]] = (
    ("KH_SCORE", ["序时进度", 5.0, 100.0, 45.0, Missing, 0.5]),
    (
        "KH_SCORE",
        [ROWS, [[5.0], [4.0], [3.0]], [[100.0], [80.0], [50.0]], [[45.0], [None], ["约80"]], Missing, 0.5],
    ),
    ("KH_SCORE", ["序时进度", 5.0, 100.0, -2146826281, Missing, 0.5]),
    ("KH_RATE", ["目标完成率", 5.0, 80.0, 60.0]),
    ("KH_STATE", [ROWS, 5.0, 100.0, [[45.0], [60.0], [None]], Missing, 0.5]),
    ("KH_ELAPSED", ["2007-H1"]),
    ("KH_READ", ["1,746万", "亿元"]),
    ("KH_RANK", [[[90.0], [85.5], [85.5], [60.0]]]),
    ("KH_GRADE", [[[95.0], [80.0], [59.0]], [["优秀", 90.0], ["合格", 60.0], ["不合格", None]]]),
    ("KH_PART_TOTALS", [[["发展"], ["民生"], ["发展"]], [[1.5], [2.0], [0.25]]]),
    ("KH_EXPLAIN", ["总表.xlsx", "滨湖区"]),
    ("KH_VERSION", []),
)
EXCEL_ERRORS = {-2146826281: "#DIV/0!"}


@pytest.fixture(scope="module")
def through_excel() -> list[Any]:
    """What the calls give through xlwings' own ``call_udf``, converters and Windows engine."""
    padded = [
        (name, [*arguments, *[Missing] * (len(parameters(name)) - len(arguments))])
        for name, arguments in CALLS
    ]
    done = subprocess.run(
        (sys.executable, "-m", "tests.addin.excel_side", FUNCTIONS),
        cwd=ROOT,
        input=json.dumps(padded),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    answered: list[Any] = json.loads(done.stdout)
    return answered


def directly(name: str, arguments: list[Any]) -> Any:
    """The function's own answer to the same arguments, as rows of plain values."""
    plain = [
        None if value is Missing else EXCEL_ERRORS.get(value, value) if isinstance(value, int) else value
        for value in arguments
    ]
    blocks = [value if value is None or isinstance(value, list) else [[value]] for value in plain]
    answer = getattr(functions, name)(*blocks)
    if hasattr(answer, "to_numpy"):
        return answer.to_numpy().tolist()
    return answer


def as_cells(answer: Any) -> Any:
    """Blank cells go to Excel as empty texts; a single cell stays one."""
    if isinstance(answer, list | tuple):
        return [as_cells(value) for value in answer]
    return "" if answer is None else answer


@pytest.mark.parametrize("number", range(len(CALLS)), ids=[name for name, _ in CALLS])
def test_the_same_answer_through_xlwings_conversion(through_excel: list[Any], number: int) -> None:
    expected = as_cells(directly(*CALLS[number]))
    found = through_excel[number]
    if not isinstance(expected, list):
        expected = [[expected]]
    assert found == (expected if isinstance(expected[0], list) else [expected])


def test_known_answers_through_xlwings_conversion(through_excel: list[Any]) -> None:
    assert through_excel[0] == [[4.5]]
    assert through_excel[1][1] == [""]
    assert through_excel[7] == [[1], [2], [2], [4]]


def test_help_names_every_argument(built: Built) -> None:
    def undocumented(said: FunctionHelp) -> list[str]:
        return [text for text in said.arguments if text.startswith("Positional argument")]

    assert {said.name: undocumented(said) for said in built.wrappers.functions if undocumented(said)} == {}
