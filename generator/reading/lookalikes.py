"""Names of files that look like an office's and are none: 2025年.yaml, 2025.yaml.txt, Office.yml.

Nobody would look at such a file, and whoever saved it believes that it was checked.
"""

from __future__ import annotations

import re
import unicodedata

_YAML = re.compile(r"\.ya?ml(?:\.(?:txt|ya?ml))?\Z", re.IGNORECASE)
"""Windows hides the last ending: what looks like 2025.yaml in the folder is 2025.yaml.txt."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)", re.ASCII)


def meant_name(name: str, office_file: str, *, is_office: bool) -> str:
    """Return what a file should be called to be read, empty where nothing of ours is meant.

    In a folder that is no office (``is_office``) other people's files may have a year in their
    names: there, only a name that begins with it is meant to be a report.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    ending = _YAML.search(plain)
    if not ending:
        return ""
    stem = plain[: ending.start()].strip()
    if re.fullmatch(rf"{office_file.partition('.')[0]}(?:\W.*)?", stem, re.IGNORECASE):
        return office_file if name != office_file else ""
    years = set(_YEAR.findall(stem if is_office else stem[:5]))
    return f"{years.pop()}.yaml" if len(years) == 1 else ""
