"""How wide text is in a fixed-width font."""

from functools import lru_cache


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    from wcwidth import wcwidth  # its tables take 12 ms to load, which a clean check does without

    return max(0, wcwidth(character, ambiguous_width=2))


def columns(text: str) -> int:
    """Return how many columns ``text`` takes: 汉字 two, and so the characters “”—…① .

    Unicode calls the latter ambiguous (UAX #11); a Chinese font sets them wide.
    """
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_width, text))
