"""A quick answer to whether small data fits a schema: yes, or "ask the thorough judge".

Compiling a schema pays where thousands of reports are judged by it. The files of a form are judged
once a run: walking the schema beside the data costs a millisecond, compiling would cost a hundred.
Whatever a schema says that is not known here is answered with no, so that nothing wrong passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "null": (type(None),),
}
_ANNOTATIONS: Final = frozenset(("$schema", "$id", "$defs", "$comment", "title", "description"))


class QuickJudge:
    """One schema (Draft 2020-12, the keywords that our own schemas of a form's files use)."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Keep the schema; nothing is prepared."""
        self._schema = schema

    def accepts(self, data: Any) -> bool:
        """Whether ``data`` surely fits."""
        return self._fits(self._schema, data)

    def _fits(self, schema: Mapping[str, Any], data: Any) -> bool:
        return all(
            keyword in _ANNOTATIONS or self._holds(keyword, wanted, schema, data)
            for keyword, wanted in schema.items()
        )

    def _holds(self, keyword: str, wanted: Any, schema: Mapping[str, Any], data: Any) -> bool:
        match keyword:
            case "$ref":
                return self._fits(self._schema["$defs"][wanted.rpartition("/")[2]], data)
            case "type":
                return any(_is(data, name) for name in _listed(wanted))
            case "enum":
                return data in wanted and not isinstance(data, bool)
            case "const":
                return bool(data == wanted) and not isinstance(data, bool)
            case "allOf":
                return all(self._fits(each, data) for each in wanted)
            case "if":
                return not self._fits(wanted, data) or self._fits(schema.get("then", {}), data)
            case "then":
                return True
        if isinstance(data, dict):
            return self._object_holds(keyword, wanted, schema, data)
        if isinstance(data, list):
            return self._list_holds(keyword, wanted, data)
        return _scalar_holds(keyword, wanted, data)

    def _object_holds(
        self, keyword: str, wanted: Any, schema: Mapping[str, Any], data: dict[str, Any]
    ) -> bool:
        match keyword:
            case "properties":
                return all(self._fits(wanted[key], data[key]) for key in data if key in wanted)
            case "required":
                return all(key in data for key in wanted)
            case "additionalProperties":
                others = [data[key] for key in data if key not in schema.get("properties", {})]
                return not others if wanted is False else all(self._fits(wanted, o) for o in others)
            case "minProperties":
                return len(data) >= int(wanted)
            case "maxProperties":
                return len(data) <= int(wanted)
        return keyword in _OF_LISTS or keyword in _OF_SCALARS

    def _list_holds(self, keyword: str, wanted: Any, data: list[Any]) -> bool:
        match keyword:
            case "items":
                return all(self._fits(wanted, each) for each in data)
            case "minItems":
                return len(data) >= int(wanted)
            case "maxItems":
                return len(data) <= int(wanted)
        return keyword in _OF_OBJECTS or keyword in _OF_SCALARS


_OF_OBJECTS: Final = frozenset(
    ("properties", "required", "additionalProperties", "minProperties", "maxProperties")
)
_OF_LISTS: Final = frozenset(("items", "minItems", "maxItems"))
_OF_SCALARS: Final = frozenset(("pattern", "minimum", "maximum"))


def _scalar_holds(keyword: str, wanted: Any, data: Any) -> bool:
    match keyword:
        case "pattern":
            return not isinstance(data, str) or re.search(wanted, data) is not None
        case "minimum":
            return not _is(data, "number") or bool(data >= wanted)
        case "maximum":
            return not _is(data, "number") or bool(data <= wanted)
    return keyword in _OF_OBJECTS or keyword in _OF_LISTS


def _is(data: Any, name: str) -> bool:
    """Whether data is of a JSON type; ``true`` is no number here, as it is none in JSON."""
    return isinstance(data, _TYPES[name]) and (name == "boolean" or not isinstance(data, bool))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
