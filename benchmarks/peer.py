"""The usual way to do it: ruamel.yaml, jsonschema and docxtpl, filling a DOCX template.

It reads the same files, validates them against the same schema, computes the totals, renders the
expressions in the prose with Jinja, and fills the same tables, at the same places of the same
document, with docxtpl. It makes none of our other checks and no text file, and knows no positions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from generator.form.form import Form, Forms, Section
from generator.report.filters import FILTERS
from generator.setting.write_docx import write_docx
from generator.values.document import Document, Heading, Item, Paragraph, Table

ROOT = Path(__file__).resolve().parent.parent
TITLE = "{{ 单位 }}{{ 年度 }}年政府信息公开工作年度报告"


class Peer:
    """One process of the usual way: parser, validator and template are made once."""

    def __init__(self) -> None:
        self.form = Forms().load(2021)
        self.yaml = YAML(typ="safe")
        self.validator = Draft202012Validator(
            json.loads((ROOT / "schemas/2021.schema.json").read_text("utf-8"))
        )
        self.template = template(self.form)
        self.jinja = Environment()
        self.jinja.filters.update(FILTERS)

    def build(self, file: Path, target: Path) -> None:
        """Write the document of one report."""
        data = self.yaml.load(file.read_text("utf-8"))
        for fault in self.validator.iter_errors(data):
            raise SystemExit(f"{file}: {fault.message}")
        office = self.yaml.load((file.parent / "office.yaml").read_text("utf-8"))
        made = DocxTemplate(BytesIO(self.template))
        made.render(self.context(data, office))
        target.parent.mkdir(parents=True, exist_ok=True)
        made.save(target)

    def context(self, data: dict[str, Any], office: dict[str, Any]) -> dict[str, Any]:
        """Return what the template and the prose may name."""
        names: dict[str, Any] = {
            "年度": data["年度"],
            "单位": office["名称"],
            "简称": office["简称"],
        }
        for name, table in self.form.tables.items():
            names[name] = figures(data, table)
        names["表四"]["行政诉讼"] = {"总计": 0}
        for section in self.form.sections:
            if section.table is None:
                names[variable(section)] = [
                    self.jinja.from_string(line).render(names) for line in lines(data[section.key])
                ]
        return names


def variable(section: Section) -> str:
    """Return a section's key as Jinja takes it for a name."""
    return section.key.replace("、", "")


def template(form: Form) -> bytes:
    """Return our own document with a tag in place of every figure and a loop for the prose."""

    def items() -> Iterator[Item]:
        for section in form.sections:
            yield Heading(1, "", section.heading)
            if section.table is None:
                yield Paragraph(f"{{%p for line in {variable(section)} %}}")
                yield Paragraph("{{ line }}")
                yield Paragraph("{%p endfor %}")
            else:
                table = form.tables[section.table]
                tags = tuple(
                    f"{{{{ {table.id}.{'.'.join(path[1:])} }}}}" for path in table.grid.figures
                )
                yield Table(table.grid, tags, table.title, table.description)

    return write_docx(Document((TITLE,), "", 0, tuple(items()), form.style))


def figures(data: dict[str, Any], table: Any) -> dict[str, Any]:
    """Return a table's figures nested by key, totals computed."""
    values: dict[tuple[str, ...], Any] = {}
    for path in table.grid.figures:
        if path not in table.addends:
            values[path] = figure(data, path)
    for path, parts in table.addends.items():
        values[path] = sum(values[part] for part in parts)
    root: dict[str, Any] = {}
    for path, value in values.items():
        node = root
        for step in path[1:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = Decimal(str(value)) if isinstance(value, float) else value
    return root


def figure(data: Any, path: tuple[str, ...]) -> Any:
    """Return what was typed; a zero stands for everything below it."""
    for step in path:
        if data == 0:
            return 0
        data = data[step]
    return data


def lines(value: Any) -> Iterator[str]:
    """Yield the paragraphs of a text in their order."""
    if isinstance(value, str):
        yield from (line for line in value.split("\n") if line)
    else:
        yield from lines(value.get("概述", ""))
        for item in value.get("分项", ()):
            yield item["标题"]
            yield from lines(item["正文"])
