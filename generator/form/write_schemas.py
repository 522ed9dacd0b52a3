"""Writes ``schemas/<form>.schema.json`` for editors: ``make schemas``.

The program itself makes a form's schema when it loads the form; the files are for the YAML language
server, which gives completion, explanations and errors while a report is written. Somebody with
forms of their own runs ``python -m generator.form.write_schemas FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.form.form import Form, Forms
from generator.form.report_schema import written
from generator.values.diagnostics import Refusal


def schema_file(forms: Forms, form: Form) -> Path:
    """Return where a form's schema is kept."""
    return forms.root / "schemas" / f"{form.id}.schema.json"


def main(*arguments: str) -> str | None:
    """Write the schemas of all forms under a folder, by default those of the program.

    Returns what is wrong with a form, which is left as it was with those after it.
    """
    forms = Forms(Path(arguments[0]) if arguments else None)
    try:
        for number in forms.first_years:
            form = forms.load(number)
            schema_file(forms, form).write_text(written(form.shape.schema), "utf-8")
    except Refusal as refusal:
        return "\n".join(
            f"{each.place.file}:{each.position.line}: {each.code} {each.message}"
            for each in refusal.findings
        )
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
