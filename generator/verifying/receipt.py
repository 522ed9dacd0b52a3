"""A short record of a comparison for the files of whoever asked for it."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from generator.report.report import Report
from generator.values.diagnostics import Diagnostic
from generator.values.printable import printable


def receipt_of(
    report: Report, published: Path, verified_on: datetime.date, found: Sequence[Diagnostic]
) -> str:
    """Return the record as lines ``what: value``: report, page, digests, date and result.

    The date is the user's; the digests (SHA-256) say which two files were compared.

    Raises:
        OSError: a file is no longer there.
    """
    counts = Counter(finding.code for finding in found)
    listed = "、".join(f"{code} {count} 处" for code, count in sorted(counts.items()))
    lines = {
        "机关": report.office.name,
        "年度": str(report.year),
        "年报": f"{report.source.file.name}（SHA-256 {_digest(report.source.file)}）",
        "公布的文件": f"{published.name}（SHA-256 {_digest(published)}）",
        "核对日期": verified_on.isoformat(),
        "结果": f"不一致：{listed}" if found else "一致",
    }
    heads = "".join(f"{name}: {printable(value)}\n" for name, value in lines.items())
    return heads + "".join(f"- {each.code} {printable(each.message)}\n" for each in found)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
