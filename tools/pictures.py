"""
The pictures in docs/pictures/, taken of a real run: `make pictures`.

A real engine deploys examples/team-from-config to an emulator. What the terminal said becomes SVG; the emulator's page
is photographed in light, in dark and on a phone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from neetocal_emulator import Emulator

__all__ = ["as_svg", "main"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "team-from-config"
WIDTH, HEAD, TAIL = 104, 20, 5
"""Columns of a terminal, and the lines of a long text that are shown."""

VIEWS = {
    "page-light.png": {"viewport": {"width": 1100, "height": 720}, "color_scheme": "light"},
    "page-dark.png": {"viewport": {"width": 1100, "height": 720}, "color_scheme": "dark"},
    "page-phone.png": {"viewport": {"width": 390, "height": 780}, "color_scheme": "light"},
}
CHROMIUM = ("--headless=new", "--no-sandbox", "--disable-gpu")


def main() -> int:
    """
    Take all pictures anew.
    """
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, Emulator(page=True) as emulator:
        run = _Terminal(Path(folder), emulator)
        run.shot("terminal-up.svg", "pulumi up --yes --skip-preview")
        with _browser() as browser:
            for name, view in VIEWS.items():
                _photograph(browser, emulator.url, name, view)
        config = run.folder / "Pulumi.dev.yaml"
        config.write_text(config.read_text(encoding="utf-8").replace("duration: 45", "durration: 45"), encoding="utf-8")
        run.shot("terminal-mistake.svg", "pulumi preview")
        emulator.reset()
        emulator.switch(get_meeting="wrapped", slug_taken_status=409)
        run.shot("terminal-verify-api.svg", "neetocal-provider verify-api")
    for path in sorted(FOLDER.iterdir()):
        sys.stderr.write(f"{path.stat().st_size // 1024:5d} KiB  {path.relative_to(ROOT)}\n")
    return 0


class _Terminal:
    """
    A folder with the example, and a stack in it.
    """

    def __init__(self, place: Path, emulator: Emulator) -> None:
        self.folder = place / "links"
        shutil.copytree(EXAMPLE, self.folder)
        (place / "state").mkdir()
        self._environment = {
            **os.environ,
            **emulator.environment(),
            "PULUMI_BACKEND_URL": (place / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "pictures",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "COLUMNS": str(WIDTH),
        }
        self._said("pulumi stack init dev")

    def shot(self, name: str, command: str) -> None:
        """
        Run a command as in a terminal and keep what it said as a picture.
        """
        (FOLDER / name).write_text(as_svg(command, self._said(command)), encoding="utf-8")

    def _said(self, command: str) -> str:
        line = ["bash", "-c", f"{command} --color always"]
        if not command.startswith("pulumi"):
            # `script` gives the command a terminal, so that it uses colours by itself; its progress is left out.
            line = ["script", "--quiet", "--return", "--command", f"{command} 2>/dev/null", "/dev/null"]
        done = subprocess.run(line, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False)
        return done.stdout


def as_svg(command: str, said: str) -> str:
    """
    Return a picture of a command and what it said, without what differs from machine to machine.
    """
    said = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8470", said.replace("\r\n", "\n"))
    lines = [line for line in said.splitlines() if line.strip() and "@ " not in line[:12]]
    if len(lines) > HEAD + TAIL:
        lines = [*lines[:HEAD], "  …", *lines[-TAIL:]]
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.assemble(("$ ", "bold green"), command))
    for line in lines:
        console.print(Text.from_ansi(line))
    svg = console.export_svg(title=command, theme=MONOKAI)
    return _without_fonts(svg)


def _without_fonts(svg: str) -> str:
    """
    Use the reader's own fonts: nothing is loaded from elsewhere.
    """
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("error: there is no Chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()


def _photograph(browser: Browser, url: str, name: str, view: Mapping[str, object]) -> None:
    page = browser.new_page(**view)  # type: ignore[arg-type]
    page.goto(url)
    page.get_by_text("Product demo").first.wait_for()
    page.screenshot(path=FOLDER / name)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
