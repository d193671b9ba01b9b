"""Settle what annotators dispute: a queue for who adjudicates, and one final file from it.

Where annotators agree their labels stand. Where they differ, on a single label or on many, a person
labels the contact afresh with all their answers in view, and what that person says is final. Nobody
is outvoted: three annotators against one is a dispute too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from annotation.adjudication_tasks import Decided, read_decided, save_tasks
from annotation.comparison import Annotators, group
from annotation.corpus import load_corpus, save_corpus
from annotation.disagreements import Disagreement, compare_answers, find_disagreements, to_lines
from annotation.labels import LabelledContact
from nlp.errors import CorpusError

ANSWERS, DISPUTES, DECISIONS = "answers", "disputes.jsonl", "decisions.jsonl"
_ADJUDICATOR = "the adjudicator"
# So many disputes that nobody decided are named; the rest are counted.
_MOST_NAMED = 20


@dataclass(frozen=True)
class Decision:
    """What became of one dispute, in codes and places.

    ``agrees_with`` names the annotators who said the same: nobody where the adjudicator agreed
    with neither. ``disputed`` is false where the adjudicator changed what the annotators agreed on.
    """

    contact: str
    question: str
    start: int | None
    end: int | None
    answers: Mapping[str, str]
    decided: str
    by: str
    agrees_with: tuple[str, ...]
    disputed: bool


@dataclass(frozen=True)
class Closed:
    """The final contacts, in the annotators' order, and every decision that was needed."""

    contacts: tuple[LabelledContact, ...]
    decisions: tuple[Decision, ...]


def open_queue(people: Annotators, folder: Path) -> tuple[Disagreement, ...]:
    """Write the queue into *folder*, the gravest contact first; give what is in dispute.

    The folder then holds each annotator's answers, ``disputes.jsonl`` (codes and places alone), and
    a Label Studio project: ``project.xml``, and ``tasks.json`` with the answers as predictions.

    Raises:
        CorpusError: If the folder holds a queue already.
    """
    if (folder / ANSWERS).exists():
        raise CorpusError(f"{folder.name} holds a queue already; give another folder, or close it")
    queue = find_disagreements(people)
    (folder / ANSWERS).mkdir(parents=True)
    for name, contacts in people.items():
        save_corpus(contacts.values(), folder / ANSWERS / f"{name}.jsonl")
    (folder / DISPUTES).write_text(to_lines(queue), encoding="utf-8", newline="\n")
    save_tasks(queue, people, folder)
    return queue


def close_queue(folder: Path, adjudicated: Path, *, by: str | None = None) -> Closed:
    """Give the final contacts of a queue: undisputed ones as they are, the others as decided.

    The decisions are written into *folder* as ``decisions.jsonl``.

    Args:
        folder: As `open_queue` left it.
        adjudicated: What Label Studio exported, or a corpus file.
        by: Who decided, where the file does not say.

    Raises:
        CorpusError: If any dispute is not decided (the message lists which), a decided contact is
            not in the queue or has another text, or one was decided twice.
    """
    people = _read_answers(folder)
    answered = _by_contact(people)
    disputes = {name: compare_answers(name, found) for name, found in answered.items()}
    decided = {each.contact.id: each for each in _fitting(read_decided(adjudicated, by), answered)}
    undecided = [each for name, found in disputes.items() if name not in decided for each in found]
    if undecided:
        raise CorpusError(_name_undecided(undecided))
    final = tuple(
        decided[name].contact if disputes[name] else next(iter(found.values()))
        for name, found in answered.items()
    )
    decisions = tuple(
        decision
        for name in answered
        if disputes[name]
        for decision in _decisions(answered[name], disputes[name], decided[name])
    )
    lines = (json.dumps(asdict(each)) + "\n" for each in decisions)
    (folder / DECISIONS).write_text("".join(lines), encoding="utf-8", newline="\n")
    return Closed(final, decisions)


def write_closing(closed: Closed) -> str:
    """Give in plain text how many disputes went whose way, and what else was changed."""
    settled = [each for each in closed.decisions if each.disputed]
    with_whom = Counter(name for each in settled for name in each.agrees_with)
    neither = sum(not each.agrees_with for each in settled)
    by = Counter(each.by for each in settled)
    lines = [f"{len(settled)} disputes decided by " + _list(by)] if settled else ["no disputes"]
    lines += [f"agreed with {name} on {n}" for name, n in with_whom.most_common()]
    lines += [f"agreed with neither on {neither}"] if settled else []
    changed = len(closed.decisions) - len(settled)
    if changed:
        lines.append(f"{changed} labels changed that nobody disputed; see {DECISIONS}")
    return "\n".join(lines)


def _read_answers(folder: Path) -> Annotators:
    files = sorted((folder / ANSWERS).glob("*.jsonl"))
    if not files:
        raise CorpusError(
            f"{folder.name} holds no queue; make one with: python -m annotation adjudicate queue"
        )
    return group({path.stem: load_corpus(path) for path in files})


def _by_contact(people: Annotators) -> dict[str, dict[str, LabelledContact]]:
    """Each contact's answers by annotator, in the order of the annotators' files."""
    found: dict[str, dict[str, LabelledContact]] = {}
    for who, contacts in people.items():
        for name, contact in contacts.items():
            found.setdefault(name, {})[who] = contact
    return found


def _fitting(
    decided: Iterable[Decided], answered: Mapping[str, Mapping[str, LabelledContact]]
) -> Iterator[Decided]:
    """The decisions, each of a contact of the queue, once, on the text that was labelled."""
    seen = set[str]()
    for each in decided:
        name = each.contact.id
        if name not in answered:
            raise CorpusError(f"{name} was decided and is not in this queue; was it another one?")
        if each.contact.text != next(iter(answered[name].values())).text:
            raise CorpusError(f"{name} was decided on another text than it was labelled on")
        if name in seen:
            raise CorpusError(f"{name} was decided twice; keep one of the two annotations")
        seen.add(name)
        yield each


def _name_undecided(undecided: Sequence[Disagreement]) -> str:
    contacts = len({each.contact for each in undecided})
    lines = [f"{len(undecided)} disputes on {contacts} contacts are not decided:"]
    lines += [f"{each.contact}  {each.asked}" for each in undecided[:_MOST_NAMED]]
    if len(undecided) > _MOST_NAMED:
        lines.append(f"and {len(undecided) - _MOST_NAMED} more")
    return "\n".join(lines)


def _decisions(
    answered: Mapping[str, LabelledContact], disputes: Sequence[Disagreement], decided: Decided
) -> Iterator[Decision]:
    """What was said to each dispute, and to anything else that the adjudicator changed."""
    name = decided.contact.id
    compared = compare_answers(name, {**answered, _ADJUDICATOR: decided.contact})
    disputed = {(each.question, each.start, each.end) for each in disputes}
    for each in compared:
        said = each.answers[_ADJUDICATOR]
        answers = {who: answer for who, answer in each.answers.items() if who != _ADJUDICATOR}
        yield Decision(
            contact=name,
            question=each.question,
            start=each.start,
            end=each.end,
            answers=answers,
            decided=said,
            by=decided.by,
            agrees_with=tuple(who for who, answer in answers.items() if answer == said),
            disputed=(each.question, each.start, each.end) in disputed,
        )


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in counted.most_common())
