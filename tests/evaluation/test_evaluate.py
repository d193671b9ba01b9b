"""What is measured is what is served, on authors that were not learnt from."""

from __future__ import annotations

from collections.abc import Iterable

from annotation.labels import LabelledContact
from evaluation.baselines import Predict, fit_majority
from evaluation.evaluate import Contestant, judge, judge_unseen
from evaluation.judge import ListeningReader, judge_with
from evaluation.outcomes import Prediction, to_contact
from nlp.assess import assess
from nlp.domain import Element, Level, Status
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks
from tests.evaluation.builders import make_labelled, make_prediction
from tests.fakes import FakeReader


def _fit_nosy(train: Iterable[LabelledContact]) -> Predict:
    """Says universal of an author it has learnt from."""
    learnt = {contact.author for contact in train}

    def predict(contact: LabelledContact) -> Prediction:
        seen = contact.author in learnt
        level = Level.UNIVERSAL if seen else Level.CHILD_PROTECTION
        return make_prediction(contact, level=level)

    return predict


CONTACTS = tuple(
    make_labelled(number, author=author) for author in ("TR1", "TR2", "TR3") for number in (1, 2)
)


def test_every_contact_is_judged_once_by_a_contestant_that_has_not_met_its_author() -> None:
    found = judge_unseen([Contestant("nosy", _fit_nosy)], CONTACTS, processes=1)
    assert [outcome.contact for outcome in found["nosy"]] == list(CONTACTS)
    assert {o.prediction.level for o in found["nosy"]} == {Level.CHILD_PROTECTION}


def test_two_processes_give_the_same_outcomes_as_one() -> None:
    contestants = [Contestant("majority", fit_majority)]
    assert judge_unseen(contestants, CONTACTS, processes=2) == judge_unseen(
        contestants, CONTACTS, processes=1
    )


def test_a_quick_look_leaves_out_the_first_authors_only() -> None:
    found = judge_unseen([Contestant("majority", fit_majority)], CONTACTS, processes=1, folds=2)
    assert {o.contact.author for o in found["majority"]} == {"TR1", "TR2"}


def test_the_judgement_is_the_served_record() -> None:
    reader = FakeReader(
        evidence={Element.CHILD_VOICE: "says", Element.CHILD_IDENTITY: "six"},
        level=Level.CHILD_IN_NEED,
    )
    labelled = make_labelled()
    record = assess(
        to_contact(labelled),
        reader=reader,
        framework=load_frameworks()[DEFAULT_FRAMEWORK],
        form=form_for(labelled.form),
    )
    (outcome,) = judge(judge_with(reader), [labelled])
    said = outcome.prediction
    assert said.level is record.level.likely is Level.CHILD_IN_NEED
    assert said.plausible == record.level.plausible
    assert said.urgency is record.urgency.rating
    assert said.status == {e.element: e.status for e in record.completeness.elements}
    assert said.status[Element.CHILD_VOICE] is Status.MET
    assert said.evidence == tuple(sentence.elements for sentence in labelled.sentences)
    assert said.quoted == said.evidence


def test_sentences_that_the_record_does_not_quote_are_counted_as_marked() -> None:
    reader = FakeReader(evidence={Element.CONCERN: "bruise"})
    labelled = make_labelled(sentences=[f"Day {day}: a new bruise." for day in range(1, 9)])
    (outcome,) = judge(judge_with(reader), [labelled])
    marked = [Element.CONCERN in elements for elements in outcome.prediction.evidence]
    quoted = [Element.CONCERN in elements for elements in outcome.prediction.quoted]
    assert sum(marked) == 8
    assert 0 < sum(quoted) < 8


def test_listening_changes_nothing_that_the_reader_says() -> None:
    reader = FakeReader()
    listening = ListeningReader(reader)
    assert (listening.name, listening.thresholds) == (reader.name, reader.thresholds)
