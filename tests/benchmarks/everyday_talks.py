"""The talks of the benchmark `everyday`, and how what comes back is judged.

They stand in `everyday/*.yaml`, each file one user:
    language: en                      # en | zh | another code; "mixed" for several
    sent: turns                       # one add a turn (up to an assistant's answer), or `sessions`: one add a session
    names: [Mia, Tom]                 # of a group chat, where their names stand instead of `user`
    said: |                           # "@ time" begins a session, "~" marks a filler: nothing of such a message should be kept
      @ 2025-03-04 10:00
      user: I'm opening a bakery in Porto.
      assistant~: How exciting!
    questions:                        # expects: of each inner list one phrase must come back
      - {query: "Where is the bakery?", expects: [[Porto]], kind: fact, not: [Lisbon]}
    requests:                         # the same, of tasks that a preference bears on; kind is preference when absent
      - {query: "Suggest a dinner", expects: [[peanut*]]}
    never: ["What is her dog called?"]   # never said: nothing should come back
    preferences: [[dark roast & filter, black coffee]]   # what a careful reader would note, each by phrases to know it by
    may: [[early riser]]              # what may be noted as a preference or not
    always: [[short answers]]         # preferences that bear on everything: they may come back for any query

`not` are phrases of what is no longer true: a returned memory that holds one, and
nothing that was expected, is a mistake. A phrase: Latin words stand whole, unless it
ends with * ("allerg*"); "a & b" asks for both, "a & !b" for a without b.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from shared.domain.memory import Kind

TALKS = Path(__file__).with_name("everyday")
KINDS = (Kind.FACT, Kind.PREFERENCE)
MAIN = ("en", "zh")
"""Languages with a line of their own; the others share one."""

Answer = Mapping[Kind, Sequence[str]]


@dataclass(frozen=True)
class Said:
    """One message: `role` or, of a group chat, the name of who speaks."""

    who: str
    text: str
    at: str
    filler: bool

    @property
    def wire(self) -> dict[str, str]:
        """As it is sent."""
        named = {} if self.who in ("user", "assistant") else {"role_name": self.who}
        return {
            "role": "user" if named else self.who,
            "content": self.text,
            "chat_time": self.at,
        } | named


@dataclass(frozen=True)
class Asked:
    """One question. `kind`: "fact", "preference" or "either"; no `expects`: never said."""

    query: str
    expects: tuple[tuple[str, ...], ...] = ()
    kind: str = "either"
    unwanted: tuple[str, ...] = ()
    request: bool = False


@dataclass(frozen=True)
class Story:
    """One user's talks: (conversation, messages) for each add, and what is asked."""

    name: str
    language: str
    adds: tuple[tuple[str, tuple[Said, ...]], ...]
    asked: tuple[Asked, ...]
    preferences: tuple[tuple[str, ...], ...]
    may: tuple[tuple[str, ...], ...]
    always: tuple[tuple[str, ...], ...]

    @property
    def group(self) -> str:
        """The line that it counts for."""
        return self.language if self.language in MAIN else "other"


@dataclass(frozen=True)
class Kept:
    """A memory as it is stored. `fillers`: it was read in nothing but fillers."""

    kind: Kind
    text: str
    context: str = ""
    speaker: str = ""
    conversation: str = ""
    fillers: bool = False


# Reading


def stories(names: Iterable[str] = ()) -> list[Story]:
    """The talks, or only those of these names."""
    wanted = set(names)
    return [
        _story(path)
        for path in sorted(TALKS.glob("*.yaml"))
        if not wanted or path.stem in wanted
    ]


def _story(path: Path) -> Story:
    given = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    sessions = _sessions(given["said"], ("user", "assistant", *given.get("names", ())))
    adds = tuple(
        (f"{path.stem}-{number}", part)
        for number, session in enumerate(sessions)
        for part in (_turns(session) if given["sent"] == "turns" else [session])
    )
    asked = (
        *(_asked(one, "fact") for one in given["questions"]),
        *(_asked(one, "preference", request=True) for one in given.get("requests", ())),
        *map(Asked, given["never"]),
    )
    return Story(
        path.stem,
        given["language"],
        adds,
        asked,
        *(
            tuple(map(tuple, given.get(name, ())))
            for name in ("preferences", "may", "always")
        ),
    )


def _asked(given: Mapping[str, Any], kind: str, *, request: bool = False) -> Asked:
    return Asked(
        given["query"],
        tuple(map(tuple, given["expects"])),
        given.get("kind", kind),
        tuple(given.get("not", ())),
        request,
    )


def _sessions(text: str, names: Sequence[str]) -> list[tuple[Said, ...]]:
    """Sessions of messages, a minute between two; a line that names nobody goes on with
    the message before.
    """
    heads = re.compile(
        rf"^(?:@ (?P<at>.+)|(?P<who>{'|'.join(map(re.escape, names))})(?P<filler>~?): ?(?P<text>.*))$",
        re.M,
    )
    found, ends = (
        list(heads.finditer(text)),
        [*(match.start() for match in heads.finditer(text)), len(text)][1:],
    )
    sessions: list[list[Said]] = []
    at = datetime.min
    for match, end in zip(found, ends, strict=True):
        if match["at"]:
            at = datetime.fromisoformat(match["at"])
            sessions.append([])
            continue
        sessions[-1].append(
            Said(
                match["who"],
                text[match.start("text") : end].strip(),
                at.strftime("%Y-%m-%d %H:%M:%S"),
                bool(match["filler"]),
            )
        )
        at += timedelta(minutes=1)
    return [tuple(session) for session in sessions]


def _turns(session: Sequence[Said]) -> Iterator[tuple[Said, ...]]:
    """What a chat front end sends: what was said, up to the assistant's answer."""
    turn: list[Said] = []
    for message in session:
        turn.append(message)
        if message.who == "assistant":
            yield tuple(turn)
            turn = []
    if turn:
        yield tuple(turn)


# Judging


def normal(text: str) -> str:
    """Lower case, one form of letters, single spaces, straight apostrophes."""
    return " ".join(
        unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split()
    )


def holds(text: str, phrase: str) -> bool:
    """Whether a phrase, as written in the files, stands in a text."""
    return all(
        bool(_pattern(part.removeprefix("!")).search(normal(text)))
        is not part.startswith("!")
        for part in phrase.split(" & ")
    )


def _pattern(phrase: str) -> re.Pattern[str]:
    words = normal(phrase.removesuffix("*"))
    end = (
        ""
        if phrase.endswith("*") or not re.search(r"[\w]$", words, re.A)
        else r"(?![a-zà-ÿ0-9])"
    )
    return re.compile(
        (r"(?<![a-zà-ÿ0-9])" if re.match(r"\w", words, re.A) else "")
        + re.escape(words)
        + end
    )


def one_of(text: str, phrases: Sequence[str]) -> bool:
    """Whether any of the phrases stands in a text."""
    return any(holds(text, phrase) for phrase in phrases)


def found(asked: Asked, answer: Answer, depth: int) -> bool:
    """Whether the first `depth` of the lists that count hold all that was expected."""
    texts = [
        text
        for kind in KINDS
        if asked.kind in (kind.value, "either")
        for text in answer[kind][:depth]
    ]
    return all(
        any(one_of(text, phrases) for text in texts) for phrases in asked.expects
    )


def expected(asked: Asked, text: str) -> bool:
    """Whether a text holds something that was expected."""
    return any(one_of(text, phrases) for phrases in asked.expects)


def uncalled(story: Story, answer: Answer) -> list[str]:
    """What came back, less what may come back for everything."""
    return [
        text
        for kind in KINDS
        for text in answer[kind]
        if not (
            kind is Kind.PREFERENCE
            and any(one_of(text, phrases) for phrases in story.always)
        )
    ]


def outdated(asked: Asked, text: str) -> bool:
    """Whether a text only says what is no longer true."""
    return one_of(text, asked.unwanted) and not expected(asked, text)


def misled(asked: Asked, answer: Answer) -> bool:
    """Whether what is no longer true comes before what is, or alone."""
    telling = [
        outdated(asked, text)
        for kind in KINDS
        for text in answer[kind]
        if outdated(asked, text) or expected(asked, text)
    ]
    return bool(telling) and telling[0]


def relevant(asked: Asked, kept: Sequence[Kept]) -> list[int]:
    """The places of the memories that answer: those that hold all that is expected or,
    where none does, any part of it.
    """
    whole = [
        place
        for place, one in enumerate(kept)
        if all(one_of(one.text, phrases) for phrases in asked.expects)
    ]
    return whole or [
        place for place, one in enumerate(kept) if expected(asked, one.text)
    ]
