"""The mechanism of the behavioural suite, and that every file of it loads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.behaviour import bases, changes, page, schemas, suite, trials
from evaluation.behaviour.checks import check_expected, check_relation
from evaluation.behaviour.schemas import Change, ChangeText, Expected, Kind, Relation
from nlp.assess import assess
from nlp.assessment import Assessment
from nlp.domain import Agency, Assertion, Contact, Element, Form, Level, SafetyFlag, Urgency
from nlp.errors import RulebookError
from nlp.guidance import form_for, framework_for
from nlp.rule_files import load_rule_file
from tests.evaluation.builders import make_labelled
from tests.fakes import FakeReader

TRAIN = tuple(make_labelled(number) for number in range(1, 4))
ALARM = "He held a knife to her throat in front of Mia."
TEXT = "SITUATION\n\nMia is 6.\n\nFAMILY\n\nShe lives with Mum."


@pytest.fixture(scope="module")
def whole() -> suite.Suite:
    return suite.load_suite(train=TRAIN)


def judged(text: str, reader: FakeReader | None = None, form: Form = Form.REFERRAL) -> Assessment:
    return assess(
        Contact(text, form),
        reader=reader or FakeReader(),
        framework=framework_for(),
        form=form_for(form),
    )


def tried(*found: suite.Trial, kind: Kind = Kind.MINIMUM, floor: float = 0.5) -> suite.Suite:
    file = schemas.CapabilityFile(
        capability="tone", title="Tone", kind=kind, because="It must.", bars={"level": 1.0}
    )
    return suite.Suite((file,), found, {"tone": {"level": floor}})


def trial(text: str, level: Level) -> suite.Trial:
    expected = Expected(level=(level,))
    return suite.Trial("tone", f"tone.{level}", Contact(text, Form.REFERRAL), expected)


# --- the files


def test_every_file_loads_and_makes_hundreds_of_tests(whole: suite.Suite) -> None:
    assert len(whole.trials) > 2000
    assert {trial.capability for trial in whole.trials} == {
        file.capability for file in whole.capabilities
    }


def test_no_slot_is_left_unfilled(whole: suite.Suite) -> None:
    contacts = [c for t in whole.trials for c in (t.contact, t.before) if c is not None]
    assert not [c.text for c in contacts if "{" in c.text or not c.text.strip()]


def test_every_test_has_a_name_of_its_own(whole: suite.Suite) -> None:
    names = [trial.id for trial in whole.trials]
    assert len(names) == len(set(names))


def test_every_test_checks_something(whole: suite.Suite) -> None:
    assert all(t.expected is not None or (t.before and t.relations) for t in whole.trials)


def test_every_safety_flag_has_a_fact(whole: suite.Suite) -> None:
    facts = load_rule_file(suite.FOLDER / "facts.yaml", schemas.FactFile).facts
    assert {fact.flag for fact in facts} == set(SafetyFlag)


def test_every_floor_belongs_to_a_capability(whole: suite.Suite) -> None:
    assert set(whole.floors) == {file.capability for file in whole.capabilities}


def test_bases_are_written_in_many_ways(whole: suite.Suite) -> None:
    written = [
        base
        for path in (suite.FOLDER / "bases").glob("*.yaml")
        for base in load_rule_file(path, schemas.BaseFile).bases
    ]
    assert len(written) >= 40
    assert len({base.agency for base in written}) >= 8
    assert {base.form for base in written} == set(Form)


def test_a_swap_changes_the_name_and_nothing_else(whole: suite.Suite) -> None:
    found = next(t for t in whole.trials if t.id == "swap_names.written.base_scooter.3")
    assert found.before is not None
    assert found.contact.text == found.before.text.replace(
        "Callum HARTLEY", "Bilal MAHMOOD"
    ).replace("Claire", "Shazia")


def test_a_frame_is_filled_with_every_fact_that_has_the_form(whole: suite.Suite) -> None:
    texts = [t.contact.text for t in whole.trials if t.id.startswith("negation.denies.weapon")]
    assert texts == [
        "She was seen alone and denies any weapon.",
        "She was seen alone and denies any knife.",
    ]


def test_one_capability_can_be_run_alone(whole: suite.Suite) -> None:
    alone = whole.only(["negation"])
    assert {trial.capability for trial in alone.trials} == {"negation"}
    with pytest.raises(suite.SuiteError, match="no capability humour; choose from"):
        whole.only(["humour"])


def test_a_capability_that_compares_must_say_how(tmp_path: Path) -> None:
    path = tmp_path / "tone.yaml"
    path.write_text(
        "capability: tone\ntitle: Tone\nkind: invariance\nbecause: It must.\n"
        "pairs: [{id: one, before: A., after: B.}]\n"
    )
    with pytest.raises(RulebookError, match="no relations; say how they must compare"):
        load_rule_file(path, schemas.CapabilityFile)


# --- changes


def test_words_are_replaced_whole_and_keep_their_capital() -> None:
    changed = changes.replace_words("Mum told mummy the news", {"mum": "mam", "the": ""})
    assert changed == "Mam told mummy news"


def test_typing_mistakes_leave_names_and_figures() -> None:
    text = "Amelia was frightened yesterday morning, 12/03/2025, because somebody shouted"
    spoilt = changes.mistype(text, 1.0)
    assert spoilt != text
    assert spoilt.startswith("Amelia was ")
    assert "12/03/2025" in spoilt
    assert spoilt == changes.mistype(text, 1.0)
    assert sorted(spoilt) == sorted(text)


def test_punctuation_goes_and_figures_stay() -> None:
    bare = changes.drop_punctuation('She said: "no, I don\'t." It was 37.5 on 12/03/2025.')
    assert bare == "She said no I dont It was 37.5 on 12/03/2025"


def test_sentences_start_small_and_names_do_not() -> None:
    text = "He is 6. His mum, Ava, cried. Ava left! It's cold.\nHe ate. Then. A"
    assert changes.start_small(text) == (
        "He is 6. his mum, Ava, cried. Ava left! it's cold.\nHe ate. Then. A"
    )


@given(st.lists(st.sampled_from(["Mia is 6.", "S\nMum.", "She cried."]), min_size=2, max_size=6))
def test_sections_move_and_none_is_lost(parts: list[str]) -> None:
    turned = changes.turn_sections("\n\n".join(parts))
    assert sorted(turned.split("\n\n")) == sorted(parts)


def test_people_of_one_surname_keep_one() -> None:
    swapped = changes.swap_names(
        "Ava HART and her dad Lee Hart. Ava cried.",
        ["Ava HART", "Lee Hart"],
        (["Noor", "Kiran"], ["Bhatt", "Khan"]),
    )
    assert swapped == "Noor BHATT and her dad Kiran Bhatt. Noor cried."


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (ChangeText(id="a", change=Change.UPPER, bases=("x",)), "MUM SHOUTS."),
        (ChangeText(id="a", change=Change.LOWER, bases=("x",)), "mum shouts."),
        (ChangeText(id="a", change=Change.BEFORE, bases=("x",), to=("Hi",)), "Hi\n\nMum shouts."),
        (ChangeText(id="a", change=Change.AFTER, bases=("x",), to=("Bye",)), "Mum shouts.\n\nBye"),
    ],
)
def test_a_text_is_changed_as_named(change: ChangeText, expected: str) -> None:
    assert list(suite.change_text("Mum shouts.", change)) == [expected]


def test_the_sender_changes_and_the_text_does_not() -> None:
    base = bases.CorpusBase(TRAIN[0], _people())
    change = ChangeText(id="a", change=Change.AGENCY, bases=("train",), to=("fire",))
    (sent,) = suite.change_contact(base, change)
    assert sent == Contact(TRAIN[0].text, TRAIN[0].form, Agency.FIRE)


def test_a_contact_of_the_corpus_has_no_slots() -> None:
    base = bases.CorpusBase(TRAIN[0], _people())
    change = ChangeText(id="a", change=Change.SEX, bases=("train",), to=("british",))
    with pytest.raises(suite.SuiteError, match="no slots; take written bases"):
        list(suite.change_contact(base, change))


def _people() -> schemas.PeopleFile:
    return load_rule_file(suite.FOLDER / "people.yaml", schemas.PeopleFile)


# --- checks


@pytest.mark.parametrize(
    ("expected", "passed"),
    [
        (Expected(level=(Level.EARLY_HELP,)), [True]),
        (Expected(level=(Level.UNIVERSAL,)), [False]),
        (Expected(plausible=Level.CHILD_PROTECTION), [True]),
        (Expected(urgency=(Urgency.GREEN,)), [False]),
        (Expected(flags={SafetyFlag.WEAPON: Assertion.PRESENT}), [True]),
        (Expected(flags={SafetyFlag.WEAPON: Assertion.NEGATED}), [False, False]),
        (Expected(flags={SafetyFlag.FGM_RISK: Assertion.NEGATED}), [True, False]),
        (Expected(not_raised=(SafetyFlag.WEAPON,)), [False]),
        (Expected(score_at_most=0), [True]),
        (Expected(appropriate=True), [False]),
    ],
)
def test_an_assessment_is_held_against_what_is_expected(
    expected: Expected, passed: list[bool]
) -> None:
    assert [verdict.passed for verdict in check_expected(expected, judged(ALARM))] == passed


def test_each_element_counts_as_a_test_of_its_own() -> None:
    met = judged(TEXT, FakeReader(evidence={Element.CHILD_IDENTITY: "Mia"}))
    verdicts = list(check_relation(Relation.SAME_ELEMENTS, judged(TEXT), met))
    assert len(verdicts) == len(Element)
    assert [v.said for v in verdicts if not v.passed] == ["child_identity: missing → met"]


@pytest.mark.parametrize(
    ("relation", "forth", "back"),
    [
        (Relation.SAME_LEVEL, False, False),
        (Relation.LEVEL_NOT_LOWER, True, False),
        (Relation.SAME_FLAGS, False, False),
        (Relation.FLAGS_KEPT, True, False),
        (Relation.NO_NEW_FLAGS, False, True),
        (Relation.SAME_URGENCY, False, False),
        (Relation.SCORE_NOT_RAISED, False, True),
    ],
)
def test_a_pair_is_compared(relation: Relation, *, forth: bool, back: bool) -> None:
    calm = judged("Mia is well.")
    reader = FakeReader(evidence={Element.CONCERN: "knife"}, level=Level.CHILD_PROTECTION)
    grave = judged(ALARM, reader)
    assert [v.passed for v in check_relation(relation, calm, grave)] == [forth]
    assert [v.passed for v in check_relation(relation, grave, calm)] == [back]


@pytest.mark.parametrize("relation", [Relation.SAME_APPROPRIATE, Relation.STAYS_APPROPRIATE])
def test_a_notification_that_turns_inappropriate_is_seen(relation: Relation) -> None:
    text = "Two men argued over a fence."
    wanted = judged(text, form=Form.PPN)
    unwanted = judged(text, FakeReader(inappropriate=0.9), form=Form.PPN)
    assert [v.passed for v in check_relation(relation, wanted, unwanted)] == [False]


# --- the run


def test_a_run_counts_passes_and_lists_failures_with_their_texts() -> None:
    found = trials.run_suite(
        tried(trial("Mia is well.", Level.EARLY_HELP), trial("Mia is ill.", Level.UNIVERSAL)),
        FakeReader(),
        made="today",
    )
    (row,) = found.rows
    assert (row.check, row.tests, row.passed, row.rate) == ("level", 2, 1, 0.5)
    assert not row.below_floor
    assert row.below_bar
    assert [(f.said, f.text) for f in row.failures] == [("early_help", "[referral] Mia is ill.")]


def test_a_compared_contact_is_assessed_once() -> None:
    contact = Contact("Mia is well.", Form.REFERRAL)
    pair = suite.Trial("tone", "tone.pair", contact, None, contact, (Relation.SAME_LEVEL,))
    calls: list[int] = []
    found = trials.run_suite(
        tried(pair, pair), FakeReader(), made="today", step=lambda: calls.append(1)
    )
    assert found.rows[0].passed == len(calls) == 2


def test_floors_rise_to_what_is_found_and_never_fall() -> None:
    made = trials.run_suite(
        tried(trial("Mia is well.", Level.EARLY_HELP)), FakeReader(), made="today"
    )
    low = schemas.FloorFile(floors={"tone": {"level": 0.2}, "other": {"score": 0.7}})
    assert trials.pin_floors(made, low).floors == {"tone": {"level": 1.0}, "other": {"score": 0.7}}
    fallen = trials.run_suite(
        tried(trial("Mia is well.", Level.UNIVERSAL)), FakeReader(), made="today"
    )
    assert trials.pin_floors(fallen, low).floors["tone"]["level"] == 0.2


def test_what_is_below_its_floor_or_has_none_is_complained_of() -> None:
    failing = tried(trial("Mia is well.", Level.UNIVERSAL))
    found = trials.run_suite(failing, FakeReader(), made="today")
    assert list(page.complain(found)) == ["tone, level: 0.000 is below its floor of 0.50"]
    bare = trials.with_floors(found, schemas.FloorFile(floors={}))
    assert "no floor; pin one with" in next(page.complain(bare))
    good = trials.with_floors(found, schemas.FloorFile(floors={"tone": {"level": 0.0}}))
    assert list(page.complain(good)) == []


def test_the_table_says_what_falls_short() -> None:
    found = trials.run_suite(
        tried(trial("Mia is well.", Level.UNIVERSAL)), FakeReader(), made="today"
    )
    line = page.write_table(found).splitlines()[1].split()
    assert line == ["tone", "level", "1", "0.0", "%", "50.0", "%", "100.0", "%", "BELOW", "FLOOR"]


def test_the_page_escapes_what_a_contact_says(tmp_path: Path) -> None:
    found = trials.run_suite(
        tried(trial("<script>alert(1)</script> Mia.", Level.UNIVERSAL)), FakeReader(), made="today"
    )
    written = page.write_behaviour(found, tmp_path).read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in written
    assert "<script>" not in written
    saved = trials.Behaviour.model_validate_json((tmp_path / page.JSON_NAME).read_bytes())
    assert saved == found


def test_floors_are_saved_as_they_are_loaded(tmp_path: Path) -> None:
    floors = schemas.FloorFile(floors={"tone": {"level": 0.97}})
    page.save_floors(floors, tmp_path / suite.FLOORS)
    assert suite.load_floors(tmp_path) == floors
