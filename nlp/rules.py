"""The rulebook: every rule matched in text, read, checked and ready to use."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from nlp.domain import Assertion, SafetyFlag
from nlp.errors import RulebookError
from nlp.matching import Match, PatternIndex, any_found, clause_around
from nlp.patterns import Pattern, PatternError, parse
from nlp.people import Who
from nlp.rule_files import RULEBOOK, RuleFile, load_rule_file
from nlp.rule_schemas import (
    ContextFile,
    CueText,
    EditionFile,
    FlagFile,
    FlagRuleText,
    NeverInappropriateFile,
    NeverRuleText,
    VagueFile,
    VagueRuleText,
    VocabularyFile,
)

Schema = TypeVar("Schema", bound=RuleFile)
Patterns = tuple[Pattern, ...]


@dataclass(frozen=True)
class FlagRule:
    """A rule of one flag, its patterns ready to search."""

    text: FlagRuleText
    flag: SafetyFlag
    patterns: Patterns
    also: Patterns
    nearby: Patterns
    contact: Patterns
    beside: tuple[Patterns, ...]
    unless: Patterns
    unless_contact: Patterns

    @property
    def id(self) -> str:
        """The rule's permanent id."""
        return self.text.id

    @property
    def flags(self) -> tuple[SafetyFlag, ...]:
        """What it raises: the flag of its file first."""
        second = self.text.also_flag
        return (self.flag,) if second is None else (self.flag, second)


def index_rules(rules: Iterable[FlagRule]) -> PatternIndex[FlagRule]:
    """Give an index that finds the patterns of *rules* in sentences that have all a rule asks."""
    entries = ((rule, pattern) for rule in rules for pattern in rule.patterns)
    return PatternIndex(entries, sift=_sift)


def _sift(matches: Iterable[Match[FlagRule]], words: str) -> Iterator[Match[FlagRule]]:
    holding: dict[str, bool] = {}
    for match in matches:
        rule = match.key
        if rule.id not in holding:
            holding[rule.id] = _allowed(rule, words)
        if holding[rule.id] and _beside(match, words):
            yield match


def _allowed(rule: FlagRule, words: str) -> bool:
    """Does the sentence hold what the rule asks for also, and nothing that silences it?"""
    return (not rule.also or any_found(rule.also, words)) and not any_found(rule.unless, words)


def _beside(match: Match[FlagRule], words: str) -> bool:
    """Does the match's clause hold one of each group that the rule asks for beside it?"""
    if not match.key.beside:
        return True
    clause = clause_around(words, match.start, match.end)
    return all(any_found(group, clause) for group in match.key.beside)


@dataclass(frozen=True)
class Context:
    """What settles the assertion of a fact, ready to search."""

    order: tuple[Assertion, ...]
    written_after: int
    stops: PatternIndex[None]
    cues: PatternIndex[CueText]
    by_flag: Mapping[SafetyFlag, PatternIndex[Assertion]]


@dataclass(frozen=True)
class NeverRule:
    """A condition under which no notification is called inappropriate."""

    text: NeverRuleText
    patterns: Patterns


@dataclass(frozen=True)
class Rulebook:
    """Everything that is matched in text. ``version`` names it in every record."""

    version: str
    patterns: Patterns
    flags: PatternIndex[FlagRule]
    flag_rules: tuple[FlagRule, ...]
    context: Context
    vague: PatternIndex[VagueRuleText]
    vague_rules: tuple[VagueRuleText, ...]
    filler: frozenset[str]
    never_inappropriate: tuple[NeverRule, ...]
    people: Mapping[str, Who]

    def compile(self) -> None:
        """Compile every pattern now (some four seconds); else the first text to need it waits."""
        for pattern in self.patterns:
            _ = pattern.expression


@cache
def load_rulebook(folder: Path = RULEBOOK) -> Rulebook:
    """Read the rulebook in *folder*, once.

    Raises:
        RulebookError: If any file holds mistakes; the message lists all of them.
    """
    return _Loader(folder).rulebook()


@dataclass
class _Loader:
    """Reads the files of one folder, gathering mistakes instead of stopping at the first."""

    folder: Path
    mistakes: list[str] = field(default_factory=list)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parsed: list[Pattern] = field(default_factory=list)

    def rulebook(self) -> Rulebook:
        vocabulary = self.read("vocabulary.yaml", VocabularyFile)
        edition = self.read("edition.yaml", EditionFile)
        context = self.read("context.yaml", ContextFile)
        vague = self.read("vague.yaml", VagueFile)
        never = self.read("never_inappropriate.yaml", NeverInappropriateFile)
        flags = {path.name: self.read(f"flags/{path.name}", FlagFile) for path in self._flags()}
        if not (vocabulary and edition and context and vague and never and all(flags.values())):
            raise RulebookError("\n".join(self.mistakes))
        self.lists = vocabulary.lists
        files = {name: file for name, file in flags.items() if file}
        people = {word: who for who, words in vocabulary.people.items() for word in words}
        book = self._compiled(edition, context, vague, never, files, people)
        if self.mistakes:
            raise RulebookError("\n".join(self.mistakes))
        return book

    def _flags(self) -> list[Path]:
        return sorted((self.folder / "flags").glob("*.yaml"))

    def read(self, name: str, schema: type[Schema]) -> Schema | None:
        try:
            return load_rule_file(self.folder / name, schema)
        except RulebookError as error:
            self.mistakes.append(str(error))
            return None

    def _compiled(
        self,
        edition: EditionFile,
        context: ContextFile,
        vague: VagueFile,
        never: NeverInappropriateFile,
        flags: Mapping[str, FlagFile],
        people: Mapping[str, Who],
    ) -> Rulebook:
        rules = tuple(
            self._flag_rule(name, file.flag, rule)
            for name, file in flags.items()
            for rule in file.rules
        )
        self._check_ids(
            [r.id for r in rules],
            [r.id for r in vague.rules],
            [c.id for c in context.cues],
            [r.id for r in never.rules],
        )
        self._check_every_flag_has_a_file(flags)
        return Rulebook(
            version=f"{edition.version}+{_fingerprint(self.folder)}",
            flags=index_rules(rules),
            flag_rules=rules,
            context=self._context(context, flags),
            vague=PatternIndex(
                (rule, pattern)
                for rule in vague.rules
                for pattern in self.patterns("vague.yaml", rule.id, rule.patterns)
            ),
            vague_rules=vague.rules,
            filler=frozenset(vague.filler),
            never_inappropriate=tuple(
                NeverRule(rule, self.patterns("never_inappropriate.yaml", rule.id, rule.patterns))
                for rule in never.rules
            ),
            people=people,
            patterns=tuple(self.parsed),  # last: all of the above are parsed by now
        )

    def _flag_rule(self, name: str, flag: SafetyFlag, rule: FlagRuleText) -> FlagRule:
        return FlagRule(
            text=rule,
            flag=flag,
            patterns=self.patterns(name, rule.id, rule.patterns),
            also=self.patterns(name, rule.id, rule.also),
            nearby=self.patterns(name, rule.id, rule.nearby),
            contact=self.patterns(name, rule.id, rule.contact),
            beside=tuple(self.patterns(name, rule.id, group) for group in rule.beside),
            unless=self.patterns(name, rule.id, rule.unless),
            unless_contact=self.patterns(name, rule.id, rule.unless_contact),
        )

    def _context(self, file: ContextFile, flags: Mapping[str, FlagFile]) -> Context:
        return Context(
            order=file.order,
            written_after=file.written_after,
            stops=PatternIndex(
                (None, p) for p in self.patterns("context.yaml", "stops", file.stops)
            ),
            cues=PatternIndex(
                (cue, pattern)
                for cue in file.cues
                for pattern in self.patterns("context.yaml", cue.id, cue.patterns)
            ),
            by_flag={
                flag_file.flag: PatternIndex(
                    (assertion, pattern)
                    for assertion, phrases in flag_file.cues.items()
                    for pattern in self.patterns(name, f"cues.{assertion}", phrases)
                )
                for name, flag_file in flags.items()
            },
        )

    def patterns(self, name: str, rule: str, phrases: Iterable[str]) -> Patterns:
        patterns = tuple(self._parsed(name, rule, phrases))
        self.parsed.extend(patterns)
        return patterns

    def _parsed(self, name: str, rule: str, phrases: Iterable[str]) -> Iterator[Pattern]:
        for phrase in phrases:
            try:
                yield parse(phrase, self.lists)
            except PatternError as error:
                self.mistakes.append(f"{name}, rule {rule}: {error}")

    def _check_ids(self, *groups: Iterable[str]) -> None:
        counts = Counter(rule for group in groups for rule in group)
        self.mistakes.extend(
            f"rule {rule}: the id is used {times} times; ids are permanent and used once"
            for rule, times in counts.items()
            if times > 1
        )

    def _check_every_flag_has_a_file(self, flags: Mapping[str, FlagFile]) -> None:
        for name, file in flags.items():
            if name != f"{file.flag}.yaml":
                self.mistakes.append(f"{name}: holds {file.flag}; call it {file.flag}.yaml")
        missing = set(SafetyFlag) - {file.flag for file in flags.values()}
        self.mistakes.extend(f"flags/{flag}.yaml: is missing; write it" for flag in sorted(missing))


def _fingerprint(folder: Path) -> str:
    """The first eight hex digits of SHA-256 over every rule file, by name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
