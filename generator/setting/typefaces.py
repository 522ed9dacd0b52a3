"""Which typefaces a PDF is set in: the style's, or those that it names to stand in for them.

They are looked for in one folder, or among those that are installed on this computer. Nothing is
taken that the style does not name, so that a page never changes its face unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import typst

from generator.values.document import Style


def typefaces(folder: Path | None) -> Typefaces:
    """Return the typefaces in a folder, found once as long as its files are the same."""
    files = sorted(folder.rglob("*")) if folder else ()
    stamps = ((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return _typefaces(folder, tuple(stamps))


@lru_cache(maxsize=4)
def _typefaces(folder: Path | None, files: tuple[tuple[str, int, int], ...]) -> Typefaces:
    return Typefaces(folder, files)


class NoTypeface(Exception):
    """None of the typefaces that may be used for a text is there; the message is for users."""


@dataclass(frozen=True)
class Typefaces:
    """The typefaces in a folder, by default those installed on this computer."""

    folder: Path | None = None
    files: tuple[tuple[str, int, int], ...] = ()
    """Names, sizes and times of the folder's files: others are other typefaces."""

    @cached_property
    def fonts(self) -> typst.Fonts:
        """What was found, as the typesetter wants it."""
        return typst.Fonts(
            include_system_fonts=self.folder is None,
            include_embedded_fonts=False,
            font_paths=[self.folder] if self.folder else [],
        )

    @cached_property
    def _families(self) -> Mapping[str, str]:
        return {family.casefold(): family for family in self.fonts.families()}

    def found(self, style: Style) -> dict[str, tuple[str, ...]]:
        """Return, for every typeface of a style, the families that are there, best first.

        Raises:
            NoTypeface: there is none for one of them.
        """
        faces = {face.name: (face.name, *face.files, *face.substitutes) for face in style.faces}
        names = {name for font in style.fonts.values() for name in (font.latin, font.east_asian)}
        found = {}
        for name in sorted(names):
            wanted = faces.get(name, (name,))
            families = [self._families.get(each.casefold()) for each in wanted]
            found[name] = tuple(dict.fromkeys(family for family in families if family))
            if not found[name]:
                where = f"{self.folder} 里" if self.folder else "这台电脑上"
                raise NoTypeface(f"{where}没有{name}，也没有可以代替它的{'、'.join(wanted[1:])}")
        return found

    def substitutes(self, style: Style) -> Iterator[tuple[str, str]]:
        """Yield the typefaces that others stand in for, each with the one that is used."""
        own = {face.name: (face.name, *face.files[:1]) for face in style.faces}
        for name, families in self.found(style).items():
            if families[0].casefold() not in map(str.casefold, own.get(name, (name,))):
                yield name, families[0]

    def digest(self, style: Style) -> str:
        """Return a digest of the files of the typefaces that a style is set in."""
        used = {family for families in self.found(style).values() for family in families}
        files = {font.path for font in self.fonts.fonts() if font.family in used and font.path}
        digest = hashlib.blake2b(digest_size=16)
        for file in sorted(files):
            with Path(file).open("rb") as content:
                digest.update(hashlib.file_digest(content, hashlib.blake2b).digest())
        return digest.hexdigest()
