"""``python -m api serve``: serve the page and the API."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence

import uvicorn
from pydantic import ValidationError

from api.main import create_app
from api.settings import Settings, settings_table
from nlp.errors import ReferralQualityError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* name; give its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (ReferralQualityError, ValidationError) as error:
        print(error, file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True)
    serve = commands.add_parser("serve", help="serve the page and the API")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on")
    serve.set_defaults(run=_serve)
    show = commands.add_parser("settings", help="print every setting with its default")
    show.set_defaults(run=_show_settings)
    return parser


def _serve(options: argparse.Namespace) -> int:
    settings = Settings()
    if reason := _why_not_listen(options.host, options.port):
        print(f"Cannot listen on {options.host}:{options.port}: {reason}. Choose another --port.")
        return 1
    app = create_app(settings=settings)
    print(f"Referral check: http://{options.host}:{options.port}/refer (stop with Ctrl+C)")
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        access_log=False,  # it writes paths with their queries; RequestLog has a line of its own
        log_config=None,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
    return 0


def _why_not_listen(host: str, port: int) -> str | None:
    """Asked before the start: the server's own line about it is not fit for our log."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or "the address cannot be used"
    return None


def _show_settings(_options: argparse.Namespace) -> int:
    print(settings_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
