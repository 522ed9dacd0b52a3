"""Sentences with figures in them: the sandbox in which office prose is rendered.

Office text may hold expressions, ``{{ table.row.column }}``, and nothing else: no statements, no
loops, no calls, no attribute of an object. Every expression is taken apart before it runs and may
only consist of the node types listed in ``_ALLOWED``; what it can reach are numbers, strings and
read-only mappings. This module is to be small enough to be reviewed for safety alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, getcontext
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.form.expressions import EXPRESSION
from generator.report import unfilled
from generator.report.figures import Branch
from generator.report.filters import FILTERS
from generator.report.filters import NarrativeError as NarrativeError
from generator.report.prose import Prose as Prose
from generator.report.prose import Segment as Segment
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place
from generator.values.nearest import nearest
from generator.values.numerals import digits, is_number

LONGEST_EXPRESSION = 300
"""Characters. Keeps arithmetic on long numbers short as well."""

MOST_EXPRESSIONS = 2_000
"""In one report. Those with a figure for every cell of every table have some 200."""

MOST_LEFT_OVER = 20
"""Slips that are told of one stretch of text between two expressions."""

# What is left of a slip: { { 年度 } }, ｛｛ 年度 ｝｝, {{ 年度 }}}. And statements.
_LEFT_OVER = re.compile(
    r"(?P<statement>\{(?P<kind>[%#])(?:[^\n]{0,99}?(?P=kind)\})?|[%#]\})"
    r"|[{｛] {0,3}[{｛](?:[^{}｛｝\n]{0,99}[}｝](?: {0,3}[}｝])?)?|[}｝] {0,3}[}｝]"
    r"|\{(?:[^{}｛｝\n]{0,99}\}{1,2})?|\}"
)
_PAIRED = '表达式写成 {{ … }}，两边各两个半角花括号，写在同一行里；要印花括号本身，写 {{ "{" }}'

# What a DOCX cannot hold (XML 1.0 §2.2), ends a line, or turns the direction of a text.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

_ALLOWED = (
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.Neg,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
)


class Group(Mapping[str, Any]):
    """A read-only group of figures that knows its own name; the only mapping prose can reach."""

    __slots__ = ("_content", "name")

    def __init__(self, name: str, content: Mapping[str, Any]) -> None:
        """Wrap ``content`` and every mapping in it; ``name`` is what users call it."""
        self.name = name
        self._content = content

    def __getitem__(self, key: str) -> Any:
        """Return what ``key`` stands for, or say which keys there are."""
        if key not in self._content:
            raise NarrativeError(
                "P-2", f"「{self.name}」里没有「{key}」", _known(key, self._content)
            )
        value = self._content[key]
        return Group(f"{self.name}.{key}", value) if isinstance(value, Mapping) else value

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self._content)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._content)


def _known(name: str, names: Mapping[str, Any]) -> str:
    near = nearest(name, names)
    return f"是不是「{near}」？" if near else f"可用的有：{'、'.join(names)}"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's strictest environment, less everything that an expression does not need."""

    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals.clear()
        self.tests.clear()
        self.filters.clear()
        self.filters.update(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Group):
            return obj[str(argument)]
        if obj == keys.UNFILLED:
            return keys.UNFILLED
        raise NarrativeError(
            "P-2", f"「.{argument}」之前已经是一个数或一段文字，下面没有别的了", "删去后面的部分"
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if keys.UNFILLED in (left, right):
            return keys.UNFILLED
        if not (is_number(left) and is_number(right)):
            raise NarrativeError("P-3", f"「{operator}」两边应当都是数", "只对表中的数作加减乘除")
        if operator == "/":
            if right == 0:
                raise NarrativeError("P-4", "除数是 0", "改写这一句，或改用 百分比、同比")
            return Decimal(left) / Decimal(right)
        return super().call_binop(context, operator, left, right)


_SANDBOX = _Sandbox()


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> tuple[Callable[..., Any], frozenset[str]]:
    """Take an expression apart, refuse what is not allowed, and return it ready to run.

    The same sentences recur from office to office, hence the cache.
    """
    if len(expression) > LONGEST_EXPRESSION:
        raise NarrativeError("P-3", "表达式太长", f"不超过 {LONGEST_EXPRESSION} 个字符")
    try:
        parsed = _SANDBOX.parse("{{" + expression + "}}")
        for node in parsed.find_all(nodes.Expr):
            _inspect(node)
        run = _reference(parsed) or _SANDBOX.compile_expression(expression, undefined_to_none=False)
    except (TemplateSyntaxError, RecursionError) as error:
        hint = "写成 {{ 表的名字.行.栏 }}，点和括号用半角"
        raise NarrativeError("P-1", f"看不懂表达式「{expression.strip()}」", hint) from error
    names = frozenset(name.name for name in parsed.find_all(nodes.Name))
    return run, names


def _reference(parsed: nodes.Template) -> Callable[..., Any] | None:
    """Return a short way to run what is no more than names and dots, as most expressions are."""
    steps: list[str] = []
    (output,) = parsed.body
    node = output.nodes[0] if isinstance(output, nodes.Output) else output
    while isinstance(node, nodes.Getattr):
        steps.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        return None

    def follow(**names: Any) -> Any:
        value = names[name]
        for step in reversed(steps):
            value = _SANDBOX.getitem(value, step)
        return value

    name = node.name
    return follow


def _inspect(node: nodes.Expr) -> None:
    if isinstance(node, nodes.TemplateData):
        return
    if not isinstance(node, _ALLOWED):
        kind = type(node).__name__
        raise NarrativeError(
            "P-3", f"表达式里不能用这种写法（{kind}）", "只能引用表中的数、加减乘除和过滤器"
        )
    if isinstance(node, nodes.Const) and isinstance(node.value, float):
        raise NarrativeError("P-3", "表达式里不能直接写小数", "引用表中的数，或把小数写在文字里")
    name = getattr(node, "attr", None) or getattr(node, "name", None) or ""
    if isinstance(node, nodes.Getattr | nodes.Name) and name.startswith("_"):
        raise NarrativeError("P-3", f"名字不能以下划线开头：{name}", "只能引用表中的数")
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        raise NarrativeError("P-3", "方括号里只能是一个名字", "改用点号，如 表的名字.行.栏")
    if isinstance(node, nodes.Filter) and name not in FILTERS:
        raise NarrativeError("P-2", f"没有「{name}」这个过滤器", f"可用的有：{'、'.join(FILTERS)}")


def _evaluate(expression: str, context: Mapping[str, Any]) -> str:
    run, names = _compiled(expression)
    for name in sorted(names):
        if name not in context:
            if name == keys.PREVIOUS:
                message = "引用了上年的数，但没有上一年度的报告"
                raise NarrativeError(
                    "P-2", message, "把上一年度的文件放在同一个文件夹里，或改写这一句"
                )
            raise NarrativeError("P-2", f"没有「{name}」这个名字", _known(name, context))
    try:
        value = run(**{name: context[name] for name in names})
    except ArithmeticError as error:
        message = f"表达式「{expression.strip()}」算不出来，数太大"
        raise NarrativeError("P-4", message, "请核对这些数") from error
    except TypeError as error:
        if not _names_a_blank(expression, context):
            message = f"表达式「{expression.strip()}」里的数和文字不能这样比较或计算"
            raise NarrativeError("P-3", message, "只对表中的数作比较和加减乘除") from error
        value = keys.UNFILLED
    if isinstance(value, Group):
        hint = f"写到数为止，例如 {value.name}.{next(iter(value))}"
        raise NarrativeError("P-4", f"「{value.name}」是一组数，不是一个数", hint)
    if is_number(value):
        if _goes_on_for_ever(value):
            message = f"表达式「{expression.strip()}」除不尽，印出来会是 {digits(value)[:8]}…"
            raise NarrativeError("P-4", message, "占比用过滤器：{{ 部分 | 百分比(总数) }}")
        return digits(value)
    if isinstance(value, str):
        return _printable(value)
    raise NarrativeError(
        "P-4", f"表达式「{expression.strip()}」得不出数或文字", "写成对一个数的引用"
    )


def _goes_on_for_ever(value: int | Decimal) -> bool:
    """Whether a quotient was cut off where the arithmetic has no more digits.

    Times its divisor it is rounded to a whole number of as many: 2.000000000000000000000000000.
    """
    return isinstance(value, Decimal) and len(value.as_tuple().digits) >= getcontext().prec


def _printable(text: str) -> str:
    """Return what an expression says, unless a document cannot hold it or hides what it says."""
    if found := _UNPRINTABLE.search(text):
        message = f"表达式得出了看不见的控制字符 U+{ord(found[0]):04X}"
        raise NarrativeError("P-4", message, "删去表达式里的这个字符")
    return text


def _names_a_blank(expression: str, context: Mapping[str, Any]) -> bool:
    """Whether an expression uses a figure that is still to be filled in."""
    for found in re.finditer(r"\w+(?:\.\w+)*", expression):
        value: Any = context
        for step in found[0].split("."):
            value = value[step] if isinstance(value, Mapping) and step in value else None
        if value == keys.UNFILLED:
            return True
    return False


def render(
    text: str, context: Mapping[str, Any]
) -> Iterator[Segment | tuple[int, int, NarrativeError]]:
    """Yield the segments of a text in order; for an expression that fails, its place and why."""
    position = 0
    for found in EXPRESSION.finditer(text):
        yield from _literal(text, position, found.start())
        try:
            yield Segment(_evaluate(found[1], context), found.start(), found[0])
        except NarrativeError as error:
            yield found.start(), len(found[0]), error
        position = found.end()
    yield from _literal(text, position, len(text))


def _literal(
    text: str, start: int, end: int
) -> Iterator[Segment | tuple[int, int, NarrativeError]]:
    position = start
    for found in islice(_LEFT_OVER.finditer(text, start, end), MOST_LEFT_OVER):
        if position < found.start():
            yield Segment(text[position : found.start()], position)
        if found["statement"]:
            error = NarrativeError("P-3", f"文字里不能用语句「{found[0]}」", "只能用表达式 {{ … }}")
        else:
            what = "不是表达式" if found[0].strip("{｛ }｝") else "没有配对"
            error = NarrativeError("P-1", f"「{found[0]}」{what}", _PAIRED)
        yield found.start(), len(found[0]), error
        position = found.end()
    if position < end:
        yield Segment(text[position:end], position)


class Names(Mapping[str, Any]):
    """The names that a report's prose may use; what one stands for is made when it is asked for."""

    def __init__(self, report: Report) -> None:
        """Name this report's figures, and last year's where there are any."""
        self._makers: dict[str, Callable[[], Any]] = {
            keys.YEAR: lambda: report.year,
            keys.PREVIOUS_YEAR: lambda: report.year - 1,
            keys.OFFICE: lambda: report.office.name,
            keys.SHORT_NAME: lambda: report.office.short_name,
            **{name: partial(Group, name, table) for name, table in _tables(report).items()},
        }
        if report.previous:
            self._makers[keys.PREVIOUS] = partial(_last_year, report.previous)
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return what a name stands for."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a name."""
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._makers)


def _last_year(report: Report) -> Group:
    return Group(keys.PREVIOUS, {keys.YEAR: report.year, **_tables(report)})


def _tables(report: Report) -> dict[str, Branch]:
    form = report.form
    return {table: Branch(form.names, report.figures, table) for table in form.tables}


def texts_of(report: Report) -> Iterator[tuple[KeyPath, str]]:
    """Yield every text of a report that may hold expressions, in the order of the form."""
    parts = [section.key for section in report.form.sections if section.table is None]
    for key in (keys.TITLE, keys.LEAD, *parts):
        yield from _strings(report.data.get(key), (key,))


def _strings(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        if value != keys.UNFILLED:
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))


def narrate(report: Report) -> tuple[dict[KeyPath, Prose], list[Diagnostic]]:
    """Render every text of a report; a failing expression is left as typed and reported."""
    context = Names(report)
    blank = partial(_names_a_blank, context=context)
    rendered: dict[KeyPath, Prose] = {}
    findings: list[Diagnostic] = []
    texts = list(texts_of(report))
    if sum(text.count("{{") for _, text in texts) > MOST_EXPRESSIONS:
        message = f"文字里的表达式超过 {MOST_EXPRESSIONS} 处，不像是一份年度报告"
        place = Place(report.at.file, texts[0][0])
        too_many = Diagnostic.coded("P-3", place, message, "请检查是否放错了文件")
        return {path: Prose((Segment(text, 0),)) for path, text in texts}, [too_many]
    for path, text in texts:
        segments: list[Segment] = []
        for part in render(text, context):
            if isinstance(part, Segment):
                segments.append(part)
                continue
            start, length, error = part
            segments.append(
                Segment(text[start : start + length], start, text[start : start + length])
            )
            place = Place(report.at.file, path, offset=start, length=length)
            findings.append(Diagnostic.coded(error.code, place, str(error), error.hint))
        rendered[path] = Prose(tuple(segments))
        findings += unfilled.rendered(report.at.file, path, rendered[path], blank)
    return rendered, findings


def title_of(report: Report, rendered: Mapping[KeyPath, Prose]) -> str:
    """Return the report's title: the office's own, or the one that the form prescribes."""
    own = rendered.get((keys.TITLE,))
    if own:
        return own.text.strip()
    parts = render(report.form.title, Names(report))
    return "".join(part.text for part in parts if isinstance(part, Segment))
