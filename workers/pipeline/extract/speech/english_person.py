"""English statements of the first person, turned into ones about a named person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shared.language.english_verbs import (
    AUXILIARIES,
    BARE_AFTER,
    plural,
    singular,
    verbs,
)
from shared.language.function_words import language_of
from shared.language.sentences import sentence_spans
from shared.language.words import STOP, is_english
from workers.pipeline.extract.speech.english_coordination import ADVERB, coordinated
from workers.pipeline.extract.speech.english_ellipsis import (
    UncertainSubjectError,
    with_subjects,
)

_MENTION = re.compile(
    r"(?<![\w'’])(?:I(?![\w-])|(?:[Mm]e|ME|[Mm]y|MY|[Mm]ine|MINE|[Mm]yself|MYSELF)\b)"
)
_SMALL_I = re.compile(r"(?<![\w'’.\-(])i(?:m\b|(?![\w'’.\-)]))")
_AFTER_I = re.compile(
    rf"(?P<short>['’](?:m|ve|d|ll)\b)?(?P<adverbs>(?:\s+(?>{ADVERB}\b))*)"
    r"(?:\s+(?P<verb>[A-Za-z]+(?:['’]t)?)(?![\w'’]))?"
)
_GROUP = re.compile(r"\b(?:we|us|our|ours|ourselves)\b|\bWe\b|\bOur\b|\b[Ll]et['’]?s\b")
_IDIOM = re.compile(
    r"\b(?:excuse|trust|believe|pardon|forgive|dear|woe is|beats|let) me\b"
    r"|\bmy,? (?:my|god|goodness|gosh|bad)\b"
    r"|\b(?:on|off) my own\b|\boh my\b|\bme (?:too|neither|either)\b|\bmethinks\b|\bmy (?:dear|lord|lady)\b",
    re.I,
)
_OTHERS = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.I)
_NUMBERED = frozenset(
    """
    act appendix article axis band book category chapter class clause division episode exhibit
    factor figure form grade group king level mark part phase pope queen region round scene
    schedule section stage system table tier title type unit vitamin volume war zone
    """.split()
)
"""What may bear a Roman number: "type I diabetes"."""
_OPENERS = STOP | frozenset(
    """
    yes no well also today yesterday tomorrow tonight since because although while until once
    lately currently nowadays sometimes usually maybe perhaps instead however therefore still
    whenever wherever whatever unless though ps btw sorry please thanks thank monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july
    august september october november december christmas easter
    """.split()
)
_PLURAL_NOUNS = frozenset(
    "people children men women folks family team couple police both everyone everybody someone"
    " somebody anyone nobody neighbours kids parents".split()
)
_NO_PLURAL = frozenset(
    "always perhaps sometimes besides towards afterwards this was has does yes its his us as is"
    " less across plus previous thus various unless guess miss lots".split()
)
_FINITE = re.compile(
    r"\b(?:is|was|are|were|has|had|does|did|can|will|would|could|should|may|might"
    r"|it['’]s|that['’]s|there['’]s|he['’]s|she['’]s|what['’]s|n['’]t|i['’]m|i['’]ve)\b"
)
_BEFORE_ORDER = frozenset(
    "please actually just then and so also no ok okay yes now or but".split()
)
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_PREPOSITION = re.compile(
    r"\b(?:with|in|on|of|from|to|for|at|by|about|after|before|under|over)\s$", re.I
)
_ENDS_CLAUSE = re.compile(r"[.;!?:\n]")
_PARTS_CLAUSES = re.compile(r"[;!?\n]|:(?!\d)")


class _Uncertain(Exception):
    """The words cannot be turned with certainty."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Naming:
    """The words, whom they name, and what is known of the mentions so far."""

    text: str
    subject: str
    begins_with_i: bool = False
    edits: list[_Edit] = field(default_factory=list)

    def name(self, place: int) -> str:
        """The subject as it is written at a place."""
        if self.subject != "The user" or _begins_sentence(self.text, place):
            return self.subject
        return "the user"

    def allows_pronoun(self, place: int) -> bool:
        """Whether "they" at a place can only mean the speaker."""
        before = self.text[:place]
        has_other = _OTHERS.search(self.text) or any(
            _is_plural(word) for word in _WORD.findall(before)
        )
        is_announced = ":" in before  # "I texted my sister: I'm off"
        return (
            bool(self.edits) and self.begins_with_i and not (has_other or is_announced)
        )


def named_in_english(text: str, subject: str) -> str | None:
    """The text with its speaker named; None where that is not certain."""
    try:
        text = with_subjects(text)
    except UncertainSubjectError:
        return None
    mentions = list(_MENTION.finditer(text))
    spans = sentence_spans(text)
    if not mentions or mentions[0].start() >= spans[0][1] or not _is_plain(text):
        return None
    naming = _Naming(text, subject, begins_with_i=mentions[0][0] == "I")
    ends = [match.start() for match in mentions if match[0] == "I"]
    try:
        for mention in mentions:
            if mention[0] == "I":
                until = next((end for end in ends if end > mention.end()), len(text))
                _name_subject(naming, mention, until)
            else:
                _name_other(naming, mention)
    except _Uncertain:
        return None
    return _applied(text, naming.edits)


def _is_plain(text: str) -> bool:
    """Whether it is English of one person, without idioms."""
    if _GROUP.search(text) or _IDIOM.search(text) or not is_english(text):
        return False
    if language_of(text) != "en":  # "já me dói o joelho" has "me", too
        return False
    if _SMALL_I.search(text):  # a speaker that would stay as "i" beside "the user"
        return False
    words = {word.lower().replace("’", "'") for word in _WORD.findall(text)}
    others = words - {"my", "me", "mine", "myself"}
    return any(_is_english_word(word) for word in others)


def _is_english_word(word: str) -> bool:
    forms = verbs()
    return (
        word.replace("'", "") in STOP
        or word.endswith("'s")
        or any(forms.is_known(form) for form in (word, word[:-1], word[:-2]))
    )


def _applied(text: str, edits: list[_Edit]) -> str:
    out, last = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        out += [text[last : edit.start], edit.text]
        last = edit.end
    return "".join(out) + text[last:]


def _name_subject(naming: _Naming, mention: re.Match[str], until: int) -> None:
    """The edits for an "I" and the verbs that depend on it up to `until`."""
    text = naming.text
    _check_before(naming, mention.start())
    after = _AFTER_I.match(text, mention.end())
    if after is None:
        raise _Uncertain
    short, adverbs = (after["short"] or "")[1:], after["adverbs"]
    verb = (after["verb"] or "").lower().replace("’", "'")
    is_plural = naming.allows_pronoun(mention.start())
    word = "they" if is_plural else naming.name(mention.start())
    if is_plural and _begins_sentence(text, mention.start()):
        word = "They"
    if short:
        form = _spelt_out(short, adverbs, verb, is_plural)
        end = after.end("short")
        naming.edits.append(_Edit(mention.start(), end, f"{word} {form}"))
    else:
        if not verbs().is_known(verb):
            raise _Uncertain
        form = (plural if is_plural else singular)(after["verb"])
        naming.edits += [
            _Edit(mention.start(), mention.end(), word),
            _Edit(after.start("verb"), after.end("verb"), form),
        ]
    if not is_plural:
        governor = {"d": "would", "ll": "will"}.get(short, verb if not short else "am")
        stretch = text[after.end() : _end_of_clause(text, after.end(), until)]
        further = coordinated(stretch, governor in BARE_AFTER)
        if further is None:
            raise _Uncertain
        for (start, end), form in further.items():
            edit = _Edit(after.end() + start, after.end() + end, form)
            naming.edits.append(edit)


def _end_of_clause(text: str, place: int, until: int) -> int:
    """Where the clause at a place ends, at last at `until`: "St." ends none."""
    ends = (end for _, end in sentence_spans(text) if end > place)
    mark = _PARTS_CLAUSES.search(text, place, until)
    return min(next(ends, until), mark.start() if mark else until, until)


def _spelt_out(short: str, adverbs: str, verb: str, is_plural: bool) -> str:
    """The auxiliary behind 'm, 've, 'll and 'd."""
    if short == "d":
        return _had_or_would(adverbs, verb)
    if short == "ll":
        return "will"
    if short == "m":
        return "are" if is_plural else "is"
    return "have" if is_plural else "has"


def _had_or_would(adverbs: str, verb: str) -> str:
    forms = verbs()
    if verb in ("been", "better"):
        return "had"
    is_base = verb in forms.base or verb in ("be", "have", "do", "rather")
    if is_base == (verb in forms.participles) or "better" in adverbs:
        raise _Uncertain
    return "would" if is_base else "had"


def _check_before(naming: _Naming, place: int) -> None:
    """Raises where the word before an "I" says that it is none, or none that begins its
    clause.
    """
    text = naming.text
    before = text[:place]
    if re.search(r"[^\s(\[—–:*•-]$", before):
        raise _Uncertain
    sentence = re.split(r"[.!?\n]\s*", before)[-1]
    words = _WORD.findall(sentence)
    if not words or re.search(r"[,;:)—–-]\s*$", sentence):
        return
    last = words[-1]
    low = last.lower().replace("’", "'")
    if low in _NUMBERED or low in AUXILIARIES or low in ("nor", "do", "like", "i"):
        raise _Uncertain
    if low in ("and", "or", "but") and not _joins_clauses(words):
        raise _Uncertain
    is_title = last[:1].isupper() and not text.isupper()
    if is_title and low not in _OPENERS and not low.endswith("ly"):
        raise _Uncertain


def _joins_clauses(words: list[str]) -> bool:
    """Whether "and" before an "I" begins a clause: in "My wife and I" it does not."""
    forms = verbs()
    clause = [word.lower() for word in words[:-1]]
    is_of_i = "I" in words and any(forms.is_known(word) for word in clause)
    has_verb = bool((forms.base - forms.nouns) & set(clause)) and "to" not in clause
    return not clause or is_of_i or has_verb or bool(_FINITE.search(" ".join(clause)))


def _name_other(naming: _Naming, mention: re.Match[str]) -> None:
    """The edit for me, my, mine and myself."""
    text, place = naming.text, mention.start()
    _check_other(text, mention)
    if _is_ordered(text[:place]):
        raise _Uncertain
    low = mention[0].lower()
    has_pronoun = naming.allows_pronoun(place)
    if low == "myself":
        if not naming.begins_with_i:
            raise _Uncertain
        word = "themselves"
    elif has_pronoun:
        word = {"my": "their", "mine": "theirs", "me": "them"}[low]
        word = word.capitalize() if mention[0][0].isupper() else word
    else:
        word = naming.name(place) + ("" if low == "me" else "'s")
    naming.edits.append(_Edit(place, mention.end(), word))


def _is_ordered(before: str) -> bool:
    """Whether words before "me" or "my" begin an order: "Remind me ..." is said to
    somebody.
    """
    words = [word.lower() for word in _WORD.findall(_ENDS_CLAUSE.split(before)[-1])]
    while words and words[0] in _BEFORE_ORDER:
        words = words[1:]
    forms = verbs()
    return bool(words) and words[0] in forms.base - forms.nouns


def _check_other(text: str, mention: re.Match[str]) -> None:
    """Raises where me, my or mine is no pronoun of the speaker, or a subject."""
    word, before, after = (
        mention[0],
        text[: mention.start()],
        text[mention.end() :],
    )
    begins = _begins_sentence(text, mention.start())
    low = word.lower()
    is_title = word[0].isupper() and not begins and not text.isupper()
    if (
        is_title
        or before.endswith(("/", "-", "#", "@"))
        or after.startswith(("/", "-"))
    ):
        raise _Uncertain
    if low == "me" and (begins or re.match(r"\s+(?:and|or)\b|,\s+(?:I|my)\b", after)):
        raise _Uncertain
    if low == "me" and _PREPOSITION.search(before) and _is_content(after):
        raise _Uncertain  # "with me tea": in many places "me" is "my"
    if low == "my" and not re.match(r"\s+\w", after):
        raise _Uncertain
    if low == "mine" and not (
        begins or re.search(r"\b(?:of|is|was|are|were|than|like|not)\s$", before)
    ):
        raise _Uncertain


def _is_content(after: str) -> bool:
    """Whether a word that names something comes next."""
    word = _WORD.match(after.lstrip(" "))
    return word is not None and word[0].lower() not in STOP


def _is_plural(word: str) -> bool:
    low = word.lower()
    if low in _PLURAL_NOUNS:
        return True
    ends = low.endswith("s") and not low.endswith(("ss", "us", "'s", "’s"))
    return ends and len(low) > 3 and low not in _NO_PLURAL


def _begins_sentence(text: str, place: int) -> bool:
    return not text[:place].strip() or bool(
        re.search(r"(?:[.!?…]['\")\]]*\s+|\n\s*|[*•]\s+)$", text[:place])
    )
