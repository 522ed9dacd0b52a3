"""What others wrote, fit to be printed: nothing in it can drive a terminal or end a line.

File names, office names, keys and values come from anybody. A control character in them would move
the cursor or colour the screen, a line break would begin a line that a CI reads as a command of its
own, and an override of direction shows a text as another than it is. Everything that is printed and
was not written by the program goes through here.
"""

from __future__ import annotations

import json
import re
from typing import Any

# Control characters (C0, DEL, C1), marks and overrides of direction, separators of lines and
# paragraphs, what has no width, the byte order mark, halves of pairs, characters of somebody's own,
# tags, and what is no character at all.
_DANGEROUS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff"
    "\ue000-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_FORMULA = tuple("=+-@＝＋－＠")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: object) -> str:
    r"""Return ``text`` as one line in which dangerous characters are written out, as ``\x1b``."""
    return _DANGEROUS.sub(lambda found: _written(found[0]), str(text))


def masked(text: str) -> str:
    """Return ``text`` with a character of one column for each dangerous one, for a caret below."""
    return _DANGEROUS.sub(lambda found: " " if found[0] < " " else "\ufffd", text)


def cell(text: str) -> str:
    """Return a text that a spreadsheet takes for a text, whatever it begins with."""
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def json_text(data: Any) -> str:
    """Return data as JSON in which dangerous characters are escaped, as JSON lets one do."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    lines = text.split("\n")  # ours: those of the data are escaped already
    return "\n".join(_DANGEROUS.sub(lambda found: _unicode(found[0]), line) for line in lines)


def _written(character: str) -> str:
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else _unicode(character))


def _unicode(character: str) -> str:
    """Return a character as JSON writes it, one beyond the first plane as a pair."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
