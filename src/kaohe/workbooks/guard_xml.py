"""XML of a package, walked without ever expanding an entity: a document type is refused, not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from kaohe.workbooks.guard_types import Refused

_PIECE = 1 << 18
Start = Callable[[str, dict[str, str]], None]


def walk(
    xml: bytes,
    part: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call ``start``, ``end`` and ``text`` through the document; names arrive as written, prefix included.

    Raises Refused('entity') for a DOCTYPE and Refused('damaged') for what is not well-formed.
    """

    parser = _parser(part, start)
    parser.buffer_text = True
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    _feed(parser, xml, part, last=True)


def _parser(part: str, start: Start) -> expat.XMLParserType:
    """A parser that refuses a document type."""

    def forbid(*_: object) -> NoReturn:
        raise Refused("entity", part=part)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = start
    return parser


def _feed(parser: expat.XMLParserType, xml: bytes, part: str, last: bool) -> None:
    try:
        parser.Parse(xml, last)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("damaged", what=f"部件 {part} 不是正确的 XML") from error


def local(name: str) -> str:
    """``x:row`` → ``row``."""
    return name.rpartition(":")[2]


def elements(xml: bytes, part: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(local name, attributes as written) of every element, in document order, as it is reached.

    Whoever stops early has neither read nor kept the rest; refusals are those of :func:`walk`.
    """
    found: list[tuple[str, Mapping[str, str]]] = []
    parser = _parser(part, lambda name, attributes: found.append((local(name), attributes)))
    for at in range(0, len(xml), _PIECE):
        _feed(parser, xml[at : at + _PIECE], part, last=False)
        yield from found
        found.clear()
    _feed(parser, b"", part, last=True)
