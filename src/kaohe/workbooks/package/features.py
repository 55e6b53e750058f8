"""Conditional formats, drop-downs and input messages as XML."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

from kaohe.workbooks.package.cells import units
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.xmlparts import X14, XM, attributes
from kaohe.workbooks.plan import Choice, Highlight

MAX_LIST = 255
MAX_PROMPT_TITLE = 32
MAX_PROMPT = 255
ERROR_TITLE = "不在可选范围内"
ERROR_TEXT = "请从下拉列表中选择。"
RANGE_TEXT = "请填写 {low:.15g} 到 {high:.15g} 之间的数。"
NUMBER_TEXT = "这里要填数字,文字请写在说明栏。"
_NO_BOUND = 1e15
SHORTEST = 10
"""Percent of the cell that the smallest value's bar takes when bars start at the smallest value."""
_GUIDS = uuid.UUID("5b0f6a52-6a33-5b3e-9d5e-6b616f686531")

DxfOf = Callable[[str], int | None]


def conditional_formats(highlights: Sequence[Highlight], dxf_of: DxfOf, key: str) -> str:
    """``<conditionalFormatting>`` elements, the first foremost; ``key`` makes the ids of bars unique."""
    return "".join(
        f'<conditionalFormatting sqref="{area(h.area)}">{rule(h, n, dxf_of, key)}</conditionalFormatting>'
        for n, h in enumerate(highlights, start=1)
    )


def area(text: str) -> str:
    """The range, checked. Raises BadPlan when it is none."""
    found = parse_area(text)
    if found is None:
        raise BadPlan(f"not a range: {text!r}")
    return found.text()


def rule(highlight: Highlight, priority: int, dxf_of: DxfOf, key: str) -> str:
    if highlight.kind == "formula":
        style = attributes(dxfId=dxf_of(highlight.style))
        formula = escape(highlight.rule.removeprefix("="))
        return f'<cfRule type="expression"{style} priority="{priority}"><formula>{formula}</formula></cfRule>'
    if highlight.kind == "data_bar":
        return _bar(highlight, priority, key)
    if highlight.kind == "color_scale":
        return _scale(highlight, priority)
    raise BadPlan(f"not a kind of highlight: {highlight.kind!r}")


def _color(highlight: Highlight, at: int) -> str:
    color = highlight.colors[at]
    if len(color) != 6 or set(color.upper()) - set("0123456789ABCDEF"):
        raise BadPlan(f"not a colour: {color!r}")
    return f"FF{color.upper()}"


def _bar(highlight: Highlight, priority: int, key: str) -> str:
    """A bar from 0 or the smallest value to the largest, or to ``rule`` when that holds a number."""
    low = '<cfvo type="min"/>' if highlight.from_lowest else '<cfvo type="num" val="0"/>'
    top = f'<cfvo type="num" val={quoteattr(highlight.rule)}/>' if highlight.rule else '<cfvo type="max"/>'
    return (
        f'<cfRule type="dataBar" priority="{priority}"><dataBar>{low}{top}'
        f'<color rgb="{_color(highlight, 0)}"/></dataBar>'
        f'<extLst><ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}">'
        f"<x14:id>{bar_id(key, priority)}</x14:id></ext></extLst></cfRule>"
    )


def bar_id(key: str, priority: int) -> str:
    """The id that ties a bar to its 2010 extension: the same for the same sheet and place in the plan."""
    return f"{{{str(uuid.uuid5(_GUIDS, f'{key}/{priority}')).upper()}}}"


def _scale(highlight: Highlight, priority: int) -> str:
    colors = "".join(f'<color rgb="{_color(highlight, i)}"/>' for i in range(len(highlight.colors)))
    if len(highlight.colors) not in (2, 3):
        raise BadPlan(f"a colour scale has two or three colours: {highlight.colors}")
    if highlight.points and len(highlight.points) != len(highlight.colors):
        raise BadPlan(f"a colour scale has a colour for each number: {highlight.points}")
    middle = '<cfvo type="percentile" val="50"/>' if len(highlight.colors) == 3 else ""
    stops = "".join(f'<cfvo type="num" val="{point:.15g}"/>' for point in highlight.points)
    stops = stops or f'<cfvo type="min"/>{middle}<cfvo type="max"/>'
    return (
        f'<cfRule type="colorScale" priority="{priority}"><colorScale>{stops}{colors}</colorScale></cfRule>'
    )


def bar_extension(highlights: Sequence[Highlight], key: str) -> str:
    """``<extLst>`` that makes data bars solid and starts them as planned (Excel 2010 on); '' without bars."""
    bars = "".join(
        bar_2010(h, bar_id(key, n)) for n, h in enumerate(highlights, start=1) if h.kind == "data_bar"
    )
    if not bars:
        return ""
    return (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        f"<x14:conditionalFormattings>{bars}</x14:conditionalFormattings></ext></extLst>"
    )


def bar_2010(highlight: Highlight, guid: str) -> str:
    zero = '<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo>'
    low, shortest = ('<x14:cfvo type="min"/>', SHORTEST) if highlight.from_lowest else (zero, 0)
    top = (
        f'<x14:cfvo type="num"><xm:f>{escape(highlight.rule)}</xm:f></x14:cfvo>'
        if highlight.rule
        else '<x14:cfvo type="autoMax"/>'
    )
    return (
        f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" id="{guid}">'
        f'<x14:dataBar minLength="{shortest}" maxLength="100" border="0" gradient="0">{low}{top}'
        '<x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        f"<xm:sqref>{area(highlight.area)}</xm:sqref></x14:conditionalFormatting>"
    )


def validations(choices: Sequence[Choice]) -> str:
    """``<dataValidations>``; '' without choices."""
    if not choices:
        return ""
    rules = "".join(map(_validation, choices))
    return f'<dataValidations count="{len(choices)}">{rules}</dataValidations>'


def _validation(choice: Choice) -> str:
    if len(choice.prompt_title) > MAX_PROMPT_TITLE or units(choice.prompt) > MAX_PROMPT:
        raise BadPlan(f"input message over {MAX_PROMPT_TITLE} + {MAX_PROMPT} characters: {choice.area}")
    if choice.between is not None:
        return _number_validation(choice, *choice.between)
    shown = attributes(
        showInputMessage="1" if choice.prompt or choice.prompt_title else None,
        showErrorMessage="1" if choice.strict and choice.values else None,
        errorTitle=ERROR_TITLE if choice.strict and choice.values else None,
        error=ERROR_TEXT if choice.strict and choice.values else None,
        promptTitle=choice.prompt_title or None,
        prompt=choice.prompt or None,
        sqref=area(choice.area),
    )
    if not choice.values:
        return f'<dataValidation allowBlank="1"{shown}/>'
    source = escape(_source(choice.values))
    return f'<dataValidation type="list" allowBlank="1"{shown}><formula1>{source}</formula1></dataValidation>'


def _number_validation(choice: Choice, low: float, high: float) -> str:
    """A decimal between two numbers; a warning that may be passed over unless strict."""
    shown = attributes(
        errorStyle=None if choice.strict else "warning",
        showInputMessage="1" if choice.prompt or choice.prompt_title else None,
        showErrorMessage="1",
        errorTitle=ERROR_TITLE,
        error=NUMBER_TEXT if high >= _NO_BOUND else RANGE_TEXT.format(low=low, high=high),
        promptTitle=choice.prompt_title or None,
        prompt=choice.prompt or None,
        sqref=area(choice.area),
    )
    bounds = f"<formula1>{low:.15g}</formula1><formula2>{high:.15g}</formula2>"
    return (
        f'<dataValidation type="decimal" operator="between" allowBlank="1"{shown}>{bounds}</dataValidation>'
    )


def _source(values: tuple[str, ...]) -> str:
    """The list as a formula: a range when its only value begins with ``=``, else the values themselves."""
    if len(values) == 1 and values[0].startswith("="):
        return values[0][1:]
    joined = ",".join(values)
    if any("," in value or value != value.strip() for value in values):
        raise BadPlan(f"a drop-down value with a comma or spaces around it: {values}")
    if units(joined) > MAX_LIST:
        raise BadPlan(f"drop-down over {MAX_LIST} characters; put the values on a sheet: {joined[:40]}")
    return '"' + joined.replace('"', '""') + '"'
