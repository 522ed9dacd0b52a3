"""The JSON Schema of an office's reports, made from the tables of their form.

What a form prints is said once, in ``templates/<form>/tables/`` and ``edition.yaml``; what the
reports of all forms share, in ``templates/report.yaml``. ``make schemas`` writes
``schemas/<form>.schema.json`` from them, for the checks and for editors (YAML language server).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from generator.form import files
from generator.form.expressions import filled
from generator.form.tables import TableForm
from generator.reading import source
from generator.values import keys
from generator.values.grid import FigurePath
from generator.values.nearest import meant
from generator.values.numerals import numbered

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COUNT = "count"
"""The kind of a figure whose table says nothing else."""


def report_schema(
    head: Mapping[str, Any],
    tables: Mapping[str, TableForm],
    shared: source.Source,
    numbering: str,
) -> Schema:
    """Return the schema of the reports under a form.

    ``head`` is the content of its ``edition.yaml``, ``tables`` are known by their identifiers,
    ``shared`` is ``templates/report.yaml``, ``numbering`` the first part's number.

    Raises:
        source.Unreadable: a text there calls a word that there is not.
    """
    data = shared.data
    maker = _Maker(tables, data)
    words = {"form": head["edition"], "basis": head["basis"], "first_year": head["first_year"]}
    parts = {
        section["key"]: maker.part(section, numbered(numbering, count))
        for count, section in enumerate(head["sections"], 1)
    }

    def said(*path: str) -> str:
        return filled(shared, path, str(reduce(getitem, path, data)), words)

    first = {
        key: {**entry, "description": said("head", key, "description")}
        for key, entry in data["head"].items()
    }
    first[keys.FORM]["const"] = head["edition"]
    schema: Schema = {
        "$schema": _DIALECT,
        "$id": f"urn:nianbao:{head['edition']}",
        "title": said("title"),
        "description": said("description"),
        "type": "object",
        "properties": {**first, **parts, **data["foot"]},
        "required": [*data["required"], *parts],
        "additionalProperties": False,
    }
    _check_references(shared)
    schema["$defs"] = maker.definitions(schema)
    if fault := files.fault_of_schema(schema):
        path, message = fault
        near = next((key for key in ("head", "foot") if set(path) & set(data[key])), "definitions")
        raise files.wrong(shared, (near, *path[1:]), message)
    return schema


def _check_references(shared: source.Source) -> None:
    known = shared.data["definitions"]
    for path, value in shared.walk():
        if path[-1:] == ("$ref",) and (name := str(value).rpartition("/")[2]) not in known:
            raise files.wrong(shared, path, f"没有「{name}」这个定义{meant(name, known)}")


def written(schema: Mapping[str, Any]) -> str:
    """Return a schema as it is kept in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


class _Maker:
    """Describes the parts of a report; rows with the same columns are defined once."""

    def __init__(self, tables: Mapping[str, TableForm], shared: Mapping[str, Any]) -> None:
        self._tables = tables
        self._ends: Mapping[str, str] = shared["ends"]
        rows = [
            self._row(table, [path[1:] for path in table.figures_by_row[row]])
            for table in tables.values()
            for row in table.rows
        ]
        repeated = [row for index, row in enumerate(rows) if row in rows[:index]]
        self._rows: dict[str, Schema] = {}
        for row in repeated:
            if row not in self._rows.values():
                self._rows[f"row_{len(self._rows) + 1}"] = row
        self._definitions: Schema = shared["definitions"] | self._rows

    def part(self, section: Mapping[str, Any], number: str) -> Schema:
        """Describe a part of the report, prose or table."""
        table = self._tables.get(section.get("table", ""))
        end = self._ends["table" if table else "text"]
        title = {"title": number + section["heading"], "description": section.get("note", "") + end}
        return title | (self._group(table, ()) if table else _reference("text"))

    def definitions(self, schema: Schema) -> Schema:
        """Return the definitions that the schema refers to, directly or not."""
        used: set[str] = set()
        waiting = list(_references(schema))
        while waiting:
            name = waiting.pop()
            if name not in used:
                used.add(name)
                waiting += _references(self._definitions[name])
        return {name: entry for name, entry in self._definitions.items() if name in used}

    def _node(self, table: TableForm, steps: FigurePath) -> Schema:
        """Describe what stands at ``steps`` below the table's key: a figure, a row or a group."""
        below = [path[1:] for path in table.grid.figures if path[1 : len(steps) + 1] == steps]
        described = {"title": _title(table, steps, below[0])}
        if below == [steps]:
            note = self._note(table, steps, "figure")
            return described | {"description": note} | _reference(_kind(table, steps))
        is_row = all(len(path) == len(steps) + 1 for path in below)
        described["description"] = self._note(table, steps, "row" if is_row else "group")
        if not is_row:
            return described | self._group(table, steps)
        row = self._row(table, below)
        name = next((name for name, known in self._rows.items() if known == row), "")
        return described | (_reference(name) if name else row)

    def _group(self, table: TableForm, steps: FigurePath) -> Schema:
        """Describe a group: every key is needed but the total's, a declared zero stands for all."""
        depth = len(steps) + 1
        inner = dict.fromkeys(p[depth] for p in table.grid.figures if p[1:depth] == steps)
        properties = {key: self._node(table, (*steps, key)) for key in inner}
        needed = [key for key in inner if key != table.total]
        return _or_zero(properties, {"required": needed})

    def _row(self, table: TableForm, figures: Sequence[FigurePath]) -> Schema:
        """Describe a row: a column that is left out is zero."""
        return _or_zero(
            {steps[-1]: self._column(table, steps) for steps in figures}, {"minProperties": 1}
        )

    def _column(self, table: TableForm, steps: FigurePath) -> Schema:
        note = table.filling.columns.get(steps[-1], "") + self._ends["column"]
        if steps[-1] == table.total:
            note = self._ends["total_column"]
        described = {"title": _title(table, steps, steps), "description": note}
        return described | _reference(_kind(table, steps))

    def _note(self, table: TableForm, steps: FigurePath, kind: str) -> str:
        """Return the note of a row, a figure of its own or a group, with what belongs to each."""
        default = self._ends["total_row"] if steps[-1] == table.total else ""
        note = table.filling.notes.get(steps, default)
        return note + ("" if kind == "group" else table.filling.unit) + self._ends[kind]


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_zero(properties: Schema, demand: Schema) -> Schema:
    """Describe keys in place of which a declared zero may stand."""
    described = {"type": "object", "properties": properties, **demand}
    described["additionalProperties"] = False
    return {"default": keys.UNFILLED, "oneOf": [described, _reference("zero")]}


def _kind(table: TableForm, steps: FigurePath) -> str:
    return table.filling.kinds.get(steps[-1], _COUNT)


def _title(table: TableForm, steps: FigurePath, figure: FigurePath) -> str:
    """Return the printed label of what stands at ``steps``, of which ``figure`` is one.

    The labels to the left of a figure name its keys up to the row's, those above it the column's;
    without any to the left, those above it name them all. A total's row may span its group's label.
    """
    labels = table.grid.labels[table.key, *figure]
    of_rows = max(len(figure) - 1, 1) if labels.row else 0
    if len(steps) > of_rows:
        return labels.column[len(steps) - len(figure) - 1]
    index = len(steps) - 1 - of_rows + len(labels.row)
    return labels.row[index] if index >= 0 else steps[-1]


def _references(node: Any) -> Iterator[str]:
    """Yield the names of the definitions that a part of a schema refers to."""
    if isinstance(node, list):
        for inner in node:
            yield from _references(inner)
    elif isinstance(node, dict):
        for key, inner in node.items():
            if key == "$ref":
                yield str(inner).rpartition("/")[2]
            else:
                yield from _references(inner)
