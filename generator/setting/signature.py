"""Where name and date of the sign-off stand (GB/T 9704—2012, 7.3.5.2, without a seal)."""

from __future__ import annotations

from generator.values.document import SignOff, Style
from generator.values.width import columns


def distances(signed: SignOff, style: Style) -> tuple[float, float]:
    """Return how far name and date end from the right, in characters of body text.

    The longer of the two ends where the style says; the date begins behind the name's beginning.
    """
    place = style.sign_off
    if not (signed.office and signed.date):
        return place.right, place.right
    behind = (columns(signed.office) - columns(signed.date)) / 2
    return (
        place.right + max(0.0, place.behind - behind),
        place.right + max(0.0, behind - place.behind),
    )
