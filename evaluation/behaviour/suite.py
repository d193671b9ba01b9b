"""Load the suite's files and make its tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotation.corpus import load_first
from annotation.labels import LabelledContact
from evaluation.behaviour.bases import AnyBase, CorpusBase, WrittenBase, sample_train
from evaluation.behaviour.changes import (
    drop_punctuation,
    mistype,
    replace_words,
    start_small,
    turn_sections,
)
from evaluation.behaviour.schemas import (
    BaseFile,
    CapabilityFile,
    Change,
    ChangeText,
    Expected,
    Fact,
    FactFile,
    FloorFile,
    Frame,
    PeopleFile,
    Relation,
    Sent,
)
from nlp.domain import Agency, Assertion, Contact
from nlp.errors import ReferralQualityError
from nlp.rule_files import load_rule_file

FOLDER = Path(__file__).parent
FLOORS = "floors.yaml"
FORMS_OF_FACT = ("past", "never", "may", "noun", "other")


class SuiteError(ReferralQualityError):
    """The suite's files do not fit together."""


@dataclass(frozen=True)
class Trial:
    """One test: a contact with what is expected of it, or compared with another."""

    capability: str
    id: str
    contact: Contact
    expected: Expected | None = None
    before: Contact | None = None
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True)
class Suite:
    """Every capability with its tests, and the floors of their pass rates."""

    capabilities: tuple[CapabilityFile, ...]
    trials: tuple[Trial, ...]
    floors: Mapping[str, Mapping[str, float]]

    def only(self, capabilities: Collection[str]) -> Suite:
        """Give the tests of some *capabilities* alone.

        Raises:
            SuiteError: If there is no such capability.
        """
        known = [file.capability for file in self.capabilities]
        unknown = sorted(set(capabilities) - set(known))
        if unknown:
            raise SuiteError(f"no capability {', '.join(unknown)}; choose from {', '.join(known)}")
        return Suite(
            tuple(file for file in self.capabilities if file.capability in capabilities),
            tuple(trial for trial in self.trials if trial.capability in capabilities),
            self.floors,
        )


def load_suite(folder: Path = FOLDER, *, train: Sequence[LabelledContact] | None = None) -> Suite:
    """Load the files of *folder* and make every test.

    *train* is what to sample bases from: the training corpus where none is given.

    Raises:
        RulebookError: If a file breaks its schema; the message lists its mistakes.
        SuiteError: If a change names a group of bases, names or a slot that is not there.
    """
    people = load_rule_file(folder / "people.yaml", PeopleFile)
    facts = load_rule_file(folder / "facts.yaml", FactFile).facts
    written = [
        WrittenBase(base, people)
        for path in sorted((folder / "bases").glob("*.yaml"))
        for base in load_rule_file(path, BaseFile).bases
    ]
    sampled = sample_train(tuple(load_first() if train is None else train), people)
    bases: tuple[AnyBase, ...] = (*written, *sampled)
    capabilities = tuple(
        load_rule_file(path, CapabilityFile)
        for path in sorted((folder / "capabilities").glob("*.yaml"))
    )
    trials = tuple(t for c in capabilities for t in _Making(c, bases, facts, people).trials())
    return Suite(capabilities, trials, load_floors(folder).floors)


def load_floors(folder: Path = FOLDER) -> FloorFile:
    """Give the pinned floors of the suite in *folder*."""
    return load_rule_file(folder / FLOORS, FloorFile)


@dataclass(frozen=True)
class _Making:
    """Makes the tests of one capability."""

    file: CapabilityFile
    bases: tuple[AnyBase, ...]
    facts: tuple[Fact, ...]
    people: PeopleFile

    def trials(self) -> Iterator[Trial]:
        yield from self._from_bases()
        yield from self._from_cases()
        yield from self._from_frames()
        yield from self._from_pairs()
        for change in self.file.changes:
            yield from self._from_change(change)

    def _from_bases(self) -> Iterator[Trial]:
        for base in self._in_groups(self.file.bases) if self.file.bases else ():
            yield self._trial(base.id, base.contact(), expected=base.expected)

    def _from_cases(self) -> Iterator[Trial]:
        for case in self.file.cases:
            yield self._trial(case.id, _sent(case, case.text), expected=case.expected)

    def _from_frames(self) -> Iterator[Trial]:
        for frame in self.file.frames:
            for number, fact in enumerate(self.facts):
                filled = _fill_frame(frame, fact)
                if filled is not None:
                    expected = Expected(flags={fact.flag: frame.assertion})
                    place = f"{frame.id}.{fact.flag}.{number}"
                    yield self._trial(place, _sent(frame, filled), expected=expected)

    def _from_pairs(self) -> Iterator[Trial]:
        for pair in self.file.pairs:
            before, after = _sent(pair, pair.before), _sent(pair, pair.after)
            yield self._trial(pair.id, after, before=before, relations=self.file.relations)

    def _from_change(self, change: ChangeText) -> Iterator[Trial]:
        for base in self._in_groups(change.bases):
            before = base.contact()
            for number, after in enumerate(change_contact(base, change), start=1):
                if after != before:
                    place = f"{change.id}.{base.id}.{number}"
                    yield self._trial(place, after, before=before, relations=self.file.relations)

    def _in_groups(self, groups: Sequence[str]) -> list[AnyBase]:
        found = [base for base in self.bases if base.groups & set(groups)]
        if not found:
            raise SuiteError(
                f"{self.file.capability}: no base is in {' or '.join(groups)}; "
                "name a group of bases/, or train, train_ppn or sectioned"
            )
        return found

    def _trial(
        self,
        place: str,
        contact: Contact,
        *,
        expected: Expected | None = None,
        before: Contact | None = None,
        relations: tuple[Relation, ...] = (),
    ) -> Trial:
        name = f"{self.file.capability}.{place}"
        return Trial(self.file.capability, name, contact, expected, before, relations)


def change_contact(base: AnyBase, change: ChangeText) -> Iterator[Contact]:
    """Give *base* changed in every way that *change* names.

    Raises:
        SuiteError: If the change needs slots, and *base* is a contact of the corpus.
    """
    whole = base.contact()
    match change.change:
        case Change.AGENCY:
            yield from (replace(whole, agency=Agency(code)) for code in change.to)
        case Change.EARLIER_CONTACTS:
            yield from (replace(whole, earlier_contacts=int(number)) for number in change.to)
        case Change.NAMES:
            yield from (base.contact(base.renamed(names)) for names in change.to)
        case Change.SEX | Change.SLOT:
            yield from (base.contact(text) for text in _fill_slots(base, change))
        case _:
            yield from (base.contact(text) for text in change_text(whole.text, change))


def _fill_slots(base: AnyBase, change: ChangeText) -> Iterator[str]:
    if isinstance(base, CorpusBase):
        raise SuiteError(f"{change.id}: contacts of the corpus have no slots; take written bases")
    if change.change is Change.SEX:
        yield from (base.filled(swap_sex=True, names=names) for names in change.to)
    elif change.slot is not None and base.has_slot(change.slot):
        yield from (base.filled(slots={change.slot: words}) for words in change.to)


def change_text(text: str, change: ChangeText) -> Iterator[str]:
    """Give *text* changed in every way that *change* names."""
    match change.change:
        case Change.WORDS:
            yield replace_words(text, change.words)
        case Change.TYPOS:
            yield mistype(text, change.share)
        case Change.BEFORE:
            yield from (f"{padding}\n\n{text}" for padding in change.to)
        case Change.AFTER:
            yield from (f"{text}\n\n{padding}" for padding in change.to)
        case Change.BOTH_SIDES:
            yield from (f"{padding}\n\n{text}\n\n{padding}" for padding in change.to)
        case whole if whole in _WHOLE:
            yield _WHOLE[whole](text)


_WHOLE: Mapping[Change, Callable[[str], str]] = {
    Change.UPPER: str.upper,
    Change.LOWER: str.lower,
    Change.UNPUNCTUATED: drop_punctuation,
    Change.SMALL_STARTS: start_small,
    Change.SECTIONS: turn_sections,
}


def _fill_frame(frame: Frame, fact: Fact) -> str | None:
    """Fill *frame*, or give ``None`` where the fact has no such form of words."""
    if fact.lasting and frame.assertion is Assertion.HISTORIC:
        return None
    form = next(form for form in FORMS_OF_FACT if f"{{{form}" in frame.text.lower())
    words = getattr(fact, form)
    if words is None:
        return None
    capital = words[0].upper() + words[1:]
    return frame.text.format_map({form: words, form.capitalize(): capital})


def _sent(how: Sent, text: str) -> Contact:
    return Contact(text.strip(), how.form, how.agency, how.earlier_contacts)
