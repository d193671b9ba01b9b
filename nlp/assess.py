"""The whole judgement of one contact: the one function that everything calls."""

from __future__ import annotations

from time import perf_counter

from nlp.assessment import Assessment, Provenance
from nlp.completeness import score_completeness
from nlp.document import read_document
from nlp.domain import Agency, Contact, Form
from nlp.english import reads_as_english
from nlp.feedback import write_feedback
from nlp.flags import find_flags, never_inappropriate
from nlp.forms import FormTemplate
from nlp.frameworks import Framework
from nlp.guidance import load_guidance
from nlp.level import find_level
from nlp.model_flags import add_model_flags
from nlp.needs import find_needs
from nlp.notification import find_notification
from nlp.quoting import quote
from nlp.reading import Reader
from nlp.rules import Rulebook, load_rulebook
from nlp.urgency import find_urgency
from nlp.vague import find_vague


def assess(
    contact: Contact,
    *,
    reader: Reader,
    framework: Framework,
    form: FormTemplate,
    rulebook: Rulebook | None = None,
) -> Assessment:
    """Judge *contact*: completeness, level, needs, safety flags, urgency, notification, feedback.

    ``rulebook`` is the released one where none is given.

    Raises:
        EmptyTextError: If the contact has no words.
        TextTooLongError: If it is longer than is read in one piece.
        UnreadableTextError: If it is not text.
    """
    started = perf_counter()
    rulebook = rulebook or load_rulebook()
    guide = load_guidance()
    document = read_document(contact.text)
    ruled = find_flags(document, rulebook)
    reading, limits = reader.read(contact, document, ruled), reader.thresholds

    flags = add_model_flags(ruled, document, reading, limits)
    needs = find_needs(document, reading, limits)
    level = find_level(document, reading, flags=flags, framework=framework, thresholds=limits)
    urgency = find_urgency(
        reading,
        flags=flags,
        level=level.likely,
        domains=[found.domain for found in needs],
        rules=guide.urgency,
        wording=guide.wording,
    )
    notification = find_notification(
        reading,
        level=level.likely,
        never_because=never_inappropriate(contact, document, flags, rulebook),
        thresholds=limits,
        wording=guide.reasons,
    )
    completeness = score_completeness(
        document,
        reading,
        vague=find_vague(document, rulebook),
        form=form,
        thresholds=limits,
        rating=guide.rating,
    )
    feedback = write_feedback(
        completeness,
        flags=flags,
        agency=_sender(contact),
        form=form,
        prompts=guide.prompts,
        wording=guide.wording,
        english=reads_as_english(contact.text, guide.english),
        telling=len(reading.not_read) < len(document.sentences),
    )
    return Assessment(
        completeness=completeness,
        level=level,
        need_domains=needs,
        safety_flags=flags,
        urgency=urgency,
        notification=notification,
        feedback=feedback,
        not_read=tuple(
            quote(document, document.sentences[place], None) for place in sorted(reading.not_read)
        ),
        provenance=Provenance(
            reader=reading.by or reader.name,
            rulebook=rulebook.version,
            framework=framework.code,
            form_type=form.code,
            milliseconds=round(1000 * (perf_counter() - started), 1),
        ),
    )


def _sender(contact: Contact) -> Agency | None:
    """Who is asked for more; a notification without an agency is the police's."""
    return contact.agency or (Agency.POLICE if contact.form is Form.PPN else None)
