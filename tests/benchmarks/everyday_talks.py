"""The talks of the benchmark `everyday`, and how what comes back is judged.

They stand in `everyday/*.yaml`, each file one user:
    language: en             # en | zh | another code; "mixed" for several
    sent: turns              # one add a turn (up to an assistant's answer), or
                             # `sessions`: one add a session
    names: [Mia, Tom]        # of a group chat, where their names stand instead of `user`
    said: |                  # "@ time" begins a session, "~" marks a filler: nothing of
                             # such a message should be stored
      @ 2025-03-04 10:00
      user: I'm opening a bakery in Porto.
      assistant~: How exciting!
    questions:               # expects: of each inner list one phrase must come back
      - {query: "Where is the bakery?", expects: [[Porto]], kind: fact, not: [Lisbon]}
    requests:                # the same, of tasks that a preference bears on; kind is
                             # preference when absent
      - {query: "Suggest a dinner", expects: [[peanut*]]}
    never: ["What is her dog called?"]   # never said: nothing should come back
    preferences: [[dark roast & filter, black coffee]]   # what a careful reader would
                             # note, each by phrases to know it by
    may: [[early riser]]     # what may be noted as a preference or not
    always: [[short answers]]            # preferences that bear on everything: they may
                             # come back for any query

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
class TalkMessage:
    """One message of a talk."""

    speaker: str
    """`user`, `assistant` or, of a group chat, a name."""
    text: str
    at: str
    """YYYY-MM-DD hh:mm:ss."""
    filler: bool
    """Nothing of it should be stored."""

    @property
    def wire(self) -> dict[str, str]:
        """As it is sent."""
        fields = {"content": self.text, "chat_time": self.at}
        if self.speaker in ("user", "assistant"):
            return fields | {"role": self.speaker}
        return fields | {"role": "user", "role_name": self.speaker}


@dataclass(frozen=True)
class TalkQuestion:
    """One question."""

    query: str
    expects: tuple[tuple[str, ...], ...] = ()
    """Of each inner tuple one phrase must come back; nothing where it was never said."""
    kind: str = "either"
    """The list that counts: "fact", "preference" or "either"."""
    unwanted: tuple[str, ...] = ()
    """Phrases of what is no longer true."""
    is_request: bool = False


@dataclass(frozen=True)
class Story:
    """One user's talks: (conversation, messages) for each add, and what is asked."""

    name: str
    language: str
    adds: tuple[tuple[str, tuple[TalkMessage, ...]], ...]
    questions: tuple[TalkQuestion, ...]
    preferences: tuple[tuple[str, ...], ...]
    may: tuple[tuple[str, ...], ...]
    always: tuple[tuple[str, ...], ...]

    @property
    def group(self) -> str:
        """The line that it counts for."""
        return self.language if self.language in MAIN else "other"


@dataclass(frozen=True)
class StoredMemory:
    """A memory as it is stored."""

    kind: Kind
    text: str
    context: str = ""
    speaker: str = ""
    conversation: str = ""
    from_fillers: bool = False
    """It was read in nothing but fillers."""


# Reading


def stories(names: Iterable[str] = (), folder: Path = TALKS) -> list[Story]:
    """The talks of a folder, or only those of these names."""
    wanted = set(names)
    return [
        _story(path)
        for path in sorted(folder.glob("*.yaml"))
        if not wanted or path.stem in wanted
    ]


def _story(path: Path) -> Story:
    given = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    sessions = _sessions(given["said"], ("user", "assistant", *given.get("names", ())))
    adds = []
    for number, session in enumerate(sessions):
        parts = _turns(session) if given["sent"] == "turns" else [session]
        adds += [(f"{path.stem}-{number}", part) for part in parts]
    questions = [_question(entry, "fact") for entry in given["questions"]]
    questions += [
        _question(entry, "preference", is_request=True)
        for entry in given.get("requests", ())
    ]
    questions += [TalkQuestion(query) for query in given["never"]]
    return Story(
        path.stem,
        given["language"],
        tuple(adds),
        tuple(questions),
        preferences=_phrase_lists(given, "preferences"),
        may=_phrase_lists(given, "may"),
        always=_phrase_lists(given, "always"),
    )


def _question(
    given: Mapping[str, Any], kind: str, *, is_request: bool = False
) -> TalkQuestion:
    return TalkQuestion(
        given["query"],
        _phrase_lists(given, "expects"),
        given.get("kind", kind),
        tuple(given.get("not", ())),
        is_request,
    )


def _phrase_lists(given: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrases) for phrases in given.get(name, ()))


def _sessions(text: str, names: Sequence[str]) -> list[tuple[TalkMessage, ...]]:
    """Sessions of messages, a minute between two; a line that names nobody goes on with
    the message before.
    """
    speakers = "|".join(map(re.escape, names))
    line = rf"^(?:@ (?P<at>.+)|(?P<who>{speakers})(?P<filler>~?): ?(?P<text>.*))$"
    heads = list(re.finditer(line, text, re.M))
    ends = [*(head.start() for head in heads), len(text)][1:]
    sessions: list[list[TalkMessage]] = []
    at = datetime.min
    for head, end in zip(heads, ends, strict=True):
        if head["at"]:
            at = datetime.fromisoformat(head["at"])
            sessions.append([])
            continue
        content = text[head.start("text") : end].strip()
        time = at.strftime("%Y-%m-%d %H:%M:%S")
        message = TalkMessage(head["who"], content, time, bool(head["filler"]))
        sessions[-1].append(message)
        at += timedelta(minutes=1)
    return [tuple(session) for session in sessions]


def _turns(session: Sequence[TalkMessage]) -> Iterator[tuple[TalkMessage, ...]]:
    """What a chat front end sends: what was said, up to the assistant's answer."""
    turn: list[TalkMessage] = []
    for message in session:
        turn.append(message)
        if message.speaker == "assistant":
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
    for part in phrase.split(" & "):
        wanted = not part.startswith("!")
        pattern = _pattern(part.removeprefix("!"))
        if bool(pattern.search(normal(text))) is not wanted:
            return False
    return True


def _pattern(phrase: str) -> re.Pattern[str]:
    words = normal(phrase.removesuffix("*"))
    pattern = re.escape(words)
    if re.match(r"\w", words, re.A):
        pattern = rf"(?<![a-zà-ÿ0-9]){pattern}"
    if re.search(r"\w$", words, re.A) and not phrase.endswith("*"):
        pattern = rf"{pattern}(?![a-zà-ÿ0-9])"
    return re.compile(pattern)


def holds_any(text: str, phrases: Sequence[str]) -> bool:
    """Whether any of the phrases stands in a text."""
    return any(holds(text, phrase) for phrase in phrases)


def holds_all(texts: Sequence[str], phrase_lists: Sequence[Sequence[str]]) -> bool:
    """Whether the texts together hold a phrase of every list."""
    return all(
        any(holds_any(text, phrases) for text in texts) for phrases in phrase_lists
    )


def is_answered(question: TalkQuestion, answer: Answer, depth: int) -> bool:
    """Whether the first `depth` of the lists that count hold all that was expected."""
    texts: list[str] = []
    for kind in KINDS:
        if question.kind in (kind.value, "either"):
            texts += answer[kind][:depth]
    return holds_all(texts, question.expects)


def all_texts(answer: Answer) -> list[str]:
    """Facts, then preferences."""
    return [*answer[Kind.FACT], *answer[Kind.PREFERENCE]]


def is_expected(question: TalkQuestion, text: str) -> bool:
    """Whether a text holds something that was expected."""
    return any(holds_any(text, phrases) for phrases in question.expects)


def unprompted(story: Story, answer: Answer) -> list[str]:
    """What came back, less what may come back for everything."""
    preferences = [
        text
        for text in answer[Kind.PREFERENCE]
        if not any(holds_any(text, phrases) for phrases in story.always)
    ]
    return [*answer[Kind.FACT], *preferences]


def is_outdated(question: TalkQuestion, text: str) -> bool:
    """Whether a text only says what is no longer true."""
    return holds_any(text, question.unwanted) and not is_expected(question, text)


def is_misleading(question: TalkQuestion, answer: Answer) -> bool:
    """Whether what is no longer true comes before what is, or alone."""
    for text in all_texts(answer):
        if is_outdated(question, text):
            return True
        if is_expected(question, text):
            return False
    return False


def relevant(question: TalkQuestion, stored: Sequence[StoredMemory]) -> list[int]:
    """The indices of the memories that answer: those that hold all that is expected or,
    where none does, any part of it.
    """
    whole = [
        index
        for index, memory in enumerate(stored)
        if holds_all([memory.text], question.expects)
    ]
    return whole or [
        index
        for index, memory in enumerate(stored)
        if is_expected(question, memory.text)
    ]
