"""The examples' pages, and what judges them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.setting.write_html import write_fragment, write_html
from generator.setting.write_index import Entry, write_index
from support import example_documents

BARE = '<!DOCTYPE html><html lang="zh-CN"><title>年度报告</title><main>\n{}</main></html>\n'
"""A site's page that brings nothing of its own but what every page has."""


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return each example as a page of its own, and pasted into a bare one."""
    folder = tmp_path_factory.mktemp("pages")
    written = []
    for name, document in example_documents().items():
        stem = name.replace("/", "-")
        own, pasted = folder / f"{stem}.html", folder / f"{stem}-pasted.html"
        own.write_bytes(write_html(document))
        pasted.write_text(BARE.format(write_fragment(document).decode()), encoding="utf-8")
        written += [own, pasted]
    index = folder / "index.html"
    some = [
        Entry("甲镇人民政府", "乡镇人民政府", year, {"html": own.name}) for year in (2023, 2024)
    ]
    index.write_bytes(write_index([*some, Entry("乙局", "政府部门", 2024)], ["html", "docx"]))
    return [*written, index]
