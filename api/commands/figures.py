"""``figures publish`` closed months at once; ``figures recount`` from all contacts."""

from __future__ import annotations

import argparse

from api.commands.figure_files import add_figure_files
from api.commands.own_store import Commands, own_store
from api.figures.publishing import publish
from api.figures.summaries import recount_all, refresh


def add_figures(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    figures = commands.add_parser("figures", help="publish leaders' figures, or take them away")
    acts = figures.add_subparsers(title="acts", required=True)
    now = acts.add_parser(
        "publish", help="publish every closed month, once and for good, small numbers hidden"
    )
    now.set_defaults(run=_publish)
    anew = acts.add_parser("recount", help="count every month of contacts anew, as after a repair")
    anew.set_defaults(run=_recount)
    add_figure_files(acts)


def _publish(_options: argparse.Namespace) -> int:
    with own_store() as store:
        while refresh(store):
            pass
        published = publish(store)
    print(
        "The figures were published."
        if published
        else "There is no closed month to publish: a month closes a week after its end."
    )
    return 0


def _recount(_options: argparse.Namespace) -> int:
    with own_store() as store:
        months = recount_all(store)
    print(f"Counted anew, months of agencies: {months}.")
    return 0
