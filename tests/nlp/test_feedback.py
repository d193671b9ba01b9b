"""What a referrer reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.assessment import Completeness, ElementFinding, Evidence, Feedback, FlagFinding
from nlp.domain import Agency, Assertion, Element, Form, SafetyFlag, Status
from nlp.feedback import MOST_ACTIONS, MOST_STRENGTHS, write_feedback
from nlp.guidance import form_for, load_guidance
from tests.builders import make_flag

SAFER = form_for(Form.REFERRAL)
GUIDE = load_guidance()
TEXT = "Ava told her teacher that she gets herself up and there is no breakfast. " * 4


def finding(element: Element, status: Status, quote: str) -> ElementFinding:
    expected = SAFER.elements[element]
    evidence = Evidence(start=0, end=len(quote), quote=quote, probability=0.9)
    return ElementFinding(
        element=element,
        status=status,
        probability=0.8,
        expected=True,
        critical=expected.critical,
        evidence=() if status is Status.MISSING else (evidence,),
    )


def found(
    default: Status = Status.MET, quote: str | None = None, **statuses: Status
) -> Completeness:
    return Completeness(
        score=0,
        rating="good",
        capped=False,
        elements=tuple(
            finding(element, statuses.get(element, default), quote or f"About {element}.")
            for element in Element
        ),
    )


def feedback(
    completeness: Completeness,
    *,
    flags: tuple[FlagFinding, ...] = (),
    agency: Agency | None = None,
    english: bool = True,
    telling: bool = True,
) -> Feedback:
    return write_feedback(
        completeness,
        flags=flags,
        agency=agency,
        form=SAFER,
        prompts=GUIDE.prompts,
        wording=GUIDE.wording,
        english=english,
        telling=telling,
    )


def test_at_most_three_actions_come_first_and_the_rest_follow() -> None:
    given = feedback(found(Status.MISSING))
    assert len(given.improve) == MOST_ACTIONS
    assert {each.element for each in given.improve + given.later} == set(SAFER.elements)


def test_missing_critical_elements_come_before_weightier_partial_ones() -> None:
    given = feedback(
        found(child_voice=Status.MISSING, consent=Status.MISSING, concern=Status.PARTLY)
    )
    order = [each.element for each in given.improve]
    assert order == [Element.CHILD_VOICE, Element.CONSENT, Element.CONCERN]


def test_where_the_child_is_comes_first_when_a_safety_flag_is_present() -> None:
    given = feedback(
        found(child_voice=Status.MISSING, immediate_safety=Status.PARTLY), flags=(make_flag(),)
    )
    assert given.improve[0].element is Element.IMMEDIATE_SAFETY


def test_what_to_add_depends_on_whether_something_is_there() -> None:
    text = GUIDE.prompts.elements[Element.HISTORY]
    assert feedback(found(history=Status.MISSING)).improve[0].add == text.add.missing
    assert feedback(found(history=Status.PARTLY)).improve[0].add == text.add.partly


def test_an_officer_is_asked_for_demeanour_and_a_housing_officer_what_they_saw() -> None:
    missing = found(child_voice=Status.MISSING, concern=Status.MISSING)
    police, housing = (feedback(missing, agency=a).improve for a in (Agency.POLICE, Agency.HOUSING))
    asked = {each.element: each.prompt for each in police}
    assert "demeanour" in asked[Element.CHILD_VOICE]
    asked = {each.element: each.prompt for each in housing}
    assert "What did you see or hear at the property" in asked[Element.CONCERN]


@given(
    statuses=st.fixed_dictionaries({e.value: st.sampled_from(Status) for e in Element}),
    english=st.booleans(),
    flags=st.sampled_from([(), (make_flag(),)]),
)
def test_the_safety_sentence_is_always_said(
    statuses: dict[str, Status], flags: tuple[FlagFinding, ...], *, english: bool
) -> None:
    given = feedback(found(**statuses), flags=flags, english=english)
    assert "send this now" in given.safety
    assert "999" in given.safety
    assert "hub" in given.safety


def test_safety_flags_come_first_in_the_summary() -> None:
    flags = (make_flag(), make_flag(SafetyFlag.WEAPON), make_flag())
    summary = feedback(found(Status.MISSING), flags=flags).summary
    assert summary.startswith("This mentions strangulation or choking and a weapon: please ring")


def test_flags_that_are_not_present_are_not_announced() -> None:
    flags = (make_flag(assertion=Assertion.NEGATED),)
    assert "strangulation" not in feedback(found(Status.MISSING), flags=flags).summary


def test_the_summary_says_how_much_is_there_and_what_to_add_next() -> None:
    summary = feedback(found(child_voice=Status.PARTLY, consent=Status.MISSING)).summary
    assert summary == (
        "14 of the 16 points that help a social worker decide are fully covered. "
        "Most useful to add next: whether they agree to this contact; what the child says or shows."
    )


def test_a_complete_contact_is_thanked_and_asked_for_nothing() -> None:
    given = feedback(found())
    assert given.improve == given.later == ()
    assert "thank you" in given.summary


def test_strengths_quote_the_words_of_the_contact() -> None:
    strengths = feedback(found()).strengths
    assert len(strengths) == MOST_STRENGTHS
    assert strengths[0] == "You say who the child is: “About child_identity.”"


def test_the_same_words_are_not_praised_twice() -> None:
    assert len(feedback(found(quote="All in one sentence.")).strengths) == 1


def test_a_long_quotation_is_cut_at_a_word_and_not_altered() -> None:
    strength = feedback(found(quote=TEXT)).strengths[0]
    quoted = strength.partition("“")[2].removesuffix("”")
    assert TEXT.startswith(f"{quoted} ")


def test_a_text_in_another_language_is_told_so_and_nothing_in_it_is_praised() -> None:
    given = feedback(found(), english=False)
    assert given.strengths == ()
    assert given.summary == GUIDE.wording.summary.not_english


def test_a_text_that_tells_nothing_of_a_child_is_told_so() -> None:
    assert feedback(found(), telling=False).summary == GUIDE.wording.summary.nothing


@pytest.mark.parametrize("agency", [None, *Agency])
def test_every_line_of_advice_is_one_sentence_each(agency: Agency | None) -> None:
    given = feedback(found(Status.MISSING), agency=agency)
    for each in given.improve + given.later:
        for line in (each.add, each.why, each.prompt):
            assert sum(line.count(mark) for mark in ".?!") == 1
        assert each.prompt.endswith("?")
