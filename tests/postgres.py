"""A temporary PostgreSQL server on a socket of its own, from Debian's package."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin")
# Nothing here must outlive the test, so nothing waits for the disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


@dataclass
class PostgreSQL:
    """A running server."""

    folder: Path
    programs: Path
    migrated: bool = False

    @property
    def url(self) -> str:
        """Its address: a socket in its folder, which no other machine can reach."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def stop(self, *, mode: str = "immediate") -> None:
        """Stop the server."""
        _run(self.programs / "pg_ctl", "-D", self.folder / "db", "-m", mode, "stop")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log, options = self.folder / "log", f"-k {self.folder} {OPTIONS}"
        _run(
            self.programs / "pg_ctl",
            "-D",
            self.folder / "db",
            "-w",
            "-l",
            log,
            "-o",
            options,
            "start",
        )


def start_postgres(folder: Path) -> PostgreSQL:
    """Make a server in *folder* and start it; the test fails where PostgreSQL is not installed."""
    server = PostgreSQL(folder, _programs())
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    _run(
        server.programs / "initdb",
        "-D",
        folder / "db",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale",
        "C.UTF-8",
        "-N",
    )
    server.start()
    return server


def _programs() -> Path:
    found = sorted(path for place in PLACES for path in Path("/").glob(f"{place[1:]}/initdb"))
    if not found:
        pytest.fail("PostgreSQL was not found: install Debian's postgresql, as `make test` does")
    return found[-1].parent


def _run(*command: str | Path) -> None:
    """Run as postgres where we are root: the server refuses to run as root."""
    user = pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        user=user,
    )
    assert done.returncode == 0, done.stderr.decode()
