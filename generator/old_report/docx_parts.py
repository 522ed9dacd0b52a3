"""Opens a DOCX as an archive of XML, within bounds and without following anything out of it."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any, cast

from lxml import etree

from generator.old_report.blocks import Refused

MOST_PARTS = 5_000
LARGEST_PART = 30_000_000
"""Bytes of one part, unpacked. The main part of a report has some 200 KB."""

_REPAIR = "用 Word 或 WPS 打开（提示修复时选「是」），另存为 DOCX 后再导入"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class DocxParts:
    """The parts of a DOCX that make up its text. External references are never looked at."""

    def __init__(self, content: bytes) -> None:
        """Open the archive.

        Raises:
            Refused: it is broken, no DOCX, or made to do harm.
        """
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            names = self._archive.namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("DOCX 文件已损坏，打不开", _REPAIR) from error
        if len(names) > MOST_PARTS:
            raise Refused("压缩包里的文件多得不像一份 DOCX", _REPAIR)
        self._names = set(names)
        self.main = self._main()

    def tree(self, name: str) -> Any | None:
        """Return the root of an XML part, ``None`` where there is no such part.

        Raises:
            Refused: the part is broken, too large, or declares entities.
        """
        if name not in self._names:
            return None
        content = self._read(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content.replace(_STRICT.encode(), WORD.encode()), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Refused("DOCX 文件的内容已损坏，读不出来", _REPAIR) from error
        if root is None or cast(Any, root.getroottree().docinfo).doctype:
            raise Refused("DOCX 文件里有外来的定义（DTD、实体），不读", _REPAIR)
        return root

    def beside(self, name: str) -> Any | None:
        """Return the root of the part ``name`` in the folder of the main part."""
        return self.tree(posixpath.join(posixpath.dirname(self.main), name))

    def _main(self) -> str:
        """Follow the package's relations to the main part, as its name is free."""
        relations = self.tree("_rels/.rels")
        if relations is not None:
            for relation in relations.iter(_RELATIONS):
                if str(relation.get("Type", "")).endswith("/officeDocument"):
                    target = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
                    if target in self._names and target.startswith("word"):
                        return target
        if "word/document.xml" in self._names:
            return "word/document.xml"
        raise Refused(self._other_kind(), "用 Word 或 WPS 打开，「另存为」DOCX（*.docx）后再导入")

    def _other_kind(self) -> str:
        if "mimetype" in self._names and b"opendocument" in self._read("mimetype"):
            return "这是 ODT 等 OpenDocument 文件，不是 DOCX"
        if any(name.startswith(("xl/", "ppt/")) for name in self._names):
            return "这是 Excel 或 PowerPoint 文件，不是 DOCX"
        return "这是压缩包，不是 DOCX"

    def _read(self, name: str) -> bytes:
        """Unpack a part; what it says of its own size is not believed."""
        try:
            with self._archive.open(name) as part:
                content = part.read(LARGEST_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise Refused("DOCX 文件已损坏，或者加了密码", _REPAIR) from error
        if len(content) > LARGEST_PART:
            limit = LARGEST_PART // 1_000_000
            raise Refused(f"DOCX 里有一部分展开后超过 {limit} MB，不像是一份年度报告", _REPAIR)
        return content
