"""Baselines say what they claim to say."""

from __future__ import annotations

from evaluation.baselines import fit_majority, load_keywords
from nlp.domain import Element, Form, Level, NeedDomain, Reason, SafetyFlag, Status, Urgency
from tests.evaluation.builders import make_labelled


def test_the_commonest_label_is_said_of_every_contact() -> None:
    one = frozenset({Reason.ADULT_PATHWAY})
    needs = frozenset({NeedDomain.NEGLECT})
    train = [
        make_labelled(1, level=Level.CHILD_IN_NEED, urgency=Urgency.AMBER, domains=needs),
        make_labelled(2, level=Level.CHILD_IN_NEED, urgency=Urgency.AMBER, domains=needs),
        make_labelled(3, form=Form.PPN, level=Level.UNIVERSAL, reasons=one),
    ]
    predict = fit_majority(train)
    said = predict(make_labelled(level=Level.CHILD_PROTECTION))
    assert said.level is Level.CHILD_IN_NEED
    assert said.urgency is Urgency.AMBER
    assert said.domains == needs
    assert said.status[Element.CHILD_VOICE] is Status.MET
    assert said.status[Element.CONSENT] is Status.MISSING
    assert said.evidence == (frozenset(), frozenset())  # each element on half of them, not more
    assert said.plausible == (Level.UNIVERSAL, Level.EARLY_HELP, Level.CHILD_IN_NEED)
    assert said.inappropriate is None
    on_ppn = predict(make_labelled(form=Form.PPN))
    assert (on_ppn.inappropriate, on_ppn.reasons) == (True, one)


def test_keywords_say_what_the_words_say_without_context() -> None:
    contact = make_labelled(sentences=("There was no knife.", "Dad strangled her."))
    said = load_keywords().predict(contact)
    assert said.flags == {SafetyFlag.WEAPON, SafetyFlag.STRANGULATION}
    assert said.level is Level.CHILD_PROTECTION
    assert said.urgency is Urgency.RED
    assert said.inappropriate is None
    assert Element.FAMILY_HOUSEHOLD in said.evidence[1]


def test_keywords_in_two_sentences_meet_an_element_and_in_one_meet_it_partly() -> None:
    contact = make_labelled(sentences=("Mum consents.", "Dad consented too.", "Mia is aged 6."))
    status = load_keywords().predict(contact).status
    assert status[Element.CONSENT] is Status.MET
    assert status[Element.CHILD_IDENTITY] is Status.PARTLY
    assert status[Element.HISTORY] is Status.MISSING


def test_keywords_call_a_low_notification_with_a_reason_inappropriate() -> None:
    shop = make_labelled(form=Form.PPN, sentences=("Shoplifting of sweets.", "No concerns."))
    said = load_keywords().predict(shop)
    assert said.inappropriate
    assert said.reasons == {Reason.YOUTH_OFFENDING_ONLY, Reason.NO_WELFARE_CONCERN}
    grave = make_labelled(form=Form.PPN, sentences=("Shoplifting.", "He was strangled."))
    assert load_keywords().predict(grave).inappropriate is False


def test_every_label_has_keywords() -> None:
    words = load_keywords().words
    wanted = (*Element, *Level, *SafetyFlag, *NeedDomain, *Reason)
    assert not [code for code in wanted if not words[code].pattern]
