"""Takes the pictures of the page to work on that the documentation shows: ``make screenshots``."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from browsing import Desk, browser, served
from support import EXAMPLES, ROOT

IMAGES = ROOT / "docs" / "images"
OFFICE = "演示县柳河镇人民政府"
SETTLED = 1.2
"""Seconds until a page has come to rest."""


def main() -> None:
    """Work at a copy of the examples and take the pictures on the way."""
    os.environ["NIANBAO_TODAY"] = "2025-01-15"  # the same pictures whenever they are taken
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        reports = Path(shutil.copytree(EXAMPLES, Path(folder) / "reports"))
        file = reports / "yanshi" / "liuhe" / "2024.yaml"
        with served(reports) as address:
            page = chromium.new_page(viewport={"width": 1280, "height": 720})
            desk = Desk(page, address).open()
            take(desk, "serve-overview")
            desk.report(OFFICE)
            root = page.url
            page.goto(f"{root}/part/1")
            write(desk)
            take(desk, "serve-prose")
            page.goto(f"{root}/part/3")
            field = page.locator("#grid input").first
            field.fill("9")
            field.press("Tab")
            desk.saved()
            take(desk, "serve-table")
            page.goto(root)
            page.wait_for_selector("#published")
            time.sleep(SETTLED)
            page.locator(".finding .place").first.click()
            take(desk, "serve-finding")
            page.goto(f"{root}/part/3")
            field.fill("7")
            text = file.read_text("utf-8").replace("年度: 2024", "年度: 2024  # 已送审", 1)
            file.write_text(text, "utf-8")
            field.press("Tab")
            page.wait_for_selector("#conflict[open]")
            take(desk, "serve-conflict")


def write(desk: Desk) -> None:
    """Leave a sentence in the prose that something is found in."""
    desk.page.locator(".words p").first.click()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type("全年公开信息30条，其中网站18条、公开栏10条。")
    desk.page.keyboard.press("Control+s")
    desk.saved()
    desk.page.locator("h1").click()


def take(desk: Desk, name: str) -> None:
    """Take a picture of what is shown."""
    time.sleep(SETTLED)
    desk.page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
