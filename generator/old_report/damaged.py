"""Text that was once read in the wrong encoding: mended where its bytes allow it, else marked.

A page saved as UTF-8 and opened as GBK says 「鏀垮簻淇℃伅」 for 「政府信息」. Where no byte was
lost on the way the text comes back as it was; a lost byte leaves a character open.
"""

from __future__ import annotations

import re

from generator.form.spellings import LOST

_LOST = re.compile(f"(?:{LOST}|锟斤拷)+")
_WRONG_AND_RIGHT = (
    ("gb18030", "utf-8"),
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("latin-1", "gb18030"),
)
_LOOKED_AT = 20_000
_FEWEST = 40
"""Characters that must have been misread at least before anything is undone."""
_MOST_LOST = 0.2
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+\??")
"""A stretch that was misread; 「?」 may stand for a byte at its end that was none."""
_ENDS = re.compile(r"\s*(?:\n|<|\Z)")
_GAP = b"\xff"
"""A byte that is none in any of the encodings."""
_STOP_CUT_OFF = re.compile(rb"\xe3\x80?[\xff?]*\Z")
"""The first of the three bytes of 「。」, at the end of a paragraph; 「》」 begins as it does."""
_HAN = re.compile("[\u4e00-\u9fff]")


def mended(text: str) -> tuple[str, str]:
    """Return a text as it was before it was misread, and how; unchanged and empty if it was not.

    A character of which a byte is lost becomes ``LOST``.
    """
    sample = "".join(_NOT_ASCII.findall(text[:_LOOKED_AT])).replace("?", "")
    for wrong, right in _WRONG_AND_RIGHT:
        undone = _undone(sample, wrong, right)
        is_text = undone.count(LOST) < _MOST_LOST * len(undone) < len(_HAN.findall(undone))
        if len(undone) >= _FEWEST and is_text:
            return _all_undone(
                text, wrong, right
            ), f"{_name(right)} 的文字被当作 {_name(wrong)} 读过"
    return text, ""


def _all_undone(text: str, wrong: str, right: str) -> str:
    def undone(found: re.Match[str]) -> str:
        ends = _ENDS.match(text, found.end()) is not None
        return _undone(found[0], wrong, right, ends=ends)

    return _NOT_ASCII.sub(undone, text)


def _name(encoding: str) -> str:
    return {"utf-8": "UTF-8", "gb18030": "GBK"}.get(encoding, "西欧编码")


def _undone(text: str, wrong: str, right: str, *, ends: bool = False) -> str:
    """Return what was misread as ``text``; ``ends`` says that a paragraph ends with it."""
    content = _GAP.join(part.encode(wrong, "ignore") for part in text.split(LOST))
    if ends and right == "utf-8" and content.count("《".encode()) == content.count("》".encode()):
        content = _STOP_CUT_OFF.sub("。".encode(), content)
    return re.sub(rf"{LOST}[{LOST}?]+", LOST, content.decode(right, "replace"))


def count_lost(text: str) -> int:
    """Count the places of a text where characters were lost."""
    return len(_LOST.findall(text))


def with_lost(text: str, mark: str = LOST) -> str:
    """Put ``mark`` where characters were lost."""
    return _LOST.sub(mark, text)
