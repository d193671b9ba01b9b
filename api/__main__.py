"""``python -m api``: ``serve``, ``score`` a file, ``import`` an export, list ``settings``."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import uvicorn
from pydantic import ValidationError

from api.assessor import Assessor
from api.commands.access import add_access
from api.commands.audit import add_audit
from api.commands.figures import add_figures
from api.commands.keys import add_keys
from api.commands.retention import add_retention
from api.commands.silent import add_silent
from api.commands.watch import add_watch
from api.demonstration.contacts import start_filling
from api.demonstration.people import seed_people
from api.examples import load_examples
from api.main import create_app
from api.settings import Settings, settings_table
from api.store.opening import open_store
from nlp.domain import Form
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
    _add_score(commands)
    _add_import(commands)
    show = commands.add_parser("settings", help="print every setting with its default")
    show.set_defaults(run=_show_settings)
    for add in (add_audit, add_retention, add_keys, add_access, add_figures, add_silent, add_watch):
        add(commands)
    return parser


def _add_score(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    score = commands.add_parser("score", help="score a file of contacts")
    score.add_argument("source", type=Path, metavar="IN", help="CSV, JSONL, XLSX or Parquet")
    score.add_argument("--output", type=Path, required=True, metavar="OUT", help="the same formats")
    score.add_argument("--framework", help="threshold document for rows that name none")
    score.add_argument("--workers", type=int, help="processes; one a core if not given")
    score.add_argument("--dask", metavar="tcp://…", help="run on this Dask cluster instead")
    score.set_defaults(run=_score)


def _add_import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = commands.add_parser("import", help="import an export of another system")
    importing.add_argument("source", type=Path, metavar="FILE", help="CSV or XLSX with headings")
    importing.add_argument("--profile", required=True, help="how its columns map: ssd_contacts, …")
    importing.add_argument("--dry-run", action="store_true", help="only say what would be done")
    importing.add_argument("--form", type=Form, help="referral or ppn, for rows that do not say")
    importing.add_argument("--agency", help="id of the agency that sent rows that do not say")
    importing.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    # Only here: serving the other commands needs none of the table formats.
    from api.intake.importing.command import import_file, rejected_file

    settings = Settings()
    keys = Path(settings.keys_file) if settings.keys_file else None
    store = open_store(settings.database_url, folder=Path(settings.data_folder), keys_file=keys)
    store.migrate()
    plan = import_file(
        store,
        options.source,
        profile=options.profile,
        dry_run=options.dry_run,
        form=options.form,
        agency=options.agency,
    )
    store.close()
    done = "would be imported" if options.dry_run else "imported"
    print(f"{len(plan.new)} contacts {done}, {plan.history} of them as history")
    print(f"{plan.repeated} had been imported before")
    if plan.rejected:
        print(f"{len(plan.rejected)} rows rejected: see {rejected_file(options.source)}")
    return 0


def _score(options: argparse.Namespace) -> int:
    # Only here: serving needs none of the table formats.
    from api.bulk.run import score_file

    result = score_file(
        options.source,
        options.output,
        framework=options.framework,
        workers=options.workers,
        dask=options.dask,
    )
    print(f"{result.scored} contacts scored into {options.output}")
    if result.problems:
        print(f"{result.problems} rows could not be scored: see {result.problems_file}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    settings = Settings()
    if reason := _why_not_listen(options.host, options.port):
        print(f"Cannot listen on {options.host}:{options.port}: {reason}. Choose another --port.")
        return 1
    app = create_app(settings=settings)
    app.state.store.migrate()
    if settings.demo_mode:
        seed_people(app.state.store)
    _warm(app.state.assessor)
    if settings.demo_mode:
        start_filling(app.state.store, app.state.assessor)
    print(f"Referral check: http://{options.host}:{options.port}/refer (stop with Ctrl+C)")
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        access_log=False,  # it writes paths with their queries; RequestLog has a line of its own
        log_config=None,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        # Longer than proxies keep one: they, not we, close it, so that no request meets a closing.
        timeout_keep_alive=75,
    )
    return 0


def _warm(assessor: Assessor) -> None:
    """Read the examples once: rules are compiled when first needed, and nobody should wait.

    Those that no example needs follow beside the first requests.
    """
    for example in load_examples().values():
        with suppress(ReferralQualityError):
            assessor.assess(text=example.text, form=Form.REFERRAL, agency=example.agency)
    Thread(target=assessor.rulebook.compile, name="rules", daemon=True).start()


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
