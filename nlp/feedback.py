"""What a busy referrer reads: safety first, what is good, and the few things most worth adding.

Every word is either fixed wording or an exact quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.assessment import Completeness, ElementFinding, Feedback, FlagFinding, Improvement
from nlp.domain import Agency, Assertion, Element, Status
from nlp.forms import FormTemplate
from nlp.quoting import shorten
from nlp.wording import PromptsFile, Summaries, WordingFile, listed

MOST_ACTIONS = 3
MOST_STRENGTHS = 3
LONGEST_QUOTE = 160


def write_feedback(
    completeness: Completeness,
    *,
    flags: Sequence[FlagFinding],
    agency: Agency | None,
    form: FormTemplate,
    prompts: PromptsFile,
    wording: WordingFile,
    english: bool = True,
    telling: bool = True,
) -> Feedback:
    """Give the summary, the safety sentence, quoted strengths and what to add, first things first.

    With a safety flag present, where the child is now comes first. Where the text does not read as
    English (``english`` false) no strength is quoted and the summary says so; it also says where
    nothing tells of a child or family (``telling`` false).
    """
    present = [flag for flag in flags if flag.assertion is Assertion.PRESENT]
    wanting = _most_useful_first(completeness, form, alert=bool(present))
    actions = [_improvement(found, agency, prompts) for found in wanting]
    strengths = _strengths(completeness, form, prompts) if english else ()
    summary = _summary(
        completeness, present, wanting, prompts, wording, english=english, telling=telling
    )
    return Feedback(
        summary=" ".join(summary),
        safety=wording.safety,
        strengths=tuple(strengths),
        improve=tuple(actions[:MOST_ACTIONS]),
        later=tuple(actions[MOST_ACTIONS:]),
    )


def _most_useful_first(
    completeness: Completeness, form: FormTemplate, *, alert: bool
) -> list[ElementFinding]:
    """Missing critical elements first, then by the points still to be had."""

    def use(found: ElementFinding) -> tuple[bool, bool, int]:
        whereabouts = alert and found.element is Element.IMMEDIATE_SAFETY
        blocking = found.critical and found.status is Status.MISSING
        to_be_had = Status.MET.points - found.status.points
        return whereabouts, blocking, form.elements[found.element].weight * to_be_had

    wanting = [
        found
        for found in completeness.elements
        if found.expected and found.status is not Status.MET
    ]
    return sorted(wanting, key=use, reverse=True)


def _improvement(found: ElementFinding, agency: Agency | None, prompts: PromptsFile) -> Improvement:
    text = prompts.elements[found.element]
    missing = found.status is Status.MISSING
    return Improvement(
        element=found.element,
        add=text.add.missing if missing else text.add.partly,
        why=text.why,
        prompt=prompts.question(found.element, agency),
    )


def _strengths(
    completeness: Completeness, form: FormTemplate, prompts: PromptsFile
) -> Iterator[str]:
    """What is already met, weightiest first, each with words not quoted before."""
    met = [found for found in completeness.elements if found.status is Status.MET]
    met = [found for found in met if found.expected and found.evidence]
    met.sort(key=lambda found: form.elements[found.element].weight, reverse=True)
    quoted: set[str] = set()
    for found in met:
        words = next((each.quote for each in found.evidence if each.quote not in quoted), None)
        if words is not None and len(quoted) < MOST_STRENGTHS:
            quoted.add(words)
            already = prompts.elements[found.element].already
            yield f"{already}: “{shorten(words, most=LONGEST_QUOTE)}”"


def _summary(
    completeness: Completeness,
    present: Sequence[FlagFinding],
    wanting: Sequence[ElementFinding],
    prompts: PromptsFile,
    wording: WordingFile,
    *,
    english: bool,
    telling: bool,
) -> Iterator[str]:
    """Safety flags, then whether it could be read, then how much is there and what is next."""
    say = wording.summary
    if present:
        names = dict.fromkeys(wording.names.flags[flag.flag].inside for flag in present)
        yield say.flags.format(flags=listed(names))
    if not english:
        yield say.not_english
    elif not telling:
        yield say.nothing
    elif wanting:
        yield _covered(completeness, len(wanting), say)
        labels = [prompts.elements[found.element].label for found in wanting[:MOST_ACTIONS]]
        yield say.next.format(elements="; ".join(labels))
    else:
        yield say.everything


def _covered(completeness: Completeness, wanting: int, say: Summaries) -> str:
    expected = sum(found.expected for found in completeness.elements)
    return say.covered.format(met=expected - wanting, expected=expected)
