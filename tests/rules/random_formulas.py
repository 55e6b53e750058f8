"""Seeded well-formed formulas over a few names, deep enough to mix everything the language has.

Left out, because LibreOffice is known to differ from Excel there: 0^0 and odd roots of negative numbers,
yes/no compared with numbers or words, text literals as numbers, ROUND to 0 places of a raw quotient. MOD is
rounded: LibreOffice trims what doubles add to a remainder (MOD(195.17,7)=6.17), Excel and we do not.
"""

from __future__ import annotations

import random

NAMES = ("权重", "目标值", "完成值", "上年值", "序时")
_LITERALS = ("0", "1", "2", "3", "0.5", "0.8", "100", "60", "1.2", "5%", "0.1", "0.3", "12.5", "1000")
_POWERS = ("2", "3", "0.5", "-1")


def formula(rng: random.Random, depth: int = 4) -> str:
    """A numeric formula with up to ``depth`` levels."""
    return _number(rng, depth)


def _number(rng: random.Random, depth: int) -> str:
    if depth <= 0 or rng.random() < 0.12:
        return rng.choice((*NAMES, *NAMES, *_LITERALS))
    return rng.choice(_NUMERIC)(rng, depth - 1)


def _arithmetic(rng: random.Random, depth: int) -> str:
    operator = rng.choice("+-*/")
    return _maybe_bracketed(rng, f"{_number(rng, depth)}{operator}{_number(rng, depth)}")


def _maybe_bracketed(rng: random.Random, text: str) -> str:
    return f"({text})" if rng.random() < 0.6 else text


def _power(rng: random.Random, depth: int) -> str:
    return f"({_number(rng, depth)})^{rng.choice(_POWERS)}"


def _sign_or_percent(rng: random.Random, depth: int) -> str:
    text = _number(rng, depth)
    return rng.choice((f"-({text})", f"({text})%", f"-{rng.choice(NAMES)}"))


def _choice(rng: random.Random, depth: int) -> str:
    return f"IF({_condition(rng, depth)},{_number(rng, depth)},{_number(rng, depth)})"


def _choices(rng: random.Random, depth: int) -> str:
    pairs = ",".join(f"{_condition(rng, depth)},{_number(rng, depth)}" for _ in range(2))
    return f"IFS({pairs},TRUE,{_number(rng, depth)})"


def _many(rng: random.Random, depth: int) -> str:
    function = rng.choice(("MIN", "MAX", "SUM", "AVERAGE", "MEDIAN"))
    count = rng.randint(1, 4)
    return f"{function}({','.join(_number(rng, depth) for _ in range(count))})"


def _one(rng: random.Random, depth: int) -> str:
    return f"{rng.choice(('ABS', 'SIGN', 'INT', 'SQRT'))}({_number(rng, depth)})"


def _rounded(rng: random.Random, depth: int) -> str:
    function = rng.choice(("ROUND", "ROUNDDOWN", "ROUNDUP"))
    return f"{function}({_number(rng, depth)},{rng.choice(('1', '2', '3', '-1'))})"


def _modulo(rng: random.Random, depth: int) -> str:
    return f"ROUND(MOD({rng.choice(NAMES)},{rng.choice(('3', '7', '0.5', '-4'))}),6)"


def _guarded(rng: random.Random, depth: int) -> str:
    return f"IFERROR({_number(rng, depth)},{_number(rng, depth)})"


def _banded(rng: random.Random, depth: int) -> str:
    return f"LOOKUP({_number(rng, depth)},{{-1000,0,0.5,1,60,80}},{{0,1,2,3,4,5}})"


def _chosen(rng: random.Random, depth: int) -> str:
    return f"CHOOSE({rng.randint(1, 3)},{','.join(_number(rng, depth) for _ in range(3))})"


def _condition(rng: random.Random, depth: int) -> str:
    kind = rng.random()
    if depth <= 0 or kind < 0.55:
        operator = rng.choice(("<", ">", "<=", ">=", "=", "<>"))
        return f"{_number(rng, depth - 1)}{operator}{_number(rng, depth - 1)}"
    if kind < 0.75:
        function = rng.choice(("AND", "OR"))
        return f"{function}({_condition(rng, depth - 1)},{_condition(rng, depth - 1)})"
    if kind < 0.85:
        return f"NOT({_condition(rng, depth - 1)})"
    if kind < 0.95:
        return f"{rng.choice(('ISNUMBER', 'ISBLANK', 'ISTEXT'))}({rng.choice(NAMES)})"
    return f'{rng.choice(NAMES)}{rng.choice(("=", "<>"))}"{rng.choice(("无", "完成", ""))}"'


_NUMERIC = (
    _arithmetic,
    _arithmetic,
    _arithmetic,
    _arithmetic,
    _power,
    _sign_or_percent,
    _choice,
    _choice,
    _choices,
    _many,
    _many,
    _one,
    _rounded,
    _modulo,
    _guarded,
    _banded,
    _chosen,
)
