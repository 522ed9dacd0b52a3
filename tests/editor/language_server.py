"""A small client for a language server: what an editor does, over standard input and output."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

Message = dict[str, Any]


class LanguageServerError(Exception):
    """The server answered with an error, ended early or kept silent."""


@dataclass(frozen=True)
class Underline:
    """One underlined place; lines count from 1, as editors show them."""

    line: int
    text: str
    message: str


@dataclass(frozen=True)
class Document:
    """A text that is open in the editor; it need not exist on disk."""

    uri: str
    text: str

    def position(self, after: str) -> Message:
        """Place the cursor behind the first occurrence of a piece of text."""
        lines = self.text[: self.text.index(after) + len(after)].split("\n")
        return {"line": len(lines) - 1, "character": _units(lines[-1])}

    def between(self, start: Message, end: Message) -> str:
        """Give the text between two positions."""
        return self.text[self._offset(start) : self._offset(end)]

    def _offset(self, position: Message) -> int:
        lines = self.text.split("\n")
        before = sum(len(line) + 1 for line in lines[: position["line"]])
        line = lines[position["line"]].encode("utf-16-le")
        return before + len(line[: 2 * position["character"]].decode("utf-16-le"))


def _units(text: str) -> int:
    """Count as the protocol does: in UTF-16, where rare characters (𠮷) are two."""
    return len(text.encode("utf-16-le")) // 2


class LanguageServer:
    """A running language server; use it in a `with` statement, which ends the process."""

    def __init__(
        self,
        command: Sequence[str | Path],
        root: Path,
        settings: Mapping[str, object],
        timeout: float = 20,
    ) -> None:
        """Start `command` for the folder `root`; `settings` are the user's, by section."""
        self.command = command
        self._settings = settings
        self._timeout = timeout
        self._requests = 0
        self._published: dict[str, list[Message]] = {}
        self._incoming: queue.Queue[Message | None] = queue.Queue()
        self._process = subprocess.Popen(
            [str(part) for part in command],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._initialize(root)
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        """Give the server itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ask the server to end, and end it in any case."""
        try:
            self._request("shutdown")
            self._notify("exit")
            self._process.wait(self._timeout)
        finally:
            self._end()

    def open(self, path: Path, text: str) -> Document:
        """Open a text as if it were the file at `path`; each path once."""
        document = Document(path.as_uri(), text)
        item = {"uri": document.uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": item})
        return document

    def underlined(self, document: Document) -> list[Underline]:
        """Wait for the server's judgement on a document."""
        deadline = time.monotonic() + self._timeout
        while document.uri not in self._published:
            self._handle(self._next(deadline, "judgement on the document"))
        return [
            Underline(
                line=found["range"]["start"]["line"] + 1,
                text=document.between(**found["range"]),
                message=found["message"],
            )
            for found in self._published[document.uri]
        ]

    def hover(self, document: Document, on: str) -> str:
        """Give the note shown when the pointer rests on the end of a piece of text."""
        position = document.position(on)
        position["character"] -= 1
        answer = self._ask("textDocument/hover", document, position)
        return str(answer["contents"]["value"]) if answer else ""

    def completions(self, document: Document, after: str) -> dict[str, str]:
        """Give the list that opens with the cursor behind a piece of text: label → inserted."""
        answer = self._ask("textDocument/completion", document, document.position(after))
        return {item["label"]: item["textEdit"]["newText"] for item in answer["items"]}

    def _initialize(self, root: Path) -> None:
        folder = {"uri": root.as_uri(), "name": root.name}
        capabilities = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"snippetSupport": True}},
                "publishDiagnostics": {},
            },
        }
        self._request(
            "initialize",
            {
                "processId": os.getpid(),  # the server ends when this process is gone
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "capabilities": capabilities,
            },
        )
        self._notify("initialized", {})

    def _ask(self, method: str, document: Document, position: Message) -> Any:
        place = {"textDocument": {"uri": document.uri}, "position": position}
        return self._request(method, place)

    def _request(self, method: str, params: Message | None = None) -> Any:
        self._requests += 1
        number = self._requests
        self._send({"id": number, "method": method}, params)
        deadline = time.monotonic() + self._timeout
        while True:
            message = self._next(deadline, f"answer to {method}")
            if "method" in message or message["id"] != number:
                self._handle(message)
            elif "error" in message:
                raise LanguageServerError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def _notify(self, method: str, params: Message | None = None) -> None:
        self._send({"method": method}, params)

    def _handle(self, message: Message) -> None:
        """Do what the server asks of an editor."""
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            published = message["params"]
            self._published[published["uri"]] = published["diagnostics"]
        elif method == "workspace/configuration":
            sections = [item["section"] for item in message["params"]["items"]]
            settings = [self._settings.get(section) for section in sections]
            self._send({"id": message["id"], "result": settings})
        elif method and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Message, params: Message | None = None) -> None:
        if params is not None:
            message["params"] = params
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self._process.stdin.flush()
        except OSError as error:
            raise LanguageServerError("the server has ended") from error

    def _next(self, deadline: float, awaited: str) -> Message:
        try:
            message = self._incoming.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise LanguageServerError(f"no {awaited} in {self._timeout} s") from None
        if message is None:
            raise LanguageServerError(f"no {awaited}: the server has ended")
        return message

    def _read(self) -> None:
        """Put every message of the server in the queue, and None at its end."""
        assert self._process.stdout
        while (message := _read_message(self._process.stdout)) is not None:
            self._incoming.put(message)
        self._incoming.put(None)

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):  # what could not be sent to a server that has ended
            self._process.stdin.close()
        self._process.stdout.close()


def _read_message(stream: IO[bytes]) -> Message | None:
    """Read headers, an empty line, and a body as long as the headers say."""
    length = 0
    while header := stream.readline().strip():
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = stream.read(length)
    return dict(json.loads(body)) if length and len(body) == length else None
