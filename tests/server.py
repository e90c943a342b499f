"""A real server: `geo-registry serve` in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

COMMAND = str(Path(sys.executable).parent / "geo-registry")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    environment: Mapping[str, str], *, command: tuple[str, ...] = (), cwd: Path | None = None
) -> Iterator[str]:
    """Serve, give the base address, stop."""
    port = free_port()
    program = command or (COMMAND,)
    process = subprocess.Popen(
        [*program, "serve", "--port", str(port)], env={**clean(), **environment}, cwd=cwd,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base, process)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=30)


def wait_for(base: str, process: subprocess.Popen[str]) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            if httpx.get(f"{base}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def clean() -> dict[str, str]:
    """Return the environment without settings of this project."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GEO_REGISTRY_")}
