"""What a handler raises → an answer in words for the user; what a request says → data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from generator.drafting.edits import CannotEdit
from generator.judging.faults import for_the_maintainers
from generator.reading.source import Unreadable
from generator.serving.desk import Conflict
from generator.serving.door import JSON, Refused
from generator.serving.workspace import Unknown
from generator.system.files import reason

Arguments = ParamSpec("Arguments")
NOT_THERE = "没有这一页"


@dataclass
class Told(Exception):
    """What a request comes to that is not done: a status, and words for the user."""

    status: int
    heading: str
    lines: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """What the maintainers need of a fault of the program."""

    @property
    def text(self) -> str:
        """All of it, a line a line."""
        return "\n".join((self.heading, *self.lines, *self.details))


def answering(handler: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Let a handler's refusals, and what nobody foresaw, be answers in words for the user."""

    @wraps(handler)
    def answered(*arguments: Arguments.args, **named: Arguments.kwargs) -> Response:
        try:
            return handler(*arguments, **named)
        except Unknown as error:
            raise Told(404, NOT_THERE) from error
        except Conflict as conflict:
            said = {
                "mine": conflict.mine,
                "theirs": conflict.theirs,
                "version": conflict.now.version,
            }
            return JSONResponse(said, 409)
        except (CannotEdit, Unreadable) as error:
            raise Told(422, str(error)) from error
        except OSError as error:
            raise Told(422, f"写不了：{reason(error)}") from error
        except Exception as error:
            raise fault(error) from error

    return answered


def fault(error: Exception) -> Told:
    """Return what a person is to do after a fault of the program, and what the maintainers need."""
    todo = (
        "这是程序的问题，不是您的文件的问题，填好的都还在。",
        "没有保存的字还在这一页上：先复制出来，再刷新，看看刚才的改动在不在。",
        "一再出现的，把下面几行连同这个机关的文件夹发给维护者。",
    )
    details = (f"{type(error).__name__}: {error}", *for_the_maintainers(error))
    return Told(500, "程序出错了", todo, details)


async def said_in(request: Request) -> Mapping[str, Any]:
    """Return what a request says; nothing of one that is no object."""
    if request.headers["content-type"].partition(";")[0].strip() != JSON:
        return {}
    try:
        said = json.loads(await request.body())
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


async def refused(_request: Request, refusal: Refused) -> Response:
    """Answer what the door did not let in, once its body was seen."""
    return PlainTextResponse(refusal.reason, refusal.status)
