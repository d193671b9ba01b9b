"""Run the suite on a reader, and count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from evaluation.behaviour.checks import Verdict, check_expected, check_relation
from evaluation.behaviour.schemas import CapabilityFile, FloorFile, Kind, Rate
from evaluation.behaviour.suite import Suite, Trial
from evaluation.parts import Part
from nlp.assess import assess
from nlp.assessment import Assessment
from nlp.domain import Contact
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks
from nlp.reading import Reader
from nlp.rules import load_rulebook

MOST_FAILURES = 100
"""Failures listed of one row; the rest are only counted."""


class Failure(Part):
    """A test that failed, with its words (fictional)."""

    test: str
    said: str
    before: str | None
    text: str


class Row(Part):
    """One check of one capability. ``floor`` is ``None`` where none is pinned yet."""

    capability: str
    title: str
    kind: Kind
    check: str
    tests: int
    passed: int
    rate: Rate
    floor: Rate | None
    bar: Rate | None
    failures: tuple[Failure, ...]

    @property
    def below_floor(self) -> bool:
        """Has it fallen below what is pinned?"""
        return self.floor is not None and self.rate < self.floor

    @property
    def below_bar(self) -> bool:
        """Does it not reach what the project asks for?"""
        return self.bar is not None and self.rate < self.bar


class Behaviour(Part):
    """What one run of the suite found."""

    made: str
    reader: str
    rulebook: str
    rows: tuple[Row, ...]


@dataclass
class _Product:
    """Assesses contacts as they are served; those that others are compared with, but once."""

    reader: Reader
    compared: dict[Contact, Assessment] = field(default_factory=dict)

    def assess(self, contact: Contact) -> Assessment:
        return assess(
            contact,
            reader=self.reader,
            framework=load_frameworks()[DEFAULT_FRAMEWORK],
            form=form_for(contact.form),
        )

    def assess_before(self, contact: Contact) -> Assessment:
        if contact not in self.compared:
            self.compared[contact] = self.assess(contact)
        return self.compared[contact]


def run_suite(
    suite: Suite, reader: Reader, *, made: str, step: Callable[[], object] = lambda: None
) -> Behaviour:
    """Run every test on *reader*; *step* is called after each."""
    product = _Product(reader)
    found: dict[tuple[str, str], list[tuple[Trial, Verdict]]] = defaultdict(list)
    for trial in suite.trials:
        for verdict in _run(trial, product):
            found[trial.capability, verdict.check].append((trial, verdict))
        step()
    rows = tuple(
        _count(capability, check, tried, suite)
        for capability in suite.capabilities
        for (code, check), tried in found.items()
        if code == capability.capability
    )
    return Behaviour(made=made, reader=reader.name, rulebook=load_rulebook().version, rows=rows)


def _run(trial: Trial, product: _Product) -> Iterator[Verdict]:
    after = product.assess(trial.contact)
    if trial.expected is not None:
        yield from check_expected(trial.expected, after)
    if trial.before is not None:
        before = product.assess_before(trial.before)
        for relation in trial.relations:
            yield from check_relation(relation, before, after)


def _count(
    capability: CapabilityFile, check: str, tried: list[tuple[Trial, Verdict]], suite: Suite
) -> Row:
    failed = [(trial, verdict) for trial, verdict in tried if not verdict.passed]
    return Row(
        capability=capability.capability,
        title=capability.title,
        kind=capability.kind,
        check=check,
        tests=len(tried),
        passed=len(tried) - len(failed),
        rate=1 - len(failed) / len(tried),
        floor=suite.floors.get(capability.capability, {}).get(check),
        bar=capability.bars.get(check),
        failures=tuple(_fail(trial, verdict) for trial, verdict in failed[:MOST_FAILURES]),
    )


def _fail(trial: Trial, verdict: Verdict) -> Failure:
    before = None if trial.before is None else _write(trial.before)
    return Failure(test=trial.id, said=verdict.said, before=before, text=_write(trial.contact))


def _write(contact: Contact) -> str:
    """The text, led by what is sent beside it, where that is what a test changes."""
    sent = [contact.form.value, *([contact.agency.value] if contact.agency else [])]
    if contact.earlier_contacts is not None:
        sent.append(f"{contact.earlier_contacts} earlier contacts")
    return f"[{', '.join(sent)}] {contact.text}"


def pin_floors(behaviour: Behaviour, old: FloorFile) -> FloorFile:
    """Raise the floors to *behaviour*, rounded down to whole percents; none is lowered here."""
    floors = {capability: dict(checks) for capability, checks in old.floors.items()}
    for row in behaviour.rows:
        of_row = floors.setdefault(row.capability, {})
        reached = 100 * row.passed // row.tests / 100
        of_row[row.check] = max(of_row.get(row.check, 0.0), reached)
    return FloorFile(floors=floors)


def with_floors(behaviour: Behaviour, floors: FloorFile) -> Behaviour:
    """Hold *behaviour* against other *floors*."""
    rows = tuple(
        row.model_copy(update={"floor": floors.floors.get(row.capability, {}).get(row.check)})
        for row in behaviour.rows
    )
    return behaviour.model_copy(update={"rows": rows})
