"""A worse candidate is refused with the reason, a better one is not; few contacts say little."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from annotation.labels import LabelledContact
from evaluation.bootstrap import Figure
from evaluation.comparing.behaving import Behaved
from evaluation.comparing.differences import EVERY, Finding, compare_outcomes, find
from evaluation.comparing.rule import RULE, Rule, load_rule
from evaluation.comparing.verdict import find_reasons, find_unsure
from evaluation.measuring import Better
from evaluation.outcomes import Outcome
from nlp.domain import Agency, Element, Level, Status
from nlp.errors import ArtefactError
from tests.evaluation.builders import make_labelled, make_outcome

RESAMPLES = 300
AGENCIES = (Agency.SCHOOL, Agency.POLICE, Agency.HEALTH)


@pytest.fixture(scope="module")
def rule() -> Rule:
    return load_rule().rule


def contacts(count: int = 120) -> list[LabelledContact]:
    return [
        make_labelled(n, author="LC1", level=tuple(Level)[n % 4], agency=AGENCIES[n % 3])
        for n in range(count)
    ]


def right(known: Sequence[LabelledContact]) -> list[Outcome]:
    return [make_outcome(contact) for contact in known]


def low(outcomes: Sequence[Outcome], *, every: int, level: Level) -> list[Outcome]:
    """Each *every*-th contact at child protection is said to be at *level*."""
    found, protection = [], 0
    for outcome in outcomes:
        protection += outcome.contact.level is Level.CHILD_PROTECTION
        missed = outcome.contact.level is Level.CHILD_PROTECTION and protection % every == 0
        found.append(make_outcome(outcome.contact, level=level) if missed else outcome)
    return found


def reasons(ours: Sequence[Outcome], theirs: Sequence[Outcome], rule: Rule) -> tuple[str, ...]:
    found = compare_outcomes(ours, theirs, rule, resamples=RESAMPLES)
    return find_reasons(ours, found, (), rule, whole_suite=True)


@pytest.mark.parametrize(
    ("value", "ends", "better", "strict", "finding"),
    [
        (-0.05, (-0.08, -0.02), Better.HIGHER, False, Finding.WORSE),
        (-0.05, (-0.12, 0.01), Better.HIGHER, False, Finding.TOO_FEW),
        (-0.05, (-0.12, 0.01), Better.HIGHER, True, Finding.WORSE),
        (-0.01, (-0.02, -0.005), Better.HIGHER, False, Finding.NO_WORSE),
        (0.0, (0.0, 0.0), Better.HIGHER, True, Finding.NO_WORSE),
        (0.0, (-0.01, 0.01), Better.HIGHER, False, Finding.NO_WORSE),
        (0.1, (0.02, 0.2), Better.HIGHER, False, Finding.BETTER),
        (0.1, (-0.2, 0.4), Better.HIGHER, False, Finding.TOO_FEW),
        (0.1, (0.05, 0.2), Better.LOWER, False, Finding.WORSE),
        (-0.1, (-0.2, -0.05), Better.LOWER, False, Finding.BETTER),
        (None, (None, None), Better.HIGHER, True, Finding.TOO_FEW),
    ],
)
def test_what_a_difference_means(
    value: float | None,
    ends: tuple[float | None, float | None],
    better: Better,
    strict: bool,  # noqa: FBT001 - a parameter of the test
    finding: Finding,
) -> None:
    assert find(Figure(value, *ends), better, margin=0.03, strict=strict) is finding


def test_the_same_answers_are_no_worse_anywhere(rule: Rule) -> None:
    known = low(right(contacts()), every=5, level=Level.CHILD_IN_NEED)
    found = compare_outcomes(known, known, rule, resamples=RESAMPLES)
    scored = [each for each in found if each.difference.value is not None]
    assert {each.finding for each in scored} == {Finding.NO_WORSE}
    assert find_reasons(known, found, (), rule, whole_suite=True) == ()


def test_child_protection_missed_shuts_the_gate(rule: Rule) -> None:
    known = right(contacts())
    found = reasons(low(known, every=10, level=Level.CHILD_IN_NEED), known, rule)
    assert len(found) == 1
    assert "all contacts (120), Child protection, recall: 1.00" in found[0]
    assert "the mistake that matters most" in found[0]


@pytest.mark.parametrize(("every", "called_low"), [(30, 1), (15, 2)])
def test_two_more_children_called_low_shut_the_gate(
    rule: Rule, every: int, called_low: int
) -> None:
    known = right(contacts())
    found = reasons(low(known, every=every, level=Level.EARLY_HELP), known, rule)
    title = "all contacts (120), Child protection called universal or early help (contacts)"
    assert any(reason.startswith(title) for reason in found) is (called_low > 1)


def test_a_group_that_pays_for_the_rest_shuts_the_gate(rule: Rule) -> None:
    """All win but the health service's contacts, in which no element is called met any more."""
    known = right(contacts())
    unmet = dict.fromkeys(Element, Status.PARTLY)
    worse = [
        make_outcome(o.contact, status=unmet) if o.contact.agency is Agency.HEALTH else o
        for o in known
    ]
    before = [
        o if o.contact.agency is Agency.HEALTH else make_outcome(o.contact, status=unmet)
        for o in known
    ]
    found = reasons(worse, before, rule)
    assert len(found) == 1
    assert found[0].startswith("agency: health (40), Element status, macro-F1")


def test_a_better_candidate_passes(rule: Rule) -> None:
    known = right(contacts())
    before = low(known, every=3, level=Level.EARLY_HELP)
    assert reasons(known, before, rule) == ()
    found = compare_outcomes(known, before, rule, resamples=RESAMPLES)
    recall = next(e for e in found if (e.group, e.code) == (EVERY, "protection_recall"))
    assert recall.finding is Finding.BETTER


def test_small_groups_are_not_looked_at_and_small_tests_refused(rule: Rule) -> None:
    known = right(contacts(28))
    found = compare_outcomes(known, known, rule, resamples=RESAMPLES)
    assert {each.group for each in found} == {EVERY}
    told = find_reasons(known, found, (), rule, whole_suite=True)
    assert [each.split(",")[0] for each in told] == [
        "28 locked contacts",
        "7 locked contacts at child protection",
    ]


def test_too_few_to_say_is_said_and_refuses_nothing(rule: Rule) -> None:
    known = right(contacts())
    ours, theirs = (
        [
            make_outcome(o.contact, level=Level.CHILD_PROTECTION) if n in wrong else o
            for n, o in enumerate(known)
        ]
        for wrong in ((0, 4, 8, 12), (16, 20, 24, 28))
    )
    found = compare_outcomes(ours, theirs, rule, resamples=RESAMPLES)
    assert find_reasons(ours, found, (), rule, whole_suite=True) == ()
    assert any("Level, quadratic kappa" in line for line in find_unsure(found))


@pytest.mark.parametrize(("rate", "shut"), [(0.95, False), (0.94, True)])
def test_behaviour_below_its_floor_shuts_the_gate(
    rule: Rule,
    rate: float,
    shut: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    behaved = Behaved(
        capability="swap_names",
        title="Names",
        check="same_level",
        tests=100,
        candidate=rate,
        in_service=0.9,
        floor=0.95,
    )
    known = right(contacts())
    told = find_reasons(known, (), (behaved,), rule, whole_suite=True)
    assert [each.split(":")[0] for each in told] == (
        ["behaviour, swap_names, same_level"] if shut else []
    )


def test_a_part_of_the_suite_opens_no_gate(rule: Rule) -> None:
    told = find_reasons(right(contacts()), (), (), rule, whole_suite=False)
    assert told == ("the behavioural suite was run in part: compare once more without --only",)


def test_the_shipped_rule_gives_a_reason_for_every_measure(rule: Rule) -> None:
    needed = {"status_macro_f1", "missing_recall", "evidence_f1", "level_kappa"}
    needed |= {"protection_recall", "protection_called_low", "red_recall"}
    needed |= {"inappropriate_f1", "flags_f1"}
    assert needed <= {each.code for each in rule.measures}
    assert all(each.because for each in rule.measures)
    assert set(rule.slices.by) == {"agency", "form", "length"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('code = "red_recall"', 'code = "luck"', "does not know luck"),
        ('by = ["agency"', 'by = ["weather"', "does not know weather"),
        ("[least]", "[most]", "least: Field required"),
        ("margin", "= margin", "cannot be read as TOML"),
    ],
)
def test_a_rule_with_mistakes_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "rule.toml"
    path.write_text(RULE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ArtefactError, match=told):
        load_rule(path)
