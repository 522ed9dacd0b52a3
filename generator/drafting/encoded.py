"""An edited text as bytes: as its file was before, but for the lines that changed."""

from __future__ import annotations

import difflib
import re

_LINE_END = re.compile("(\r\n|\r|\n)")


def encoded_like(old: bytes, text: str) -> bytes:
    """Encode ``text`` as the file was: its byte order mark, the end of every line that stays."""
    mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
    if b"\r" not in old:
        return mark + text.encode()
    pieces = _LINE_END.split(old[len(mark) :].decode("utf-8", "replace"))
    before, ends = pieces[::2], [*pieces[1::2], ""]
    usual = max(("\r\n", "\n", "\r"), key=ends.count)
    after = text.split("\n")
    written = [usual] * len(after)
    for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for i in range(block.size):
            written[block.b + i] = ends[block.a + i] or usual
    written[-1] = ""
    return mark + "".join(map("".join, zip(after, written, strict=True))).encode()
