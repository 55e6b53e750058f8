"""The PROJECT and PROJECTwm streams ([MS-OVBA] 2.3.1, 2.3.3) and the obfuscation of three of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaohe.vba.source import Kind, Module

PROJECT_ID = "{6B616F68-6500-4B48-8000-766261000001}"
"""Fixed, so that the same sources give the same bytes."""

_SEED = 0x5D
_NOT_PROTECTED, _NO_PASSWORD, _VISIBLE = b"\0\0\0\0", b"\0", b"\xff"


def project_stream(name: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream: members, name, not protected, no password, visible; all editor windows closed."""
    lines = (
        f'ID="{PROJECT_ID}"',
        *(_member(module) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{obfuscated(_NOT_PROTECTED, PROJECT_ID, _SEED)}"',
        f'DPB="{obfuscated(_NO_PASSWORD, PROJECT_ID, _SEED)}"',
        f'GC="{obfuscated(_VISIBLE, PROJECT_ID, _SEED)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    )
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def names_stream(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream: each module's name in the code page and in UTF-16."""
    pairs = (
        module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules
    )
    return b"".join(pairs) + b"\0\0"


def obfuscated(data: bytes, project_id: str, seed: int) -> str:
    """Data Encryption (2.4.3.2) of CMG, DPB and GC: hexadecimal digits."""
    key = sum(project_id.encode("ascii")) & 0xFF
    head = [seed, seed ^ 2, seed ^ key]
    plain = [7] * ((seed & 6) // 2) + list(len(data).to_bytes(4, "little")) + list(data)
    return bytes([*head, *_chained(plain, head, key)]).hex().upper()


def _chained(plain: Sequence[int], head: Sequence[int], key: int) -> Iterator[int]:
    """Each byte mixed with the byte before it and the coded byte before that."""
    before_last, last, clear = head[1], head[2], key
    for byte in plain:
        coded = byte ^ ((before_last + clear) & 0xFF)
        yield coded
        before_last, last, clear = last, coded, byte


def _member(module: Module) -> str:
    name = f"{module.name}/&H00000000" if module.kind is Kind.DOCUMENT else module.name
    return f"{module.kind.value}={name}"
