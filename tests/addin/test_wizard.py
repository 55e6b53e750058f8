"""The wizard's help: told once, as soon as a workbook is active; a refusal is kept to be looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.addin.conftest import INTERPRETER, Built
from tests.addin.vba_machine import Machine, library, method, shadowed

REFUSED = 1004
DESCRIBE = "'kaohe.xlam'!KaoheFunctions.DescribeFunctions"


class Options(library.VBAObject):  # type: ignore[misc]
    """Stands for Application: keeps what MacroOptions is told and OnTime asked.

    Like Excel, it refuses to be told anything while no workbook is active; and whatever else it is set to.
    """

    vba_type_name = "Application"

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.told: list[dict[str, Any]] = []
        self.later: list[str] = []
        self.refusals: list[int] = []

    @method
    def OnTime(self, EarliestTime: Any, Procedure: Any) -> None:  # noqa: N802, N803
        """Keep it."""
        self.later.append(Procedure)

    @method
    def MacroOptions(  # noqa: N802
        self,
        Macro: Any,  # noqa: N803
        Description: Any,  # noqa: N803
        Category: Any,  # noqa: N803
        ArgumentDescriptions: Any = library.MISSING,  # noqa: N803
    ) -> None:
        """Keep it, or refuse it."""
        if self.machine.properties.get("activeworkbook") is library.NOTHING:
            raise library.VBARuntimeError(REFUSED, "no workbook")
        if self.refusals:
            raise library.VBARuntimeError(self.refusals.pop(0), "refused")
        texts = list(ArgumentDescriptions.items) if ArgumentDescriptions is not library.MISSING else []
        self.told.append({"macro": Macro, "help": Description, "category": Category, "arguments": texts})


@pytest.fixture
def machine(built: Built) -> Machine:
    """Excel as it starts: the add-in is open, no workbook is active."""
    made = Machine(built.path, built.modules, INTERPRETER)
    made.properties["activeworkbook"] = library.NOTHING
    return made


@pytest.fixture
def options(machine: Machine) -> Options:
    made = Options(machine)
    machine.app.interpreter.host.global_object = shadowed(machine, "application", made)
    return made


def run_later(machine: Machine, options: Options) -> None:
    """What OnTime was asked for, once each."""
    asked, options.later = options.later, []
    for procedure in asked:
        machine.app.run(procedure.rpartition(".")[2])


def test_opening_only_asks_for_later(machine: Machine, options: Options) -> None:
    machine.app.run("ThisWorkbook.Workbook_Open")
    assert options.later == [DESCRIBE]
    assert options.told == []


def test_without_a_workbook_it_waits_for_one(machine: Machine, options: Options, built: Built) -> None:
    machine.app.run("ThisWorkbook.Workbook_Open")
    run_later(machine, options)
    assert options.told == []
    assert first_failure(machine) == 0
    del machine.properties["activeworkbook"]
    machine.app.run("ThisWorkbook.Host_WorkbookActivate", machine.app.application.vba_get("ThisWorkbook"))
    run_later(machine, options)
    assert len(options.told) == len(built.wrappers.functions)
    machine.app.run("ThisWorkbook.Host_WorkbookActivate", machine.app.application.vba_get("ThisWorkbook"))
    assert options.later == []


def test_the_wizard_is_told_every_function(machine: Machine, options: Options, built: Built) -> None:
    del machine.properties["activeworkbook"]
    machine.app.run("DescribeFunctions")
    assert [told["macro"] for told in options.told] == [
        f"'kaohe.xlam'!{said.name}" for said in built.wrappers.functions
    ]
    for told, said in zip(options.told, built.wrappers.functions, strict=True):
        assert (told["help"], told["category"]) == (said.description, said.category)
        assert tuple(told["arguments"]) == said.arguments


def test_the_first_refusal_is_kept_and_the_rest_is_told(
    machine: Machine, options: Options, built: Built
) -> None:
    del machine.properties["activeworkbook"]
    options.refusals = [REFUSED, 5]
    machine.app.run("DescribeFunctions")
    assert first_failure(machine) == REFUSED
    assert len(options.told) == len(built.wrappers.functions) - 2


def first_failure(machine: Machine) -> Any:
    """``?FirstFailure`` in the immediate window."""
    machine.app.add_module("Function Looked()\r\nLooked = FirstFailure\r\nEnd Function\r\n", name="Looking")
    return machine.app.run("Looked")
