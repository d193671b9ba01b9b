"""``python -m api import``: the same import as the page's, for files too large for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api.intake.importing.profiles import find_profile, guess
from api.intake.importing.run import Plan, check, rejected_csv, run
from api.intake.importing.tables import read_table
from api.store.opening import Store
from nlp.domain import Form
from nlp.errors import TableError

SYSTEM = "system"


def import_file(
    store: Store,
    path: Path,
    *,
    profile: str,
    dry_run: bool = False,
    form: Form | None = None,
    agency: str | None = None,
) -> Plan:
    """Import the file at *path*, or say what that would do.

    Rejected rows are written beside it, as ``NAME.rejected.csv``. *form* and *agency* (an id) hold
    where neither a row nor the profile says.

    Raises:
        StoreUnavailableError: If the database does not answer.
        TableError: If the file cannot be read, or there is no such profile.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path.name} cannot be read ({error.strerror})") from None
    table = read_table(content)
    layout = guess(table, find_profile(store, profile))
    layout = replace(layout, form=form or layout.form, agency_id=agency or layout.agency_id)
    plan = check(store, table, layout) if dry_run else run(store, table, layout, actor=SYSTEM)
    if plan.rejected:
        rejected_file(path).write_bytes(rejected_csv(table, plan.rejected))
    return plan


def rejected_file(path: Path) -> Path:
    """Give where the rejected rows of *path* are written."""
    return path.with_name(f"{path.stem}.rejected.csv")
