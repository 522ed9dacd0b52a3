"""The page to work on, as a browser that was let in sees it, without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra serve is not installed")

from starlette.testclient import TestClient

from generator.form.form import Forms
from generator.serving.app import Service
from generator.serving.door import Pass

PORT = 8000
HOST = f"http://127.0.0.1:{PORT}"


class Visitor:
    """Somebody at the page; ``client`` sends whatever a test wants it to."""

    def __init__(self, *paths: Path, forms: Forms | None = None) -> None:
        self.service = Service(paths, forms or Forms())
        self.passport = Pass(PORT)
        self.client = TestClient(self.service.app(self.passport), base_url=HOST)

    def enter(self) -> Visitor:
        assert self.client.get(f"/?token={self.passport.token}").status_code == 200
        return self

    def root(self, office: str, year: int = 2024) -> str:
        found = next(o for o in self.service.workspace.offices.values() if o.path == office)
        return f"/r/{found.id}/{year}"

    def post(self, address: str, said: Any, **headers: str) -> Any:
        return self.client.post(address, json=said, headers={"origin": HOST, **headers})

    def version(self, root: str) -> str:
        text = self.client.get(root).text
        return text.partition('data-version="')[2].partition('"')[0]

    def edit(
        self, root: str, wish: Mapping[str, Any], version: str = "", page: str = "view"
    ) -> Any:
        said = {"version": version or self.version(root), "page": page, "wish": wish}
        return self.post(f"{root}/edit", said)
