"""The ribbon: made from the table, obeys its schema, and each button leads to a Python function, by name."""

from __future__ import annotations

import ast
import importlib.util
import re
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from kaohe.faces import buttons
from kaohe.faces.buttons import BUTTONS, GROUPS, NAMESPACE, PYTHON_MODULE, Button
from tests.addin.conftest import Built
from tests.addin.readers import olevba_modules, part

# What the 2009/07 customUI schema says of the elements we use: parent, attributes that must and may be there.
SCHEMA = {
    "customUI": (None, set(), set()),
    "ribbon": ("customUI", set(), {"startFromScratch"}),
    "tabs": ("ribbon", set(), set()),
    "tab": ("tabs", {"id", "label"}, {"keytip", "insertAfterMso"}),
    "group": ("tab", {"id", "label"}, {"keytip"}),
    "button": (
        "group",
        {"id", "label", "onAction", "imageMso", "size", "screentip", "supertip"},
        {"keytip", "enabled", "visible"},
    ),
}
NC_NAME = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
LONGEST = 1024
REMADE = "改了按钮表以后请运行:python -m kaohe.faces.buttons addin"


def source(name: str) -> str:
    """A source file of the add-in."""
    return files("kaohe.addin").joinpath(name).read_text(encoding="utf-8")


def elements(xml: bytes) -> list[etree._Element]:
    return [node for node in etree.fromstring(xml).iter() if isinstance(node.tag, str)]


def complaints(xml: bytes) -> list[str]:
    """What the schema has against it."""
    found, seen = [], set()
    for node in elements(xml):
        name = etree.QName(node)
        parent, must, may = SCHEMA.get(name.localname, ("?", set(), set()))
        above = node.getparent()
        if name.namespace != NAMESPACE or parent != (None if above is None else etree.QName(above).localname):
            found.append(f"{node.tag} stands in the wrong place")
        given = {str(key) for key in node.attrib}
        found += [f"{name.localname}: {key} is missing" for key in must - given]
        found += [f"{name.localname}: {key} is unknown" for key in given - must - may]
        found += [f"{key} is too long" for key, value in node.attrib.items() if len(value) > LONGEST]
        own_id = node.get("id")
        if own_id is not None and (own_id in seen or not NC_NAME.fullmatch(own_id)):
            found.append(f"id {own_id} is used twice or no name")
        seen.add(own_id)
        if node.get("size") not in (None, "large", "normal"):
            found.append(f"size {node.get('size')}")
    return found


def test_the_files_are_made_from_the_table() -> None:
    assert source(buttons.RIBBON_FILE) == buttons.ribbon_xml(), REMADE
    assert source(buttons.CALLBACK_FILE) == buttons.callbacks(), REMADE


def test_the_files_can_be_written_anew(tmp_path: Path) -> None:
    buttons.write_sources(tmp_path)
    assert (tmp_path / buttons.RIBBON_FILE).read_bytes().decode("utf-8") == source(buttons.RIBBON_FILE)
    assert b"\r" not in (tmp_path / buttons.CALLBACK_FILE).read_bytes()


def test_the_ribbon_obeys_its_schema(built: Built) -> None:
    assert complaints(part(built.path, "customUI/customUI14.xml")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<tabs>", "<tabs><group id='g' label='l'/>"),
        ('size="large"', 'size="big"'),
        ('id="checkForm"', 'id="1"'),
        ('id="checkForm"', 'id="nextProblem"'),
        ('screentip="', 'tip="'),
        ("2009/07", "2006/01"),
        ('label="汇总"', f'label="{"汇" * 1025}"'),
    ],
)
def test_the_eye_sees(old: str, new: str) -> None:
    text = buttons.ribbon_xml()
    assert old in text
    assert complaints(text.replace(old, new, 1).encode()) != []


def test_every_button_of_every_group_is_there() -> None:
    labels = {group: [one.label for one in BUTTONS if one.group == group] for group in GROUPS}
    assert labels == {
        "unit": ["校验本表", "下一处问题", "识别填写值", "另存上报件"],
        "office": ["新建总表", "生成自测表", "汇总", "问题清单", "得分说明", "方案检查", "帮助"],
        "year": ["审定", "出文书", "复核", "试算", "比对", "归档", "结转", "恢复备份"],
    }
    for one in BUTTONS:
        assert one.screentip != one.label
        assert one.supertip.endswith("。")


def actions(built: Built) -> dict[str, str]:
    """Control id → onAction, from the built file."""
    found = elements(part(built.path, "customUI/customUI14.xml"))
    return {node.get("id", ""): node.get("onAction", "") for node in found if node.get("onAction")}


def subs(text: str) -> dict[str, str]:
    """Sub with a ribbon callback's signature → its text, from a module as a reader sees it."""
    pattern = r"^Public Sub (\w+)\(control As IRibbonControl\)\r\n(.*?)^End Sub"
    return dict(re.findall(pattern, text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: str(button.id))
def test_the_chain_from_the_button_to_python(built: Built, button: Button) -> None:
    module, _, callback = actions(built)[button.id].partition(".")
    text = subs(olevba_modules(built.path)[module])[callback]
    (command,) = re.findall(r'RunPython "(.*)"', text)
    imported, called = command.split("; ")
    assert imported == f"import {PYTHON_MODULE} as r"
    assert called == f"r.{button.python}()"
    ast.parse(command)


def test_no_callback_without_a_button(built: Built) -> None:
    used = {action.partition(".")[2] for action in actions(built).values()}
    assert set(subs(olevba_modules(built.path)["KaoheRibbon"])) == used


def called_functions() -> set[str]:
    """The functions the callbacks name, read as Python."""
    found = set()
    for command in re.findall(r'RunPython "(.*)"', buttons.callbacks()):
        calls = [node for node in ast.walk(ast.parse(command)) if isinstance(node, ast.Call)]
        found |= {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    return found


def ribbon_functions() -> set[str]:
    """Functions of kaohe.faces.ribbon that can be called without arguments; before it exists, the table's."""
    spec = importlib.util.find_spec(PYTHON_MODULE)
    if spec is None or spec.origin is None:
        return {button.python for button in BUTTONS}
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _callable_bare(node)}


def _callable_bare(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return len(arguments.args) + len(arguments.posonlyargs) == len(arguments.defaults) and all(
        default is not None for default in arguments.kw_defaults
    )


def test_the_python_functions_exist() -> None:
    assert called_functions() == {button.python for button in BUTTONS}
    assert called_functions() <= ribbon_functions()
