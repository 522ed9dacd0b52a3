"""The shape of an office file: JSON Schema, with its errors put into a clerk's words.

Errors are translated by keyword, never by the English text of a message. Labels come from the
schema's own titles, so that no second list of labels exists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.reading.yaml_write import flow
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place
from generator.values.nearest import nearest
from generator.values.numerals import digits, is_number


class Shape:
    """One JSON Schema (Draft 2020-12), ready to judge data and to name its parts."""

    def __init__(
        self, schema: Mapping[str, Any], rules: Mapping[KeyPath, str] | None = None
    ) -> None:
        """Keep the schema; the validator is made when it is first needed.

        ``rules`` names the rule that is broken where a value is no number, or one below its least;
        elsewhere such a finding is S-4 or S-6.
        """
        self.schema = schema
        self._rules = rules or {}

    @cached_property
    def _validator(self) -> Any:
        # jsonschema is slow to import; commands that validate nothing do without it.
        from jsonschema import Draft202012Validator, validators

        checker = Draft202012Validator.TYPE_CHECKER.redefine_many(
            {"integer": _is_integer, "number": lambda _, value: is_number(value)}
        )
        extend: Any = validators.extend
        return extend(Draft202012Validator, type_checker=checker)(self.schema)

    @cached_property
    def _accepts(self) -> Callable[[Any], bool]:
        """A quick judge of the same schema: it says no without a reason.

        It takes a tenth of the thorough one's time. What it cannot take in, and a ``2.0``, which is
        whole in JSON Schema and typed wrong in a count, it leaves to the thorough one.
        """
        import jsonschema_rs

        judge = jsonschema_rs.validator_for(dict(self.schema))

        def accepts(data: Any) -> bool:
            try:
                return judge.is_valid(data) and not _holds_whole_decimal(data)
            except (ValueError, TypeError, OverflowError, RecursionError):
                return False

        return accepts

    def findings(self, data: Any, file: Path) -> list[Diagnostic]:
        """Return what is wrong with the shape of ``data``, each finding at its own path."""
        if self._accepts(data):
            return []
        found: dict[tuple[KeyPath, bool], Diagnostic] = {}
        for error in self._validator.iter_errors(data):
            for finding in self._translate(error, file, ()):
                # What has the wrong type is also below its minimum: the first says it all.
                found.setdefault((finding.place.path, finding.place.on_key), finding)
        return list(found.values())

    def title(self, path: Iterable[str | int]) -> str:
        """Return the label of the value at ``path``: the titles along it, the part's left out."""
        titles = []
        for node in self._nodes(path):
            if "title" in node:
                titles.append(str(node["title"]))
        return " ".join(titles[1:] or titles)

    def takes_zero(self, path: KeyPath) -> bool:
        """Whether a figure, or figures that may be declared zero, stand at ``path``."""
        return any(
            branch.get("type") in ("integer", "number") or 0 in branch.get("enum", ())
            for branch in self._allowed(path)
        )

    def explained(self, path: Sequence[str | int]) -> tuple[str, str]:
        """Return the label of the value at ``path`` alone, and what the schema says of it."""
        nodes = list(self._nodes(path))
        node = nodes[-1] if len(nodes) == len(path) else {}
        return str(node.get("title", path[-1])), str(node.get("description", ""))

    def _nodes(self, path: Iterable[str | int]) -> Iterator[Mapping[str, Any]]:
        node: Mapping[str, Any] = self.schema
        for step in path:
            inner = None
            for branch in self._branches(node):
                if isinstance(step, int):
                    inner = branch.get("items")
                else:
                    others = branch.get("additionalProperties") or None
                    inner = branch.get("properties", {}).get(step, others)
                if inner is not None:
                    break
            if inner is None:
                return
            node = inner
            yield node

    def _branches(self, node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield ``node`` and everything it refers to or lets one choose from."""
        yield node
        if reference := node.get("$ref"):
            yield from self._branches(self.schema["$defs"][reference.rpartition("/")[2]])
        for branch in (*node.get("oneOf", ()), *node.get("allOf", ())):
            yield from self._branches(branch.get("then", branch))

    def _translate(self, error: Any, file: Path, outer: KeyPath) -> Iterator[Diagnostic]:
        path = (*outer, *error.relative_path)
        if error.validator == "oneOf":
            meant = self._branch_meant(error)
            if meant:
                for inner in meant:
                    yield from self._translate(inner, file, path)
                return
        yield from self._finding(error, file, path)

    def _branch_meant(self, error: Any) -> list[Any]:
        """Return the errors of the branch that the writer meant: the one whose type fits."""
        branches: dict[int, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
        for inner_errors in branches.values():
            whole = [e for e in inner_errors if not e.relative_path]
            if not any(e.validator in ("type", "enum", "const") for e in whole):
                return inner_errors
        return []

    def _filling(self, path: KeyPath) -> str:
        """Say what may be written where nothing is: a zero for figures, a choice by its words."""
        if self.takes_zero(path):
            return f"没有就写 0，尚不知道写 {keys.UNFILLED}"
        words = [str(word) for branch in self._allowed(path) for word in branch.get("enum", ())]
        return f"只能是：{'、'.join(words)}" if words else f"尚不知道写 {keys.UNFILLED}"

    def _may_be_left_out(self, path: KeyPath) -> bool:
        """Whether nothing asks for the key at ``path``, and none of it is a figure."""
        around = [self.schema, *self._nodes(path[:-1])][-1]
        wanted = (key for branch in self._branches(around) for key in branch.get("required", ()))
        return path[-1] not in wanted and not self.takes_zero(path)

    def _allowed(self, path: KeyPath) -> list[Mapping[str, Any]]:
        """Return everything that the schema lets stand at ``path``."""
        nodes = list(self._nodes(path))
        return list(self._branches(nodes[-1])) if len(nodes) == len(path) else []

    def _finding(self, error: Any, file: Path, path: KeyPath) -> Iterator[Diagnostic]:
        if error.validator == "required":
            yield from self._missing_keys(error, file, path)
        elif error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in error.instance:
                if key not in known:
                    message, hint = self._unknown_key(key, known, path)
                    yield self.made("S-2", Place(file, (*path, key), True), message, hint, {})
        else:
            code, message, hint = self._fault(error, path)
            yield self.made(code, Place(file, path), message, hint, error.schema)

    def _missing_keys(self, error: Any, file: Path, path: KeyPath) -> Iterator[Diagnostic]:
        properties = error.schema["properties"]
        for key in self._missing(error.instance, error.validator_value, properties, path):
            place = (*path, key)
            message = f"缺少「{self.title(place) or key}」，未填"
            hint = f"在{self._label(path)}下补一行「{key}: …」；{self._filling(place)}"
            yield self.made("S-1", Place(file, place, True), message, hint, {})

    def _label(self, path: KeyPath) -> str:
        return f"「{self.title(path)}」" if path else "文件"

    def _fault(self, error: Any, path: KeyPath) -> tuple[str, str, str]:
        """Return code, message and way out for a value that its schema refuses."""
        value, keyword, expected = error.instance, error.validator, error.validator_value
        label = self._label(path)
        if value is None:
            left_out = "没有的，删去这一行" if self._may_be_left_out(path) else self._filling(path)
            return "S-5", f"{label}空着", f"填上内容；{left_out}"
        if keyword == "minimum":
            message = f"{label}是 {shown(value)}，小于 {expected}"
            return self._rules.get(path, "S-6"), message, "核对后改成不小于它的数"
        if keyword == "maximum":
            return "S-7", f"{label}是 {shown(value)}，大于 {expected}", "请核对"
        if keyword in ("oneOf", "type") and self._wants_number(error.schema):
            message, hint = number_fault(value, whole=self._wants_whole(error.schema))
            return self._rules.get(path, "S-4"), f"{label}：{message}", hint
        is_group = isinstance(value, list) and self.takes_zero(path)
        if keyword == "oneOf" and (is_group or isinstance(value, int | Decimal | str)):
            written = "列表" if is_group else f"「{shown(value)}」"
            message = f"{label}写成了{written}，这里要分项填写"
            return "S-3", message, self._columns_hint(error.schema)
        if keyword in ("const", "enum"):
            choices = [str(each) for each in ([expected] if keyword == "const" else expected)]
            allowed = "、".join(choices)
            if value in choices and value not in (expected if keyword == "enum" else [expected]):
                return "S-7", f"{label}：「{value}」加了引号", f"去掉引号：{value}"
            return "S-7", f"{label}写成了「{shown(value)}」", f"只能是：{allowed}"
        if keyword in _COUNTS:
            return _count_fault(label, len(value), f"{_COUNTS[keyword]}{expected} 项")
        if keyword == "pattern":
            way_out = error.schema.get("description") or self.explained(path)[1] or "对照说明改写"
            if isinstance(value, str) and not value.strip():
                return "S-5", f"{label}空着", way_out
            return "S-7", f"{label}「{shown(value)}」写法不对", way_out
        kind = _KINDS.get(type(value), "别的")
        wanted = _wanted(expected) or "一段文字，或「概述」加「分项」"
        return "S-3", f"{label}是{kind}，应当是{wanted}", self._like_this(path)

    def _like_this(self, path: KeyPath) -> str:
        """Show how a value is written, by the example beside it, or around it, in the schema."""
        for step, node in reversed(list(zip(path, self._nodes(path), strict=False))):
            for example in node.get("examples", ()):
                return f"写成「{step}: {flow(example)}」"
        return LIKE_NEW

    def made(
        self, code: str, place: Place, message: str, hint: str, schema: Mapping[str, Any]
    ) -> Diagnostic:
        """Return a finding; ``schema`` is what the value at ``place`` does not fit, if any."""
        return Diagnostic.coded(code, place, message, hint)

    @cached_property
    def _homes(self) -> dict[str, list[KeyPath]]:
        """Every key of the schema with the paths below which it may stand; lists left out."""
        homes: dict[str, list[KeyPath]] = {}

        def walk(node: Mapping[str, Any], path: KeyPath) -> None:
            for branch in self._branches(node):
                for key, inner in branch.get("properties", {}).items():
                    homes.setdefault(key, []).append(path)
                    walk(inner, (*path, key))

        walk(self.schema, ())
        return homes

    def _homes_below(self, key: str, path: KeyPath) -> list[KeyPath]:
        return [home for home in self._homes.get(key, ()) if home[: len(path)] == path]

    def _missing(
        self, value: Mapping[str, Any], wanted: list[str], known: Iterable[str], path: KeyPath
    ) -> list[str]:
        """Return the wanted keys that are missing, less those that another finding explains.

        A key that is nearly right is reported as unknown; where every key belongs to a level
        further in, that is said instead of counting up what is missing here.
        """
        homes = [self._homes_below(key, path) for key in value]
        if homes and all(each and path not in each for each in homes):
            return []
        meant = {nearest(key, known) for key in value if key not in known}
        return [key for key in wanted if key not in value and key not in meant]

    def _unknown_key(self, key: str, known: list[str], path: KeyPath) -> tuple[str, str]:
        """Say of a key that does not belong here where it does, or which one was meant."""
        label = self.title(path) or "文件"
        if below := self._homes_below(key, path):
            rows = list(dict.fromkeys(str(home[len(path)]) for home in below))
            if len(rows) == 1:
                return f"「{key}」写高了一层", f"它写在「{rows[0]}」下面，往里缩进一层"
            return (
                f"「{label}」分 {len(known)} 行填写，「{key}」写在行的下面，不直接写在这里",
                f"写成「{rows[0]}: {{{key}: …}}」；各行是：{'、'.join(rows)}",
            )
        homes = self._homes.get(key, ())
        if homes and not any(isinstance(step, int) for step in path):
            place = f"「{self.title(homes[0])}」下面" if homes[0] else "最外一层，前面不空格"
            return f"「{key}」不属于「{label}」", f"它写在{place}；检查缩进"
        near = nearest(key, known)
        hint = f"是不是「{near}」？" if near else f"这里可用的键：{'、'.join(known)}"
        return f"不认识的键「{shown(key)}」", hint

    def _wants_number(self, schema: Mapping[str, Any]) -> bool:
        return any(b.get("type") in ("integer", "number") for b in self._branches(schema))

    def _wants_whole(self, schema: Mapping[str, Any]) -> bool:
        return not any(b.get("type") == "number" for b in self._branches(schema))

    def _columns_hint(self, schema: Mapping[str, Any]) -> str:
        for branch in self._branches(schema):
            if properties := branch.get("properties"):
                first = next(iter(properties))
                return (
                    f"写成「{{{first}: 数, …}}」，可用的有：{'、'.join(properties)}；全部为零写 0"
                )
        return LIKE_NEW


def _holds_whole_decimal(data: Any) -> bool:
    left = [data]
    while left:
        node = left.pop()
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list):
                left.append(value)
            elif type(value) is Decimal and value == value.to_integral_value():
                return True
    return False


def _is_integer(_checker: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Quote a value in a message: its beginning, on one line."""
    text = " ".join(digits(value).split())
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


_LONGEST_QUOTE = 30

LIKE_NEW = "对照 nianbao new 写出的文件里这一项的写法"

_KINDS: dict[type, str] = {
    str: "一段文字",
    int: "一个数",
    Decimal: "一个小数",
    bool: "「是或否」",
    list: "一个列表",
    dict: "一组键",
}
_WANTED = {
    "object": "一组「键: 值」",
    "array": "一个列表，每项以「- 」开头",
    "string": "一段文字",
    "integer": "一个整数",
    "number": "一个数",
    "boolean": "true 或 false",
    "null": "空（null）",
}


_COUNTS = {
    "minItems": "至少有 ",
    "minProperties": "至少有 ",
    "maxItems": "至多有 ",
    "maxProperties": "至多有 ",
}


def _count_fault(label: str, count: int, how_many: str) -> tuple[str, str, str]:
    if not count:
        return "S-5", f"{label}空着", "填上内容，或删去这一项"
    return "S-7", f"{label}有 {count} 项，应当{how_many}", f"写{how_many}"


def _wanted(types: Any) -> str:
    """Say of which kind a value should be; empty where the schema names none."""
    names = types if isinstance(types, list) else [types]
    return "或".join(_WANTED[name] for name in names if isinstance(name, str) and name in _WANTED)


# The ways a number is mistyped, most particular first: pattern, what it is, what to write instead.
_SPELLINGS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"-?\d+(_\d+)+"), "用了下划线", "只写数字：{digits}"),
    (re.compile(r"0[xX][0-9a-fA-F]+"), "是十六进制写法", "用平常的数字写"),
    (re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+"), "是科学记数法", "用平常的数字写出来"),
    (re.compile(r"-?\d{1,3}([,，]\d{3})+(\.\d+)?"), "用了千分位逗号", "去掉逗号：{digits}"),
    (re.compile(r"-?\d{1,3}([ \u00a0\u2009]\d{3})+"), "中间有空格", "去掉空格：{digits}"),
    (re.compile(r"0\d+"), "前面多了 0", "写成 {digits}"),
    (re.compile(r"-0+(\.0+)?"), "是带负号的零", "写成 0"),
    (re.compile(r"\+\d+(\.\d+)?"), "前面有加号", "写成 {digits}"),
    (re.compile(r"[-+]?\d{19,}"), "位数太多", "请核对这个数"),
    (re.compile(r"-?\d+", re.ASCII), "加了引号", "去掉引号：{digits}"),
    (re.compile(r"-?\d+\.\d+"), "是小数或加了引号", "请核对；数不加引号"),
    (re.compile(r"-?[,.]*\d[\d,.]*\s*\D{1,6}"), "带了单位或别的字", "只写数字：{digits}"),
)


_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u3000\ufeff]")
"""What has no ink and is pasted along with a figure."""


def number_fault(value: Any, *, whole: bool) -> tuple[str, str]:
    """Say why ``value`` is not a figure of the form, and what to write instead."""
    unfilled = f"没有就写 0，尚不知道写 {keys.UNFILLED}"
    if isinstance(value, dict | list):
        return "这里是一个数，不再分栏", "直接写数字"
    if isinstance(value, bool):
        return f"写成了 {str(value).lower()}", f"写数字；{unfilled}"
    if isinstance(value, Decimal):
        return f"「{shown(value)}」是小数，应当是整数", "请核对"
    if not isinstance(value, str):
        return f"写成了「{shown(value)}」", f"写数字；{unfilled}"
    if value in (keys.NONE, "/", "-", "—", "－", "／"):
        return f"写成了「{shown(value)}」", unfilled
    bare = _INVISIBLE.sub("", value)
    if bare != value and re.fullmatch(r"-?\d+(\.\d+)?", bare, re.ASCII):
        return f"「{shown(value)}」里有看不见的字符", f"删去，重新打这个数：{bare}"
    plain = unicodedata.normalize("NFKC", value).strip()
    full_width = plain != value.strip() and plain.replace(".", "").isdigit()
    if full_width:
        return f"「{shown(value)}」是全角数字", f"改成半角：{plain}"
    for pattern, what, way_out in _SPELLINGS:
        if pattern.fullmatch(plain):
            number = re.match(r"[-+]?[\d,，_ .]+", plain)
            digits = re.sub(r"[^\d.-]", "", number.group()) if number else plain
            sign, bare = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
            return f"「{shown(value)}」{what}", way_out.format(
                digits=sign + (bare.lstrip("0") or "0")
            )
    number_word = "整数" if whole else "数"
    return f"「{shown(value)}」不是数字", f"写半角{number_word}；{unfilled}"
