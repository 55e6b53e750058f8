"""The parts a formula is made of once it has been read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; ``text`` as typed (half-width), so that a rewritten formula shows 0.80 as 0.80."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``+x`` or the percent sign behind ``x`` (operator ``%``)."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """Constants in braces, allowed in LOOKUP only; one row or one column."""

    items: tuple[Number | Text, ...]


Node = Number | Text | Bool | Name | Unary | Binary | Call | Array


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node."""
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Binary):
        return (node.left, node.right)
    return node.arguments if isinstance(node, Call) else ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def nested_if(arguments: tuple[Node, ...]) -> Node:
    """IFS, which Excel 2010 lacks, as nested IF; #N/A where no condition holds."""
    result: Node = Call("NA", ())
    for index in range(len(arguments) - 2, -1, -2):
        result = Call("IF", (arguments[index], arguments[index + 1], result))
    return result


def shared(node: Node, seen: dict[Node, Node]) -> Node:
    """The same tree in which equal parts are one object, so that each is computed once."""
    if isinstance(node, Unary):
        node = Unary(node.operator, shared(node.operand, seen))
    elif isinstance(node, Binary):
        node = Binary(node.operator, shared(node.left, seen), shared(node.right, seen))
    elif isinstance(node, Call):
        node = Call(node.function, tuple(shared(argument, seen) for argument in node.arguments))
    return seen.setdefault(node, node)
