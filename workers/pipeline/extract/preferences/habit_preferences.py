"""Habits mentioned in passing ("I usually prefer ..."): those of one talk that are
about the same thing are one implicit preference, with what they seem to exclude,
wherever in the talk that showed ("... that doesn't need a subscription?").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.domain.passage import Talk
from shared.language.sentences import sentences
from shared.language.words import is_chinese, terms
from workers.pipeline.extract.preferences.preference_statements import (
    PreferenceStatement,
)
from workers.pipeline.extract.speech.patterns import (
    COMMON,
    OBJECT_END,
    PLACED,
    SHUT_OUT,
    SHUT_OUT_ZH,
)
from workers.pipeline.extract.speech.turns import read_turn

MOST = 4
"""Excluded things that are named: more would bury the habit."""

_COMMON = frozenset(terms(COMMON))


@dataclass(frozen=True, slots=True)
class Theme:
    """Habits about one thing, in order, and what they seem to shut out."""

    habits: tuple[PreferenceStatement, ...]
    shut_out: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """The words that tell what it is about."""
        return telling_words(
            " ".join((*(habit.said for habit in self.habits), *self.shut_out))
        )


def themes(habits: Sequence[PreferenceStatement], talk: Talk) -> list[Theme]:
    """The habits of a talk, those that share a telling word together."""
    themes: list[Theme] = []
    for habit in habits:
        speaker, words = habit.message.speaker, telling_words(habit.said)
        places = [
            place
            for place, theme in enumerate(themes)
            if theme.habits[0].message.speaker == speaker and theme.words & words
        ]
        place = next(iter(places), None)
        if place is None:
            themes.append(Theme((habit,)))
        else:
            themes[place] = Theme((*themes[place].habits, habit))
    complete = []
    for theme in themes:
        things: tuple[str, ...] = ()
        for said in _said_about(theme, talk):
            new = [what for what in shut_out(said) if what not in things]
            things = (*things, *new)[:MOST]
        complete.append(Theme(theme.habits, things))
    return complete


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that are about something: none of those that any habit is worded with."""
    return frozenset(terms(text)) - _COMMON


def _said_about(theme: Theme, talk: Talk) -> Iterator[str]:
    """What was said of a theme: its habits, the sentences beside them, and others of
    the speaker with one of its words.
    """
    speaker = theme.habits[0].message.speaker
    yield from (habit.said for habit in theme.habits)
    for message in talk.messages:
        turn = read_turn(message)
        if turn is None or message.role != "user" or turn.speaker != speaker:
            continue
        parts = sentences(turn.text)
        beside: set[int] = set()
        own_habits = [habit for habit in theme.habits if habit.message.id == message.id]
        for place, part in enumerate(parts):
            end = part.rstrip(".?!。？！")[-30:]
            holding = [
                habit
                for habit in own_habits
                if end in habit.said or habit.said.rstrip(".。")[-30:] in part
            ]
            if len(part) > 10 and holding:
                beside |= {place - 1, place + 1}
        yield from (
            part
            for place, part in enumerate(parts)
            if place in beside or telling_words(part) & theme.words
        )


def shut_out(said: str) -> list[str]:
    """What a sentence turns down: "a tool that doesn't need a login" -> "a login"."""
    pattern = SHUT_OUT_ZH if is_chinese(said) else SHUT_OUT
    themes = [
        OBJECT_END.split(match["what"], maxsplit=1)[0].strip(" ,，")
        for match in pattern.finditer(said)
    ]
    return [what for what in themes if telling_words(what) and not PLACED.match(what)]
