"""Typed text → a number in the indicator's unit of measure, or the reason why not."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from kaohe.values.float_noise import NOISE_DIGITS, without_noise
from kaohe.values.quantity import Declared, Quantity, declared_unit, parse_quantity, restate
from kaohe.values.typed_fold import CIRCLED, fold, has_odd_digits, mend_point
from kaohe.values.typed_result import Typed, refuse
from kaohe.values.typed_tokens import FALLING, INFIXES, PREFIXES, SUFFIXES, Token
from kaohe.values.words import HINT, PLACEHOLDER, REASONS, kind_of_word

_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.([0-9]{1,12}))?")
_LONGEST = 80
_DATE = re.compile(
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[012]?\d|3[01])|(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])"
    r"|(?:\d{2}|\d{4}|[二一][九〇零○Oo一二三四五六七八]{3})年(?:(?:[01]?\d|[一二三四五六七八九十]{1,2})月)?"
    r"(?:(?:[0-3]?\d|[一二三四五六七八九十]{1,3})[日号])?[底末初前]?"
    r"|(?:[01]?\d|[一二三四五六七八九十]{1,2})月(?:(?:[0-3]?\d|[一二三四五六七八九十]{1,3})[日号]|[底末初份])"
    r"|\d{1,2}:\d{2}(?::\d{2})?|(?:19|20)\d\d[01]\d[0-3]\d"
)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?: 00:00:00)?", re.ASCII)
"""A date cell as 填报数据 keeps it."""
_DIGIT_GROUPS = re.compile(r"[0-9][0-9,.]*")
_RANGE = re.compile(
    r"(?<=[0-9%‰一二三四五六七八九十百千万亿个家项元人])\s*(?:--|[-~—–‒―─至到])\s*(?=[0-9一二三四五六七八九十两])"
)
_AFFIXES_AT_MOST = 4
_LARGE = ("百", "千", "万", "亿")
_ROUGH = re.compile(r"[上成](?=[百千万亿])|(?=[百千万亿][余多])")
"""上百, 百余: at least a power of ten, without its 一."""
_AT_LEAST = Token("≥", approximate=True)


def read_text(source: str, unit_of_measure: str) -> Typed:
    """One cell's text as a person would read it; never raises, never makes a blank or a word into 0."""
    plain = _PLAIN.fullmatch(source)
    if plain:
        return Typed(float(source) + 0.0, source=source, decimals=len(plain[1] or ""))
    if len(source) > _LONGEST * 20:
        return refuse(source, "unreadable", "文字过长")
    text = fold(source)
    if not text:
        return refuse(source, "blank", REASONS["blank"])
    if HINT.search(text) or PLACEHOLDER.fullmatch(text) or _is_unit(text, unit_of_measure):
        return refuse(source, "hint", REASONS["hint"])
    return _read_word(source, text) or _read_figure(source, text, _declared(unit_of_measure))


@lru_cache(maxsize=1024)
def _declared(unit_of_measure: str) -> Declared:
    return declared_unit(fold(unit_of_measure))


def _is_unit(text: str, unit_of_measure: str) -> bool:
    """Whether only the unit of measure stands there: 万元, (万元), as a template may print it."""
    return bool(unit_of_measure) and text.removeprefix("(").removesuffix(")") == fold(unit_of_measure)


def _read_word(source: str, text: str) -> Typed | None:
    """A whole text that is one of the known words, or a date; None when it may be a figure."""
    kind = kind_of_word(text) or kind_of_word(source.strip())
    if kind == "zero":
        return Typed(0.0, source=source, note="按 0 理解")
    if kind:
        return refuse(source, kind, REASONS[kind])
    if (day := _iso_date(source)) is not None:
        return refuse(source, "date", date_reason(day))
    if _DATE.fullmatch(text):
        return refuse(source, "date", REASONS["date"])
    return None


def _iso_date(source: str) -> dt.date | None:
    found = _ISO.fullmatch(source.strip())
    try:
        return dt.date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def date_reason(day: dt.date) -> str:
    """Excel turns 3-5 and 1/3 into dates; say so when it may have happened."""
    return f"是日期({day:%Y-%m-%d});若本来要填 {day.month}/{day.day} 这样的数,请改填小数"


def _read_figure(source: str, text: str, declared: Declared) -> Typed:
    """A text that should hold one figure."""
    if len(text) > _LONGEST:
        return _no_figure(source, text, "是一段文字,不是数")
    if has_odd_digits(source):
        return _no_figure(source, text, CIRCLED)
    mended = mend_point(text)
    result = _read_range(source, mended, declared) or _read_single(source, mended, declared)
    if mended != text and result.kind == "number":
        return result._replace(note=_joined(result.note, "小数点已按“.”理解"))
    return result


def _read_single(source: str, text: str, declared: Declared) -> Typed:
    """One figure with the small words around it."""
    if text.startswith(FALLING) and _DIGIT_GROUPS.search(text):
        return refuse(source, "unreadable", "是下降幅度,正负不明,请填写带正负号的数")
    core, tokens = _strip_affixes(text)
    rough = _ROUGH.match(core)
    if rough:
        core, tokens = core[rough.end() :], (*tokens, _AT_LEAST)
    if core[:1] in _LARGE and any(token.approximate for token in tokens):
        core = f"一{core}"
    quantity = parse_quantity(core)
    if quantity.problem:
        return _no_figure(source, text, quantity.problem)
    if quantity.infix:
        tokens = (*tokens, INFIXES[quantity.infix])
    restated = restate(quantity, declared)
    if restated.problem:
        return _unit_problem(source, text, quantity, restated.problem)
    number = _as_float(restated.value)
    if number is None:
        return refuse(source, "unreadable", "数过大,像编号或证件号")
    clean = without_noise(number) if quantity.decimals >= NOISE_DIGITS else number
    changed = restated.changed or " " in core or clean != number
    note = f"按 {clean:.15g}{declared.spelling} 理解" if changed else ""
    return _with_tokens(Typed(clean, unit=quantity.spelling, source=source, note=note), tokens, quantity)


def _unit_problem(source: str, text: str, quantity: Quantity, problem: str) -> Typed:
    """A figure whose unit does not fit; a word that merely begins like a numeral stays a word."""
    if not _DIGIT_GROUPS.search(text) and "不认识" in problem:
        return refuse(source, "word", REASONS["word"])
    if "不认识" in problem:
        return refuse(source, "unreadable", _explain(text, _DIGIT_GROUPS.findall(text), problem))
    return refuse(source, "unreadable", problem, unit=quantity.spelling)


def _with_tokens(found: Typed, tokens: tuple[Token, ...], quantity: Quantity) -> Typed:
    """The number with what the words around it say."""
    relations = [token.relation for token in tokens if token.relation]
    return found._replace(
        relation=next((one for one in relations if one != "≈"), relations[0] if relations else ""),
        approximate=any(token.approximate for token in tokens),
        status=next((token.status for token in tokens if token.status), ""),
        decimals=quantity.decimals,
    )


def _as_float(value: object) -> float | None:
    """The float, None when it is out of range or has more whole digits than a spreadsheet keeps."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        return None
    return number + 0.0 if abs(number) < 1e15 else None


def _strip_affixes(text: str) -> tuple[str, tuple[Token, ...]]:
    """The text without the small words in front and behind, and what they say."""
    tokens: list[Token] = []
    for _ in range(_AFFIXES_AT_MOST):
        front = _PREFIX.match(text)
        if not front:
            break
        tokens.append(PREFIXES[front.group()])
        text = text[front.end() :]
    for _ in range(_AFFIXES_AT_MOST):
        back = _SUFFIX.search(text)
        if not back or not back.start():
            break
        tokens.append(SUFFIXES[back.group()])
        text = text[: back.start()]
    return text, tuple(tokens)


def _alternatives(words: dict[str, Token]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PREFIX = re.compile(_alternatives(PREFIXES))
_SUFFIX = re.compile(f"(?:{_alternatives(SUFFIXES)})$")


def _read_range(source: str, text: str, declared: Declared) -> Typed | None:
    """3-5, 3万-5万, 80~90%: a refusal that keeps both ends; None when the text is no range."""
    parts = _RANGE.split(text)
    if len(parts) != 2:
        return None
    low_core, high_core = _strip_affixes(parts[0])[0], _strip_affixes(parts[1])[0]
    low, high = parse_quantity(low_core), parse_quantity(high_core)
    if low.problem or high.problem:
        return None
    if not low.unit and not low.scaled:
        low = parse_quantity(low_core + high.spelling)
    ends = [restate(end, declared) for end in (low, high)]
    if any(end.problem for end in ends):
        return refuse(source, "unreadable", ends[0].problem or ends[1].problem, unit=high.spelling)
    numbers = [_as_float(end.value) for end in ends]
    if None in numbers:
        return None
    bounds = sorted(number for number in numbers if number is not None)
    found = refuse(source, "range", REASONS["range"], unit=high.spelling)
    return found._replace(bounds=(bounds[0], bounds[1]))


def _no_figure(source: str, text: str, problem: str) -> Typed:
    """Why there is no figure in the text: words are words, several figures are several."""
    groups = _DIGIT_GROUPS.findall(text)
    if not groups and problem != CIRCLED:
        return refuse(source, "word", REASONS["word"])
    return refuse(source, "unreadable", _explain(text, groups, problem))


def _explain(text: str, groups: list[str], problem: str) -> str:
    """The most helpful reason."""
    if re.fullmatch(r"\([^()]*\)", text):
        return "括号里的数不明确,负数请写成 -5 的样子"
    if re.fullmatch(r"[0-9.]+:[0-9.]+", text):
        return "是比例,请换算成一个数"
    if re.fullmatch(r"[+-]?[0-9.,]+%?", text) and text.count(".") > 1:
        return "小数点不止一个"
    if re.search(r"[0-9][OoIl][0-9]", text):
        return "数字里混有字母"
    if len(groups) > 1 and (problem == "不是数" or "不认识" in problem):
        return "含有多个数,请只填一个"
    if problem == "不是数" and re.search(r"[A-Za-z]", text):
        return "数字里混有字母"
    return problem if problem != "不是数" else "不是一个数"


def _joined(*notes: str) -> str:
    return ";".join(note for note in notes if note)
