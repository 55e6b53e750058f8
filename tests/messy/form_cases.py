"""What clerks do to a form's layout, and what has to come of it. Each case alters an open form."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from kaohe import terms
from kaohe.sheets.form_layout import HEADER_ROW, TITLES
from tests.messy.forms import CLEAN, CODE, IDENTITY, NAME, VALUE, Expected, Form

Case = Callable[[Form], Expected]
UNIT_OF_MEASURE, PROGRESS, SCORE = TITLES["unit_of_measure"], TITLES["evidence"], TITLES["score"]


def title_rows_above(form: Form) -> Expected:
    form.unmerge()
    form.sheet.insert_rows(1, 3)
    form.sheet["A1"] = "江阴市统计局文件"
    return CLEAN


def forty_rows_above(form: Form) -> Expected:
    form.unmerge()
    form.sheet.insert_rows(1, 40)
    return CLEAN


def a_column_at_the_left(form: Form) -> Expected:
    form.unmerge()
    form.sheet.insert_cols(1)
    return CLEAN


def a_column_before_the_value(form: Form) -> Expected:
    form.unmerge()
    form.sheet.insert_cols(form.columns[VALUE])
    form.sheet.cell(HEADER_ROW, form.columns[VALUE]).value = "数据来源"
    return CLEAN


def ordinals_deleted(form: Form) -> Expected:
    form.unmerge()
    form.sheet.delete_cols(1)
    return CLEAN


def definition_and_prior_deleted(form: Form) -> Expected:
    form.unmerge()
    for title in (TITLES["prior"], TITLES["definition"]):
        form.sheet.delete_cols(form.columns[title])
    return CLEAN


def value_moved_to_the_right(form: Form) -> Expected:
    form.unmerge()
    last = form.sheet.max_column + 1
    for row in range(HEADER_ROW, form.body[1] + 1):
        form.sheet.cell(row, last).value = form.get(VALUE, row)
        form.put(VALUE, row, None)
    return CLEAN


def sorted_by_value(form: Form) -> Expected:
    form.unmerge()
    at = form.columns[VALUE] - 1
    lines = form.lines()
    lines.sort(key=lambda line: line[at] if isinstance(line[at], float | int) else -1.0, reverse=True)
    form.put_lines(lines)
    return CLEAN


def upside_down(form: Form) -> Expected:
    form.unmerge()
    form.put_lines(form.lines()[::-1])
    return CLEAN


def blank_rows_between(form: Form) -> Expected:
    form.unmerge()
    for row in range(form.body[1], form.body[0], -1):
        form.sheet.insert_rows(row, 2)
    return CLEAN


def subtotals_inserted(form: Form) -> Expected:
    form.unmerge()
    for word in ("小计", "经济发展小计", "合计"):
        row = form.row(1)
        form.sheet.insert_rows(row)
        form.put(NAME, row, word)
        form.put(VALUE, row, 123.0)
    return CLEAN


def hidden_rows_and_columns(form: Form) -> Expected:
    for code in form.codes:
        form.sheet.row_dimensions[form.rows[code]].hidden = True
    form.sheet.column_dimensions["K"].hidden = True
    return CLEAN


def filtered(form: Form) -> Expected:
    form.sheet.auto_filter.ref = f"A{HEADER_ROW}:T{form.body[1]}"
    form.sheet.auto_filter.add_filter_column(1, [form.codes[0]])
    form.sheet.row_dimensions[form.row(1)].hidden = True
    return CLEAN


def heading_repeated(form: Form) -> Expected:
    form.unmerge()
    heading = [cell.value for cell in form.sheet[HEADER_ROW]]
    row = form.row(2)
    form.sheet.insert_rows(row, 2)
    form.put_lines([heading], row + 1)
    return CLEAN


def second_table_with_other_columns(form: Form) -> Expected:
    """From the third indicator on the table goes on below, its columns in another order."""
    form.unmerge()
    first, last = form.row(2), form.body[1]
    heading = [cell.value for cell in form.sheet[HEADER_ROW]]
    moved = [[cell.value for cell in form.sheet[row]] for row in range(first, last + 1)]
    form.sheet.delete_rows(first, last - first + 1)
    form.put_lines([line[::-1] for line in [heading, *moved]], form.sheet.max_row + 3)
    return CLEAN


def headed(title: str, text: str) -> Case:
    """The column of ``title`` is headed otherwise."""

    def case(form: Form) -> Expected:
        form.put(title, HEADER_ROW, text)
        return CLEAN

    case.__name__ = f"headed_{text!r}"
    return case


def heading_on_two_lines(form: Form) -> Expected:
    """An older template: 完成情况 above, 完成值 below it in a row of its own."""
    form.unmerge()
    form.sheet.insert_rows(HEADER_ROW + 1)
    for title in (VALUE, TITLES["status"]):
        form.put(title, HEADER_ROW + 1, title)
        form.put(title, HEADER_ROW, None)
    form.put(VALUE, HEADER_ROW, "本期情况")
    return CLEAN


def progress_holds_the_numbers(form: Form) -> Expected:
    """An older template: the numbers stand under 完成情况, and there is no 完成值."""
    form.unmerge()
    for row in range(form.body[0], form.body[1] + 1):
        form.put(PROGRESS, row, form.get(VALUE, row))
    form.sheet.delete_cols(form.columns[VALUE])
    return CLEAN


def codes_deleted(form: Form) -> Expected:
    """By name, and every one of them is told."""
    form.unmerge()
    form.sheet.delete_cols(form.columns[CODE])
    rows = [row for code, row in form.rows.items()]
    cell = form.columns[VALUE] - 1
    letter = chr(64 + cell)
    return Expected(tuple(("V43", f"{letter}{row}") for row in rows))


def one_code_cleared(form: Form) -> Expected:
    form.put(CODE, form.row(1), None)
    return Expected((("V43", form.at(VALUE, form.row(1))),))


def one_code_mistyped(form: Form) -> Expected:
    form.put(CODE, form.row(1), "ZZ9")
    return Expected((("V43", form.at(VALUE, form.row(1))),))


def code_and_name_cleared(form: Form) -> Expected:
    row = form.row(1)
    form.put(CODE, row, None)
    form.put(NAME, row, None)
    return Expected((("V42", form.at(VALUE, row)),), frozenset({form.codes[1]}))


def code_cleared_and_name_changed(form: Form) -> Expected:
    row = form.row(1)
    form.put(CODE, row, None)
    form.put(NAME, row, "另一个指标")
    return Expected((("V42", form.at(VALUE, row)),), frozenset({form.codes[1]}))


def code_cleared_and_name_twice(form: Form) -> Expected:
    """Two rows without a code that bear the same name: nobody can say which is which."""
    first, second = form.row(0), form.row(1)
    for row in (first, second):
        form.put(CODE, row, None)
    form.put(NAME, second, form.get(NAME, first))
    found = tuple(("V42", form.at(VALUE, row)) for row in (first, second))
    return Expected(found, frozenset(form.codes[:2]))


def a_row_of_the_clerks_own(form: Form) -> Expected:
    row = form.body[1] + 1
    form.sheet.insert_rows(row)
    form.put(CODE, row, "Z99")
    form.put(NAME, row, "自选特色工作")
    form.put(VALUE, row, 5.0)
    return Expected((("V15", form.at(VALUE, row)),))


def codes_full_width(form: Form) -> Expected:
    for row in form.rows.values():
        form.put(CODE, row, "".join(chr(ord(sign) + 0xFEE0) for sign in str(form.get(CODE, row))))
    return CLEAN


def codes_lower_case(form: Form) -> Expected:
    for row in form.rows.values():
        form.put(CODE, row, str(form.get(CODE, row)).lower())
    return CLEAN


def codes_with_spaces(form: Form) -> Expected:
    for row in form.rows.values():
        code = str(form.get(CODE, row))
        form.put(CODE, row, f" {code[0]} {code[1:]}\u3000")
    return CLEAN


def names_sorted_alone(form: Form) -> Expected:
    """Two names changed places and nothing else: whose are the numbers?"""
    first, second = form.row(0), form.row(1)
    names = form.get(NAME, first), form.get(NAME, second)
    form.put(NAME, first, names[1])
    form.put(NAME, second, names[0])
    return Expected(tuple(("V44", form.at(VALUE, row)) for row in (first, second)))


def names_reworded(form: Form) -> Expected:
    """A name that is no other indicator's contradicts nothing."""
    form.put(NAME, form.row(0), f"{form.get(NAME, form.row(0))}(本地区)")
    form.put(NAME, form.row(1), "同上")
    return CLEAN


def _repeat(form: Form, value: object) -> int:
    row = form.body[1] + 1
    form.sheet.insert_rows(row)
    for title in (CODE, NAME):
        form.put(title, row, form.get(title, form.row(1)))
    form.put(VALUE, row, value)
    return row


def row_repeated(form: Form) -> Expected:
    _repeat(form, form.get(VALUE, form.row(1)))
    return CLEAN


def row_repeated_blank(form: Form) -> Expected:
    _repeat(form, None)
    return CLEAN


def row_repeated_with_another_value(form: Form) -> Expected:
    row = _repeat(form, 7777.0)
    return Expected((("V17", form.at(VALUE, row)),), changed={form.codes[1]: "7777"})


def _split(form: Form) -> int:
    """The row below the second indicator, with its value."""
    form.unmerge()
    row = form.row(1)
    form.sheet.insert_rows(row + 1)
    form.put(VALUE, row + 1, form.get(VALUE, row))
    form.put(VALUE, row, None)
    return row


def split_over_merged_cells(form: Form) -> Expected:
    row = _split(form)
    for title in (CODE, NAME):
        form.sheet.merge_cells(f"{form.at(title, row)}:{form.at(title, row + 1)}")
    return CLEAN


def split_without_merging(form: Form) -> Expected:
    row = _split(form)
    return Expected((("V42", form.at(VALUE, row + 1)),), frozenset({form.codes[1]}))


def value_merged_over_two_rows(form: Form) -> Expected:
    """The lower of two indicators under one merged value has none of its own."""
    pairs = zip(form.codes, form.codes[1:], strict=False)
    first = next(a for a, b in pairs if form.rows[b] == form.rows[a] + 1)
    row = form.rows[first]
    form.sheet.merge_cells(f"{form.at(VALUE, row)}:{form.at(VALUE, row + 1)}")
    below = next(code for code, at in form.rows.items() if at == row + 1)
    return Expected(lost=frozenset({below}))


def unit_of_measure_changed(form: Form) -> Expected:
    form.put(UNIT_OF_MEASURE, form.row(1), "万斤")
    return Expected((("V45", form.at(VALUE, form.row(1))),))


def _second_value_column(form: Form, title: str) -> int:
    at = int(form.sheet.max_column) + 1
    form.sheet.cell(HEADER_ROW, at).value = title
    form.columns[title] = at
    return at


def a_second_value_column(form: Form) -> Expected:
    _second_value_column(form, "实际完成值")
    for code in form.codes:
        form.put("实际完成值", form.rows[code], form.get(VALUE, form.rows[code]))
    return CLEAN


def a_second_value_column_instead(form: Form) -> Expected:
    _second_value_column(form, "完成值(核对)")
    for code in form.codes:
        form.put("完成值(核对)", form.rows[code], form.get(VALUE, form.rows[code]))
        form.put(VALUE, form.rows[code], None)
    return CLEAN


def a_second_value_column_that_contradicts(form: Form) -> Expected:
    _second_value_column(form, "实际完成值")
    form.put("实际完成值", form.row(1), 4321.0)
    return Expected((("V17", form.at(VALUE, form.row(1))),))


def the_value_is_a_formula_never_computed(form: Form) -> Expected:
    form.put(VALUE, form.row(1), "=1+1")
    return Expected(changed={form.codes[1]: "(公式没有结果)"})


def last_years_value_is_no_value(form: Form) -> Expected:
    """上年完成值 beside 完成值 is another thing."""
    _second_value_column(form, "上年完成值")
    form.put("上年完成值", form.row(1), 1.0)
    return CLEAN


def _of_another_time(title: str) -> Case:
    def case(form: Form) -> Expected:
        _second_value_column(form, title)
        for code in form.codes:
            form.put(title, form.rows[code], 1.0)
        form.put(VALUE, form.row(1), None)
        return Expected(lost=frozenset({form.codes[1]}))

    case.__name__ = f"beside_{title}"
    return case


def two_times_and_no_other(form: Form) -> Expected:
    """The later year's, although it stands to the left."""
    form.columns["2007"] = form.columns.pop(VALUE)
    form.put("2007", HEADER_ROW, "2007年1-6月完成值")
    _second_value_column(form, "2006年1-6月完成值")
    for code in form.codes:
        form.put("2006年1-6月完成值", form.rows[code], 1.0)
    form.put("2007", form.row(1), None)
    return Expected(lost=frozenset({form.codes[1]}))


def name_column_deleted(form: Form) -> Expected:
    """The unit's name on the form's face goes with it; behind its label then stands the next label."""
    form.unmerge()
    form.sheet.delete_cols(form.columns[NAME])
    return CLEAN


def state_says_not_to_be_filled_in(form: Form) -> Expected:
    """Sorted in part, or pasted over: what the master asks for is read."""
    form.put(TITLES["state"], form.row(1), terms.NOT_ENTERED)
    return CLEAN


def a_word_of_signatures_as_an_answer(form: Form) -> Expected:
    """原因: 说明 in a row that lost its code and has an unknown name: the value is named."""
    row = form.row(1)
    form.put(CODE, row, None)
    form.put(NAME, row, "不知何物")
    form.put(TITLES["reason"], row, "说明")
    return Expected((("V42", form.at(VALUE, row)),), frozenset({form.codes[1]}))


def signatures_in_the_value_column(form: Form) -> Expected:
    row = form.sheet.max_row + 1
    form.sheet.cell(row, 1).value = "单位负责人:"
    form.put(NAME, row, "张三")
    form.put(VALUE, row, "李四")
    return CLEAN


def sheet_renamed(form: Form) -> Expected:
    form.sheet.title = "Sheet1"
    return CLEAN


def sheets_before(form: Form) -> Expected:
    for title in ("封面", "底稿"):
        form.book.create_sheet(title, 0)["A1"] = "说明"
    notes = form.book["底稿"]
    for row in (("指标名称", "完成数"), ("产值", 1.0)):
        notes.append(row)
    return CLEAN


def a_chart_sheet_first(form: Form) -> Expected:
    sheet = form.book.create_chartsheet("图表", 0)
    sheet.add_chart(BarChart())
    return CLEAN


def form_very_hidden(form: Form) -> Expected:
    form.book.create_sheet("封面", 0)
    form.book.active = 0
    form.sheet.sheet_state = "veryHidden"
    return CLEAN


def identity_in_sight_and_renamed(form: Form) -> Expected:
    form.book[IDENTITY].sheet_state = "visible"
    form.book[IDENTITY].title = "Sheet3"
    return CLEAN


def identity_deleted(form: Form) -> Expected:
    """As when the sheet was copied into a new workbook; the number stands on its face."""
    for title in form.book.sheetnames:
        if title != form.sheet.title:
            del form.book[title]
    return Expected((("W18", ""),))


def _face(form: Form, label: str) -> str:
    """The address of what stands behind a label above the table."""
    for row in form.sheet.iter_rows(max_row=HEADER_ROW - 1):
        for at, cell in enumerate(row):
            if cell.value == f"{label}:":
                return str(next(c.coordinate for c in row[at + 1 :] if c.value is not None))
    raise AssertionError(label)


def identity_and_number_deleted(form: Form) -> Expected:
    form.sheet[_face(form, "下发编号")] = None
    del form.book[IDENTITY]
    return Expected((("W17", ""),), problem="W17")


def identity_deleted_number_unknown(form: Form) -> Expected:
    form.sheet[_face(form, "下发编号")] = "2007-H1-U99-0000000000"
    del form.book[IDENTITY]
    return Expected((("W17", ""),), problem="W17")


def identity_deleted_other_unit_on_its_face(form: Form) -> Expected:
    form.sheet[_face(form, "填报单位")] = "别的单位"
    del form.book[IDENTITY]
    return Expected((("W04", ""),), frozenset(form.codes))


def table_alone_in_a_new_workbook(form: Form) -> Expected:
    """Only the table was pasted: it is ours by its columns, and nothing says whose."""
    form.unmerge()
    del form.book[IDENTITY]
    form.sheet.delete_rows(1, HEADER_ROW - 1)
    return Expected((("W17", ""),), problem="W17")


def form_deleted(form: Form) -> Expected:
    form.book.create_sheet("空表")
    del form.book[form.sheet.title]
    return Expected((("W19", ""),), problem="W19")


def value_column_deleted(form: Form) -> Expected:
    form.unmerge()
    form.sheet.delete_cols(form.columns[VALUE])
    return Expected((("W19", ""),), problem="W19")


def _copied(form: Form) -> Worksheet:
    twin = form.book.copy_worksheet(form.sheet)
    twin.title = "自测表 (2)"
    return twin


def copied_sheet(form: Form) -> Expected:
    _copied(form)
    return CLEAN


def copied_sheet_still_blank(form: Form) -> Expected:
    """The clerk filled in the copy and left the sheet that was issued blank, or the other way round."""
    _copied(form)
    for code in form.codes:
        form.put(VALUE, form.rows[code], None)
    return CLEAN


def copied_sheet_with_another_value(form: Form) -> Expected:
    _copied(form)[form.at(VALUE, form.row(1))] = 4321.0
    return Expected((("W20", ""),), problem="W20")


def hidden_copy_with_another_value(form: Form) -> Expected:
    twin = _copied(form)
    twin[form.at(VALUE, form.row(1))] = 4321.0
    twin.sheet_state = "hidden"
    return CLEAN


def two_units_forms_in_one_file(form: Form) -> Expected:
    twin = _copied(form)
    for number, code in enumerate(form.codes):
        twin[form.at(VALUE, form.rows[code])] = 1000.0 + number
    return Expected((("W20", ""),), problem="W20")


def percent_format_travels(form: Form) -> Expected:
    """A share under a percent format stays one in a form whose columns moved."""
    row = form.row(1)
    form.unmerge()
    cell = form.sheet.cell(row, form.columns[VALUE])
    cell.value, cell.number_format = 0.5, "0.00%"
    form.sheet.insert_cols(1, 2)
    moved = form.sheet.cell(row, form.columns[VALUE] + 2)
    moved.number_format = (
        copy(cell.number_format) if moved.number_format == "General" else moved.number_format
    )
    return Expected(changed={form.codes[1]: "50%"})


def an_error_value(form: Form) -> Expected:
    cell = form.sheet.cell(form.row(1), form.columns[VALUE])
    cell.value, cell.data_type = "#REF!", "e"
    return Expected(changed={form.codes[1]: "#REF!"})


CASES: tuple[Case, ...] = (
    *(title_rows_above, forty_rows_above, a_column_at_the_left, a_column_before_the_value),
    *(ordinals_deleted, definition_and_prior_deleted, value_moved_to_the_right),
    *(sorted_by_value, upside_down, blank_rows_between, subtotals_inserted),
    *(hidden_rows_and_columns, filtered, heading_repeated, second_table_with_other_columns),
    *(
        headed(VALUE, text)
        for text in (
            "完成\n值",
            "完 成 值",
            "完成值(万元)",
            "完成值（亿元）",
            "完成值*",
            "①完成值",
            "1.完成值",
        )
    ),
    *(
        headed(VALUE, text)
        for text in ("实际完成值", "完成数", "1-6月完成值", "上半年累计完成数", "截至6月底完成值")
    ),
    *(headed(CODE, "代码"), headed(CODE, "指标\n编码"), headed(NAME, "考核指标")),
    *(heading_on_two_lines, progress_holds_the_numbers),
    *(codes_deleted, one_code_cleared, one_code_mistyped, code_and_name_cleared),
    *(code_cleared_and_name_changed, code_cleared_and_name_twice, a_row_of_the_clerks_own),
    *(codes_full_width, codes_lower_case, codes_with_spaces, names_sorted_alone, names_reworded),
    *(row_repeated, row_repeated_blank, row_repeated_with_another_value),
    *(split_over_merged_cells, split_without_merging, value_merged_over_two_rows),
    *(unit_of_measure_changed, a_second_value_column, a_second_value_column_instead),
    *(a_second_value_column_that_contradicts, the_value_is_a_formula_never_computed),
    *map(_of_another_time, ("2006年完成值", "一季度完成值", "全年完成值")),
    *map(_of_another_time, ("完成值(2006年)", "去年1-6月完成值")),
    *(two_times_and_no_other, name_column_deleted, state_says_not_to_be_filled_in),
    a_word_of_signatures_as_an_answer,
    *(last_years_value_is_no_value, signatures_in_the_value_column, percent_format_travels, an_error_value),
    *(sheet_renamed, sheets_before, a_chart_sheet_first, form_very_hidden),
    *(identity_in_sight_and_renamed, identity_deleted, identity_and_number_deleted),
    *(identity_deleted_number_unknown, identity_deleted_other_unit_on_its_face),
    *(table_alone_in_a_new_workbook, form_deleted, value_column_deleted),
    *(copied_sheet, copied_sheet_still_blank, copied_sheet_with_another_value),
    *(hidden_copy_with_another_value, two_units_forms_in_one_file),
)
