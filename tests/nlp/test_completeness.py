"""What a contact scores, and the words that a status rests on."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nlp.assessment import Completeness, ElementFinding, Evidence
from nlp.completeness import likely_status, score_completeness
from nlp.domain import Document, Element, Form, Status
from nlp.forms import FormTemplate
from nlp.guidance import form_for, load_forms, load_guidance
from nlp.reading import Reading
from tests.builders import make_document, make_reading, make_thresholds

SAFER = form_for(Form.REFERRAL)
PPN = form_for(Form.PPN)
SENTENCE = make_document("Ava said she is hungry.")
STATUSES = st.fixed_dictionaries({element: st.sampled_from(Status) for element in Element})


def score(
    reading: Reading,
    document: Document = SENTENCE,
    *,
    vague: dict[Element, tuple[Evidence, ...]] | None = None,
    form: FormTemplate = SAFER,
) -> Completeness:
    return score_completeness(
        document,
        reading,
        vague=vague or {},
        form=form,
        thresholds=make_thresholds(),
        rating=load_guidance().rating,
    )


def with_status(status: dict[Element, Status], form: FormTemplate = SAFER) -> Completeness:
    everywhere: dict[Element, dict[int, float]] = {element: {0: 0.9} for element in Element}
    return score(make_reading(SENTENCE, evidence=everywhere, status=status), form=form)


def element(found: Completeness, wanted: Element) -> ElementFinding:
    return next(each for each in found.elements if each.element is wanted)


def test_everything_met_scores_full_marks_in_one_short_sentence() -> None:
    found = with_status(dict.fromkeys(Element, Status.MET))
    assert (found.score, found.rating, found.capped) == (100, "outstanding", False)


def test_nothing_met_scores_nothing() -> None:
    found = score(make_reading(SENTENCE))
    assert (found.score, found.rating) == (0, "inadequate")


def test_a_notification_is_not_asked_for_help_tried_before() -> None:
    asked = {e for e in Element if e not in (Element.SUPPORT_TRIED, Element.STRENGTHS_PROTECTIVE)}
    found = with_status(dict.fromkeys(asked, Status.MET), form=PPN)
    assert found.score == 100
    assert not element(found, Element.SUPPORT_TRIED).expected


def test_a_missing_critical_element_caps_the_rating() -> None:
    status = dict.fromkeys(Element, Status.MET) | {Element.CHILD_VOICE: Status.MISSING}
    found = with_status(status)
    assert found.score >= 90
    assert (found.rating, found.capped) == ("requires_improvement", True)


def test_a_missing_element_that_is_not_critical_does_not_cap() -> None:
    found = with_status(dict.fromkeys(Element, Status.MET) | {Element.CONSENT: Status.MISSING})
    assert not found.capped


def test_a_poor_rating_is_not_said_to_be_capped() -> None:
    assert not score(make_reading(SENTENCE)).capped


def test_anything_partly_met_is_short_of_full_marks() -> None:
    found = with_status(
        dict.fromkeys(Element, Status.MET) | {Element.REFERRER_DETAILS: Status.PARTLY}
    )
    assert found.score < 100


@given(status=STATUSES, changed=st.sampled_from(Element), form=st.sampled_from(["safer", "ppn"]))
def test_meeting_more_of_an_element_never_lowers_the_score(
    status: dict[Element, Status], changed: Element, form: str
) -> None:
    template = load_forms()[form]
    scores = [
        with_status(status | {changed: each}, template).score
        for each in (Status.MISSING, Status.PARTLY, Status.MET)
    ]
    assert 0 <= scores[0] <= scores[1] <= scores[2] <= 100


def test_evidence_is_quoted_best_first_and_only_a_handful() -> None:
    document = make_document(*[f"Sentence {number}." for number in range(8)])
    likely = {place: 0.5 + place / 20 for place in range(8)}
    reading = make_reading(
        document, evidence={Element.CONCERN: likely}, status={Element.CONCERN: Status.MET}
    )
    evidence = element(score(reading, document), Element.CONCERN).evidence
    assert [each.quote for each in evidence] == [f"Sentence {n}." for n in (7, 6, 5, 4)]
    assert all(document.text[each.start : each.end] == each.quote for each in evidence)


def test_a_heading_is_never_evidence() -> None:
    document = make_document("Consent", "Mum agreed.", headings=["Consent"])
    reading = make_reading(
        document,
        evidence={Element.CONSENT: {0: 0.99, 1: 0.8}},
        status={Element.CONSENT: Status.MET},
    )
    evidence = element(score(reading, document), Element.CONSENT).evidence
    assert [each.quote for each in evidence] == ["Mum agreed."]


def test_missing_is_said_less_readily_than_it_is_probable() -> None:
    shares = {Status.MISSING: 0.5, Status.PARTLY: 0.4, Status.MET: 0.1}
    limits = replace(make_thresholds(), missing_odds=0.7)
    assert likely_status(shares, make_thresholds()) is Status.MISSING
    assert likely_status(shares, limits) is Status.PARTLY


def test_a_met_element_that_nothing_can_be_quoted_for_is_only_partly_met() -> None:
    reading = make_reading(SENTENCE, status={Element.HISTORY: Status.MET})
    found = element(score(reading), Element.HISTORY)
    assert (found.status, found.evidence) == (Status.PARTLY, ())
    assert found.probability == reading.status[Element.HISTORY][Status.PARTLY]


def test_the_nearest_sentence_is_quoted_where_none_reaches_the_threshold() -> None:
    reading = make_reading(
        SENTENCE, evidence={Element.HISTORY: {0: 0.3}}, status={Element.HISTORY: Status.MET}
    )
    found = element(score(reading), Element.HISTORY)
    assert found.status is Status.MET
    assert [each.probability for each in found.evidence] == [0.3]


def vague_words(document: Document, place: int) -> tuple[Evidence, ...]:
    sentence = document.sentences[place]
    quote = document.text[sentence.start : sentence.end]
    return (Evidence(start=sentence.start, end=sentence.end, quote=quote, probability=None),)


def test_vague_wording_alone_makes_an_element_at_most_partly_met() -> None:
    document = make_document("Family known to services.")
    vague = vague_words(document, 0)
    reading = make_reading(
        document, evidence={Element.HISTORY: {0: 0.9}}, status={Element.HISTORY: Status.MET}
    )
    found = element(score(reading, document, vague={Element.HISTORY: vague}), Element.HISTORY)
    assert (found.status, found.vague) == (Status.PARTLY, vague)


def test_vague_wording_does_no_harm_where_the_detail_follows() -> None:
    document = make_document("Family known to services.", "Two PPNs in March for shouting.")
    vague = vague_words(document, 0)
    reading = make_reading(
        document,
        evidence={Element.HISTORY: {0: 0.9, 1: 0.8}},
        status={Element.HISTORY: Status.MET},
    )
    found = element(score(reading, document, vague={Element.HISTORY: vague}), Element.HISTORY)
    assert (found.status, found.vague) == (Status.MET, ())
