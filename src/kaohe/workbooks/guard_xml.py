"""XML of a package, walked without ever expanding an entity: a document type is refused, not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from kaohe.workbooks.guard_types import Refused

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

    def forbid(*_: object) -> NoReturn:
        raise Refused("entity", part=part)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = start
    parser.buffer_text = True
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("damaged", what=f"部件 {part} 不是正确的 XML") from error


def local(name: str) -> str:
    """``x:row`` → ``row``."""
    return name.rpartition(":")[2]


def elements(xml: bytes, part: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(local name, attributes as written) of every element, in document order."""
    found: list[tuple[str, Mapping[str, str]]] = []
    walk(xml, part, lambda name, attributes: found.append((local(name), attributes)))
    return iter(found)
