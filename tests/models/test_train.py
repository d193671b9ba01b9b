import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from math import log
from typing import TypeVar

import pytest

from annotation.corpus import load_dev
from annotation.labels import LabelledSentence
from models.config import ContrastsConfig
from models.features import read_words
from models.term_memory import TermMemory
from models.tfidf import (
    TfidfReader,
    count_sentences,
    document_rows,
    found_rows,
    sentence_rows,
    weigh_whole,
)
from models.train import fit_steps, fit_tfidf, train_tfidf
from models.training_corpus import align_elements
from nlp.document import read_document
from nlp.domain import Agency, Contact, Element, Form, Level, NeedDomain, Status, Urgency
from nlp.errors import CorpusError
from nlp.reading import Reading
from tests.models.corpus_for_tests import (
    CONCERNS,
    CONSENT,
    make_config,
    make_contact,
    make_contacts,
)

Label = TypeVar("Label", bound=StrEnum)

HURT = f"{CONCERNS[Level.CHILD_PROTECTION]}\n{CONSENT[Status.MET]}"


def read(reader: TfidfReader, text: str, form: Form = Form.REFERRAL) -> Reading:
    return reader.read(Contact(text, form), read_document(text))


def likely(probabilities: Mapping[Label, float]) -> Label:
    return max(probabilities, key=probabilities.__getitem__)


def test_what_was_taught_is_read(small_reader: TfidfReader) -> None:
    reading = read(small_reader, HURT)
    assert likely(reading.level) is Level.CHILD_PROTECTION
    assert likely(reading.urgency) is Urgency.RED
    assert likely(reading.domains) is NeedDomain.PHYSICAL_ABUSE
    assert likely(reading.sentences[0].elements) is Element.CONCERN
    assert likely(reading.sentences[1].elements) is Element.CONSENT


def test_what_sentences_add_to_a_need_is_with_the_intercept_all_of_its_score(
    small_reader: TfidfReader,
) -> None:
    reading, head = read(small_reader, HURT), small_reader.documents["domains"]
    for place, domain in enumerate(NeedDomain):
        held = head.intercept[place] * head.slope[place] + head.offset[place]
        odds = sum(reading.weights[domain]) + float(held)
        said = reading.domains[domain]
        assert odds == pytest.approx(log(said / (1 - said)), abs=1e-3)


def test_the_sentence_that_names_a_need_weighs_most(small_reader: TfidfReader) -> None:
    concern, consent = read(small_reader, HURT).weights[NeedDomain.PHYSICAL_ABUSE]
    assert concern > max(consent, 0)


def test_features_counted_by_sentence_are_those_that_were_trained(
    small_reader: TfidfReader,
) -> None:
    words = read_words(read_document(HURT), known=small_reader.known)
    own, whole = small_reader.sentence_blocks, small_reader.document_blocks
    found = TermMemory(own, whole).find(words)
    counted = weigh_whole(count_sentences(found, whole), whole).toarray()
    assert (counted == document_rows([words], whole).toarray()).all()
    assert (found_rows(found, own).toarray() == sentence_rows(words, own).toarray()).all()


@pytest.mark.parametrize("status", list(Status))
def test_status_is_read_from_the_words_of_its_evidence(
    small_reader: TfidfReader, status: Status
) -> None:
    text = "\n".join([CONCERNS[Level.CHILD_IN_NEED], CONSENT.get(status, "")])
    assert likely(read(small_reader, text).status[Element.CONSENT]) is status


@pytest.mark.parametrize("text", ["Hello", HURT, "1234", "x " * 3000], ids=len)
def test_probabilities_are_probabilities(small_reader: TfidfReader, text: str) -> None:
    reading = read(small_reader, text, Form.PPN)
    wholes = [[*reading.level.values()], [*reading.certainty.values()], [*reading.urgency.values()]]
    for whole in [*wholes, *([*status.values()] for status in reading.status.values())]:
        assert sum(whole) == pytest.approx(1, abs=1e-5)
        assert min(whole) >= -1e-6
    alone = [*reading.domains.values(), *reading.reasons.values(), reading.inappropriate or 0]
    assert all(0 <= p <= 1 for p in alone)
    assert likely(reading.level) in reading.plausible


def test_a_notification_that_concerns_no_child_looks_inappropriate(
    small_reader: TfidfReader,
) -> None:
    needless = read(small_reader, CONCERNS[Level.UNIVERSAL], Form.PPN).inappropriate
    needed = read(small_reader, CONCERNS[Level.CHILD_PROTECTION], Form.PPN).inappropriate
    assert needless is not None
    assert needed is not None
    assert needless > small_reader.thresholds.inappropriate > needed


def test_a_notification_is_called_inappropriate_only_where_that_is_likelier_than_not(
    small_reader: TfidfReader,
) -> None:
    assert small_reader.thresholds.inappropriate >= 0.5


def test_a_referral_is_not_read_as_a_notification(small_reader: TfidfReader) -> None:
    reading = read(small_reader, HURT)
    assert reading.inappropriate is None
    assert reading.reasons == {}


def test_agency_and_form_change_nothing_that_both_forms_share(small_reader: TfidfReader) -> None:
    document = read_document(HURT)
    one = small_reader.read(Contact(HURT, Form.PPN, agency=Agency.POLICE), document)
    two = small_reader.read(Contact(HURT, Form.REFERRAL, agency=Agency.SCHOOL), document)
    assert (one.level, one.status, one.sentences) == (two.level, two.status, two.sentences)


def test_training_twice_gives_the_same_reader(small_reader: TfidfReader) -> None:
    again = fit_tfidf(make_contacts(), make_config())
    assert read(again, HURT) == read(small_reader, HURT)


def test_every_step_is_told() -> None:
    told: list[None] = []
    trained = train_tfidf(make_contacts(), make_config(), step=lambda: told.append(None))
    # An element that no contact of this corpus has is never asked whether it is met.
    untold = (len(Element) - 2) * 4
    assert len(told) == fit_steps(make_config(), authors=3) - untold
    assert trained.figures["level, quadratic kappa"] > 0.9


def test_contrasts_teach_the_level_where_the_run_gives_them_weight() -> None:
    graver = CONCERNS[Level.UNIVERSAL].replace("window", "skull")
    contrasts = [
        dataclasses.replace(
            make_contact(f"C{author}1001", Form.REFERRAL, Level.CHILD_PROTECTION, Status.MISSING),
            text=graver,
            status={},
        )
        for author in "SU"
    ]
    taken = make_config().model_copy(update={"contrasts": ContrastsConfig(weight=1.0)})
    left_out, taught = (
        fit_tfidf(make_contacts(), config, contrasts=contrasts) for config in (make_config(), taken)
    )
    grave = Level.CHILD_PROTECTION
    assert read(taught, graver).level[grave] > read(left_out, graver).level[grave]
    assert read(left_out, HURT) == read(fit_tfidf(make_contacts(), make_config()), HURT)


def test_dev_is_refused() -> None:
    with pytest.raises(CorpusError, match="1 contacts that are kept for measuring"):
        fit_tfidf([*make_contacts(), load_dev()[0]], make_config())


def test_a_single_author_is_refused() -> None:
    with pytest.raises(CorpusError, match="found contacts by 1 author"):
        fit_tfidf(make_contacts("A"), make_config())


def test_labels_follow_their_words_into_the_sentences_that_the_product_reads() -> None:
    contact = make_contact("TA1001", Form.PPN, Level.CHILD_IN_NEED, Status.MET)
    first, second = contact.sentences
    cut = first.start + 8
    parts = (
        LabelledSentence(first.start, cut, frozenset({Element.HISTORY}), ()),
        LabelledSentence(cut, first.end, frozenset({Element.CONCERN}), ()),
        second,
    )
    aligned = align_elements(
        dataclasses.replace(contact, sentences=parts), read_document(contact.text)
    )
    assert aligned == [{Element.HISTORY, Element.CONCERN}, {Element.CONSENT}]
