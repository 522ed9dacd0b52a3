"""The wording of a county's letters to its members, as ``templates/letters/`` has it.

A county may change it: which words a text may call stands beside its key in the schema of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.form import files
from generator.form.files import Files
from generator.reading import source
from generator.values.nearest import meant

OWN: Final = Path("templates", "letters")
"""Where a county has wording of its own, below its folder."""
_SANDBOX = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def letter_words(shared: Files, name: str, county: Path | None = None) -> Mapping[str, str]:
    """Return the texts of one kind of letter (``files.LETTERS``).

    A file of that name below the folder of a ``county`` stands in place of the usual one.

    Raises:
        source.Unreadable: a text calls a word that there is not, or is no template, with its line.
    """
    read = shared[f"letters/{name}.yaml"]
    if county and (own := county / OWN / f"{name}.yaml").is_file():
        read = files.read_file(own, f"letter_{name}")
    for key, text in read.data.items():
        words = files.described(f"letter_{name}", key).get("words")
        if words:
            _check(read, key, text, words)
    texts: Mapping[str, str] = read.data
    return texts


def filled(text: str, known: Mapping[str, Any]) -> str:
    """Return a text of a letter with what its words stand for."""
    return _SANDBOX.from_string(text).render(known)


def _check(read: source.Source, key: str, text: str, words: Sequence[str]) -> None:
    try:
        called = meta.find_undeclared_variables(_SANDBOX.parse(text))
        for word in sorted(called - set(words)):
            near = meant(word, words) or f"；可用的有 {'、'.join(words)}"
            raise files.wrong(read, (key,), f"「{word}」不是这里可用的词{near}")
        filled(text, dict.fromkeys(words, "1"))
    except TemplateSyntaxError as error:
        message = "写法不对，词写成 {{ 词 }}，条件写成 {% if 词 %}…{% endif %}"
        raise files.wrong(read, (key,), message) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise files.wrong(read, (key,), "用词的写法不对，只写词本身") from error
