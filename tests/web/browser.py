"""The distribution's Chromium, driven by playwright."""

import shutil

from playwright.sync_api import Browser, Playwright

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """Start the browser `script/setup dev` installed; it asks no host of its own accord."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is missing; run script/setup dev"
    return playwright.chromium.launch(executable_path=path, args=QUIET)
