"""What the words of a report mean: ``words.yaml`` → a vocabulary that texts are read with.

``templates/words.yaml`` holds the words of the language and of the trade, that of a form how they
name its figures. A word has one or more *senses*; a figure is named by a group of senses, in any
order. Python knows only the senses of the language (``than``, ``none`` …).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from generator.form.files import pattern, wrong
from generator.form.names import FigureNames, UnknownName
from generator.reading import source
from generator.values.diagnostics import KeyPath

Senses = frozenset[str]

_TRADE = ("words", "beside")
"""Keys of ``templates/words.yaml`` that are no senses of the language."""
_TIME = re.compile(r"(?<!\d)(\d{4})[ \u3000]?年度?(?![ \u3000]?\d{1,2}月)|\d{1,2}月(?!\d)")
"""A year, or a month."""
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_SHORT_CLAIM = 4
"""Characters of a claim in quotation marks that is not merely quoted (“零申请”)."""


class Word(NamedTuple):
    """A word at its place in a text, with what it may mean."""

    start: int
    end: int
    senses: Senses


@dataclass(frozen=True, slots=True)
class Row:
    """Senses that, all said together, name one of ``figures``; ``*`` stands for the column.

    Of what is ``whole``, a field or a channel that is named besides is only a part.
    """

    says: Senses
    figures: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """The figures of one subject, with the rule that judges them.

    ``context`` must be spoken of in the paragraph or a heading; ``unless`` are senses that make a
    count another's. ``scale`` is how many single units a figure counts in.
    """

    of: str
    rule: str
    context: re.Pattern[str] | None
    unless: Senses
    units: str
    scale: int
    bare: bool
    total: str
    columns: Mapping[str, tuple[str, ...]]
    rows: tuple[Row, ...]

    @property
    def senses(self) -> Senses:
        """Every sense that says something of this topic."""
        return frozenset({self.of, *self.columns}).union(*(row.says for row in self.rows))

    def row(self, senses: Senses) -> Row | None:
        """Return the first row whose senses are all said; one that needs none comes last."""
        return next((row for row in self.rows if row.says <= senses), None)

    def expand(self, figures: Iterable[str], senses: Senses) -> tuple[str, ...]:
        """Put the columns that are spoken of in place of ``*``; several may mean the total."""
        named = [keys for sense, keys in self.columns.items() if sense in senses]
        together = tuple(dict.fromkeys(key for keys in named for key in keys))
        choices = [together or (self.total,)]
        if len(named) > 1:
            choices.append((self.total,))
        return tuple(
            " + ".join(figure.replace("*", column) for column in columns)
            for figure in figures
            for columns in (choices if "*" in figure else [(self.total,)])
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate by its words: the figure ``part`` by one of the figures ``whole``.

    ``of`` is the topic that must be named; empty where it may be left out.
    """

    sense: str
    of: str
    part: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Denial:
    """A figure that must be zero (or not) where its senses are denied (or said of all).

    Where the words name rows or columns of the topic ``of``, the figures of these must be zero
    instead. ``but``: a count of this figure makes it true: of these, all. ``strange`` is how many
    characters that no word explains may stand between.
    """

    says: Senses
    of: str
    figure: str
    unless: Senses
    but: str = ""
    strange: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What a word means besides, in a sentence that says one of ``others``, before ``followed``."""

    means: Senses
    others: Senses
    followed: re.Pattern[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a form and what they name."""

    words: Mapping[str, Senses]
    beside: Mapping[str, Beside]
    topics: tuple[Topic, ...]
    rates: tuple[Rate, ...]
    none: tuple[Denial, ...]
    all: tuple[Denial, ...]
    some: tuple[Denial, ...]

    @cached_property
    def by_topic(self) -> Mapping[str, Topic]:
        """Topics by the sense that names them."""
        return {topic.of: topic for topic in self.topics}

    def names(self, text: str) -> bool:
        """Whether ``text`` is nothing but words for figures of the form (a label, 零申请)."""
        if self.words.get(text, frozenset()) & self.own:
            return True
        if len(text) > _SHORT_CLAIM:
            return False
        found = self.read(text, 0, len(text), 0)
        own = any(word.senses & self.own for word in found)
        return own and sum(word.end - word.start for word in found) == len(text)

    @cached_property
    def own(self) -> Senses:
        """The senses that name figures."""
        return frozenset().union(*(topic.senses for topic in self.topics))

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        """The shortest words for what a sentence may deny, or say of all."""
        return self._shortest({s for denial in (*self.none, *self.all) for s in denial.says})

    @cached_property
    def quantifiers(self) -> re.Pattern[str]:
        """The shortest words that deny, or that say something of all.

        The pattern begins with one set of characters: such a search is fast.
        """
        words = self._shortest({"none", "all"})
        first = "".join(dict.fromkeys(word[0] for word in words))
        rest = (f"(?<={re.escape(word[0])}){re.escape(word[1:])}" for word in words)
        return re.compile(f"[{re.escape(first)}](?:{'|'.join(rest)})")

    def _shortest(self, wanted: set[str]) -> tuple[str, ...]:
        words = [word for word, senses in self.words.items() if senses & wanted]
        return tuple(w for w in words if not any(o != w and o in w for o in words))

    @cached_property
    def _lengths(self) -> Mapping[str, Sequence[int]]:
        """By each character that begins words, and with the next: how long these are."""
        found: dict[str, set[int]] = {digit: set() for digit in _DIGITS}
        for word in self.words:
            alone = {1} if word[0] in self.words else set()
            found.setdefault(word[:1], alone)
            found.setdefault(word[:2], set(alone)).add(len(word))
        return {begins: sorted(each, reverse=True) for begins, each in found.items()}

    def read(self, text: str, start: int, end: int, year: int) -> list[Word]:
        """Return the words known in a stretch of text, the longest at each place.

        ``year`` is the reporting year: 2023年 means last year where it is 2024.
        """
        words, lengths = self.words, self._lengths
        found: list[Word] = []
        beside: list[int] = []
        for at in range(start, end):
            character = text[at]
            if at < start or character not in lengths:
                continue
            if character in _DIGITS and (time := _TIME.match(text, at, end)):
                start = time.end()
                found.append(Word(at, start, _time(time[1], year)))
                continue
            for length in lengths.get(text[at : at + 2]) or lengths[character]:
                written = text[at : at + length]
                if written in words:
                    start = at + len(written)
                    if written in self.beside:
                        beside.append(len(found))
                    found.append(Word(at, start, words[written]))
                    break
        for index in beside:
            found[index] = self._besides(found[index], found, text)
        return found

    def _besides(self, word: Word, found: list[Word], text: str) -> Word:
        """Return a word with what it means besides, in such a sentence as this."""
        rule = self.beside.get(text[word.start : word.end])
        if rule is None or not rule.followed.match(text, word.end):
            return word
        if not any(other.senses & rule.others for other in found):
            return word
        return word._replace(senses=word.senses | rule.means)


def _time(written: str | None, year: int) -> Senses:
    """Return what a year, or a month where none is written, means in the year of the report."""
    names = {year: "this_year", year - 1: "last_year", year + 1: "next_year"}
    return frozenset({names.get(int(written), "elsewhere") if written else "elsewhere"})


def read_vocabulary(
    language: source.Source, own: source.Source | None, names: FigureNames
) -> Vocabulary | None:
    """Return the words of the language and of a form; ``None`` when the form has no such file.

    Raises:
        source.Unreadable: a figure in the file does not exist or a pattern is wrong, with its line.
    """
    if own is None:
        return None
    data = own.data
    words: dict[str, set[str]] = {}
    alike = {sense: entry["of"] for entry in data["figures"] for sense in entry.get("or", ())}
    rates = tuple(_rates(data.get("rates", ())))
    of_language = {sense: said for sense, said in language.data.items() if sense not in _TRADE}
    of_rates = {
        rate.sense: entry["words"] for rate, entry in zip(rates, data.get("rates", ()), strict=True)
    }
    senses = (of_language, language.data["words"], data.get("words", {}), of_rates)
    for sense, written in chain.from_iterable(each.items() for each in senses):
        for word in written:
            meant = words.setdefault(str(word), set())
            meant |= {str(sense), alike.get(sense, str(sense))}
    vocabulary = Vocabulary(
        words={word: frozenset(found) for word, found in words.items()},
        beside={
            entry["word"]: _beside(entry, language, index)
            for index, entry in enumerate(language.data["beside"])
        },
        topics=tuple(_topic(entry, own, index) for index, entry in enumerate(data["figures"])),
        rates=rates,
        none=tuple(map(_denial, data.get("none", ()))),
        all=tuple(map(_denial, data.get("all", ()))),
        some=tuple(map(_denial, data.get("some", ()))),
    )
    _check(vocabulary, own, names)
    return vocabulary


def _beside(entry: Mapping[str, Any], read: source.Source, index: int) -> Beside:
    followed = pattern(read, ("beside", index, "followed"), entry["followed"])
    return Beside(frozenset({entry["means"]}), frozenset(entry["others"]), followed)


def _topic(entry: Mapping[str, Any], read: source.Source, index: int) -> Topic:
    written = entry.get("context")
    context = pattern(read, ("figures", index, "context"), written) if written else None
    columns = entry.get("columns", {})
    return Topic(
        of=entry["of"],
        rule=entry["rule"],
        context=context,
        unless=frozenset(entry.get("unless", ())),
        units=entry.get("units", ""),
        scale=int(entry.get("scale", 1)),
        bare=bool(entry.get("bare")),
        total=entry.get("total", ""),
        columns={sense: tuple(keys) for sense, keys in columns.items()},
        rows=tuple(map(_row, entry["rows"])),
    )


def _row(entry: Mapping[str, Any]) -> Row:
    return Row(frozenset(entry["says"]), tuple(entry["figures"]), entry.get("whole", False))


def _rates(entries: Iterable[Mapping[str, Any]]) -> Iterator[Rate]:
    for index, entry in enumerate(entries):
        part, whole = (entry["part"],), tuple(entry["whole"])
        yield Rate(f"rate {index}", entry.get("of", ""), part, whole)


def _denial(entry: Mapping[str, Any]) -> Denial:
    unless = frozenset(entry.get("unless", ()))
    return Denial(
        frozenset(entry["says"]),
        entry.get("of", ""),
        entry["figure"],
        unless,
        entry.get("but", ""),
        entry.get("strange", 0),
    )


def _check(vocabulary: Vocabulary, read: source.Source, names: FigureNames) -> None:
    """See that every figure exists."""
    for index, topic in enumerate(vocabulary.topics):
        for number, row in enumerate(topic.rows):
            for figure in topic.expand(row.figures, frozenset()):
                _exists(figure, read, ("figures", index, "rows", number, "figures"), names)
    for key in ("none", "all", "some"):
        for index, denial in enumerate(getattr(vocabulary, key)):
            _exists(denial.figure, read, (key, index, "figure"), names)


def _exists(figure: str, read: source.Source, path: KeyPath, names: FigureNames) -> None:
    try:
        names.number(figure)
    except UnknownName as error:
        raise wrong(read, path, str(error)) from error
