"""What the makers of VBA projects refuse."""

from __future__ import annotations


class VbaError(ValueError):
    """A source, name or size that cannot go into a VBA project; the message (Chinese) says which and why."""
