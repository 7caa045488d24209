"""Titles and tags of text whose words have spaces between them, in the languages of
`function_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, takewhile

from shared.language.classified_words import Token, classified_words
from shared.language.function_words import language_of

_WITHIN = frozenset("/&+-'")
"""Marks that end no clause."""
_SMALL = frozenset(
    "link article pronoun aux modal naming join conj filler time".split()
)
_BARE = _SMALL | {"number", "mark"}
"""Kinds of tokens that a title neither begins nor ends with."""
_TELLING = frozenset(("name", "word", "plain"))
_NOUNS = frozenset(("name", "word"))
_NAMING = _TELLING | {"code", "general"}
_SAYING = frozenset(
    """
    said says told tells think thinks thought guess believe believes hope hopes mentioned
    meint sagte denke glaube dice dijo creo pienso espero pense crois dit disait espère
    """.split()
)
"""Verbs behind which stands what a clause is about."""
_BRACKETED = re.compile(r"\s*\([^()\n]*\)")
_WEIGHTS = {
    "name": 1.3,
    "word": 1.0,
    "code": 1.0,
    "plain": 0.5,
    "verb": 0.4,
    "general": 0.4,
}
_MOST_WEIGHT = 2.0
"""A clause that says more than this is no better to name a memory by."""
_UNNAMED = 0.4
"""What is left of a clause's weight where it names no thing: "have made"."""
_LATER = 0.6
"""What a clause loses for each one before it: people begin with what they are about."""
_REMARK, _BRIEF = 0.9, 2
"""What a first clause loses that only exclaims, and how many words it has at most."""
_SHORT_TITLE = 2
"""Words of a title that says little without the figure beside it."""
_NOUN_LAST = frozenset(("en", "de", "ru"))
"""Languages whose nouns stand behind what describes them."""
_SUBJECTS = frozenset(
    """
    i you he she it we they i'm i've i'd i'll we're we've you're they're he's she's it's
    ich du er wir ihr yo tú nosotros je j' tu il elle on nous vous ils elles eu você ele
    ela nós io lui lei noi я ты он она мы вы они
    """.split()
)
"""Pronouns that begin a clause of their own."""
_NEGATION = re.compile(
    r"no|not|never|cannot|\w+n't|dont|doesnt|didnt|cant|kein\w*|nicht|nie|nunca|jamás"
    r"|ne|n'|jamais|não|non|mai|не|нельзя|никогда",
    re.I,
)
"""Words that a title keeps: without them it would say the opposite."""

_VERBAL = {
    "en": r".{2,}ing|.{3,}ed|.{2,}n't",
    "es": r".+(?:ando|iendo|[aei]rme|[aei]rse|amos|emos|imos|aron|ieron)",
    "fr": r".+(?:ons|ez|aient|ais|er|é|és)",
    "pt": r".+(?:ando|endo|indo|amos|emos|imos|aram|eram)",
    "it": r".+(?:ando|endo|iamo|[aiu]to|[aei]re|[aei]rmi|avo|evo)",
    "ru": r".+(?:[аяеиу]ть|ся|сь|[аяу]ет|[аяу]ют|[аи]л[аи]?|ешь|ишь)",
}
"""Endings that are those of verbs more often than of nouns."""
_MODIFYING = {
    "en": r".{2,}(?:ly|ful|less|ous|ible|able)",
    "es": r".+mente",
    "fr": r".{2,}(?:eusement|ivement|a[mn]ment|e[mn]ment)",
    "pt": r".+mente",
    "it": r".+mente",
    "ru": r".{2,}(?:[ыио]й|ая|яя|[оеы]е|ие|[ое]го|[ое]му|ую|юю|ых|их|ым|им)",
}
"""Endings that are those of adjectives and adverbs more often than of nouns."""
_SHORT_NUMBER = re.compile(r"\d{1,2}|[A-Za-z]+-?\d{1,4}")
_POSSESSIVE = re.compile(r"'s?$")
_CUES = {"article": 0.7, "link": 0.4, "number": 0.4, "pronoun": -0.6, "modal": -0.8}
"""What the token before a word tells of whether it is a noun."""
_BEHIND = -0.3
"""What a word loses behind a noun, where adjectives stand there."""
_APPOSED = 0.5
"""What a noun behind another one gains where both are written large: "Tochter Lina"."""
_UNLIKELY = 0.1


def spaced_title(text: str, longest: int) -> str:
    """A few words in their order, at most `longest` characters; "" where nothing is
    named.
    """
    language = language_of(text)
    best: list[Token] = []
    most = 0.0
    tokens = classified_words(_BRACKETED.sub("", text) or text, language)
    clauses = [clause for clause in _clauses(tokens) if clause]
    for number, clause in enumerate(clauses):
        title = _fitting(_trimmed(clause), longest, language)
        weight = _weight(title) - _LATER * number
        weight -= _REMARK * (number == 0 and _is_remark(clause, tokens))
        title = _with_value(title, clause, longest)
        if title and (not best or weight > most):
            best, most = title, weight
    return _written(best)


def _fitting(phrase: list[Token], longest: int, language: str) -> list[Token]:
    """A phrase cut to what a title holds: its beginning, or where that names nothing what
    stands behind its verb: "thinking about opening a bakery" is about opening a bakery.
    """
    title = _shortened(phrase, longest, language)
    if len(title) > 1 or len(title) == len(phrase):
        return title
    places = [place for place, token in enumerate(phrase[:-1]) if token.kind == "link"]
    behind = [
        _shortened(phrase[place + 1 :], longest, language) for place in places[:1]
    ]
    return max([title, *map(_begun, behind)], key=_weight)


def _is_remark(clause: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a first clause only exclaims: it has a word or two, and what follows it
    tells something.
    """
    if len(clause) > _BRIEF or len(tokens) <= len(clause) + 1:
        return False
    return tokens[len(clause)].text == "!" or _has_verb(tokens[len(clause) + 1 :])


def _begun(title: list[Token]) -> list[Token]:
    """Without what a title does not begin with."""
    return list(dropwhile(_is_before, title))


def _with_value(
    title: list[Token], clause: Sequence[Token], longest: int
) -> list[Token]:
    """A title of one or two words with the figure that the clause gives for it ("A1C is
    7.4"), one of a word with all that its clause says of it: "Swim twice a week"; where
    there is room.
    """
    if not title or len(title) > _SHORT_TITLE:
        return title
    rest = list(clause[clause.index(title[-1]) + 1 :])
    has_figure = any(token.kind == "number" for token in rest)
    is_open = len(title) == 1 and title[0].kind != "name"
    said = _with_end([*title, *rest])
    fits = len(_written(said)) <= longest
    return said if (has_figure or is_open) and fits else title


def _with_end(said: list[Token]) -> list[Token]:
    """Without words at the end that belong to what does not follow."""
    open_kinds = ("link", "article", "join", "conj", "mark")
    while len(said) > 1 and said[-1].kind in open_kinds:
        said.pop()
    return said


def spaced_tags(text: str) -> list[str]:
    """Names and topics, the most telling first."""
    language = language_of(text)
    tokens = classified_words(text, language)
    names = list(_names(tokens))
    topics = sorted(_topics(tokens, language), key=lambda topic: -topic[0])
    likely = [word for chance, word in topics if chance > _UNLIKELY]
    if not names and not likely:
        likely = [word for _, word in topics[:1]]
    return [*names[:2], *likely, *names[2:]]


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for place, token in enumerate(tokens):
        is_join = token.kind == "join"
        if _ends(token) or (
            is_join and _has_verb(clause) and _has_verb(tokens[place:])
        ):
            yield clause
            clause = []
        else:
            clause.append(token)
    yield clause


def _ends(token: Token) -> bool:
    is_mark = token.kind == "mark" and token.text not in _WITHIN
    return is_mark or token.kind == "conj"


def _has_verb(tokens: Sequence[Token]) -> bool:
    """Whether there is a verb before the clause ends."""
    clause = takewhile(lambda token: not _ends(token), tokens)
    return any(token.kind in ("aux", "modal", "verb") for token in clause)


def _trimmed(clause: Sequence[Token]) -> list[Token]:
    """Without what comes before the first telling word, without another clause, without
    "is called" before a name, and without times and numbers at the end.
    """
    phrase: list[Token] = []
    for place, token in enumerate(clause):
        after = clause[place + 1] if place + 1 < len(clause) else None
        if token.text.lower() in _SAYING and _has_verb(clause[place + 1 :]):
            phrase.clear()  # "the doctor said ...", "do you think ..."
            continue
        if not phrase and _is_before(token) and not _counts(token, after):
            continue
        if phrase and _begins_clause(token, phrase[-1]):
            if _weight(phrase) >= 1 and any(t.kind in _NOUNS for t in phrase):
                break
            phrase.clear()  # "in fact I ...", "what I like is ..."
        elif token.kind == "naming":
            while phrase and phrase[-1].kind in ("aux", "pronoun"):
                phrase.pop()
        else:
            phrase.append(token)
    return _ended(phrase)


def _begins_clause(token: Token, before: Token) -> bool:
    is_subject = token.kind == "pronoun" and token.text.lower() in _SUBJECTS
    return is_subject and before.kind != "link"


def _is_before(token: Token) -> bool:
    is_kept = _is_name_with_number(token) or bool(_NEGATION.fullmatch(token.text))
    return token.kind in _BARE and not is_kept


def _counts(token: Token, after: Token | None) -> bool:
    """Whether a number says how many of what: "12 seater"."""
    return token.kind == "number" and after is not None and after.kind in _TELLING


def _ended(title: list[Token]) -> list[Token]:
    while title and (title[-1].kind in _BARE or title[-1].kind == "calling"):
        if title[-1].kind == "calling" and len(title) == 1:
            break
        if title[-1].kind == "number" and _is_part_of_name(title):
            break
        title.pop()
    return title


def _is_part_of_name(title: Sequence[Token]) -> bool:
    """Whether it ends with a short number that belongs to a noun ("Type 1", "Gate B3"),
    or with a name that has a number ("the GR20").
    """
    if len(title) == 1 or title[-2].kind in ("article", "link", "verb"):
        return _is_name_with_number(title[-1])
    is_behind_noun = len(title) > 1 and title[-2].kind in (*_NOUNS, "general")
    return is_behind_noun and bool(_SHORT_NUMBER.fullmatch(title[-1].text))


def _shortened(title: Sequence[Token], longest: int, language: str) -> list[Token]:
    """Without its times, then without its end, where it is too long. Where nouns stand
    behind what describes them, a phrase goes whole.
    """
    phrase = list(title)
    if len(_written(phrase)) > longest:
        phrase = _ended(_without_times(phrase))
    while phrase and len(_written(phrase)) > longest:
        cut = phrase.pop()
        while language in _NOUN_LAST and cut.kind in _TELLING and _describes(phrase):
            cut = phrase.pop()
        while phrase and _is_open(phrase):
            phrase.pop()
        _ended(phrase)
    return phrase


def _is_open(phrase: Sequence[Token]) -> bool:
    """Whether it ends with a verb that something belongs to: "the train to go"."""
    kinds = [token.kind for token in phrase[-2:]]
    return phrase[-1].kind in _BARE or kinds == ["link", "verb"]


def _describes(phrase: Sequence[Token]) -> bool:
    """Whether the end belongs to the word that followed, and is not all that there is."""
    is_owned = any(token.text.endswith("'s") for token in phrase[-2:])
    is_all = all(token.kind in _TELLING for token in phrase)
    return not (is_all or is_owned) and phrase[-1].kind in _TELLING


def _without_times(title: Sequence[Token]) -> list[Token]:
    phrase: list[Token] = []
    is_time = False
    for token in title:
        if token.kind == "time":
            while phrase and phrase[-1].kind in ("link", "article", "filler", "number"):
                phrase.pop()
        is_time = token.kind == "time" or (is_time and token.kind == "number")
        if not is_time:
            phrase.append(token)
    return phrase


def _is_name_with_number(token: Token) -> bool:
    """Whether it is one like "GPT-4", "A1C"."""
    return token.kind == "number" and token.text[0].isalpha()


def _weight(title: Sequence[Token]) -> float:
    weight = sum(_WEIGHTS.get(token.kind, 0.0) for token in title)
    weight += _WEIGHTS["code"] * sum(map(_is_name_with_number, title))
    is_named = any(token.kind in _NAMING for token in title)
    is_named = is_named or any(map(_is_name_with_number, title))
    return min(weight, _MOST_WEIGHT) * (1.0 if is_named else _UNNAMED)


def _written(title: Sequence[Token]) -> str:
    text = "".join(" " * token.is_apart + token.text for token in title)
    return text.strip().replace("' ", "'")


def _names(tokens: Sequence[Token]) -> Iterator[str]:
    """Names in their order; those of several words whole."""
    for is_name, group in groupby(tokens, key=lambda token: token.kind == "name"):
        if is_name:
            name = _POSSESSIVE.sub("", " ".join(token.text for token in group))
            if len(name) > 1:
                yield name


def _topics(tokens: Sequence[Token], language: str) -> Iterator[tuple[float, str]]:
    """Nouns, as far as one can see, each with how likely it is a telling one."""
    before = ""
    for is_word, group in groupby(tokens, key=_is_common):
        run = list(group)
        if is_word:
            cue = 0.0 if language == "ru" else _CUES.get(before, 0.0)
            yield from _nouns(run, cue, language)
        before = run[-1].kind


def _is_common(token: Token) -> bool:
    return token.kind in ("word", "plain") and len(token.text) > 1


def _nouns(
    run: Sequence[Token], cue: float, language: str
) -> Iterator[tuple[float, str]]:
    """The nouns among words that stand beside each other; two English ones are one."""
    words = [_POSSESSIVE.sub("", token.text) for token in run]
    if language != "de":
        words = [word.lower() for word in words]
    chances = [_chance(word, language) for word in words]
    is_pair = len(run) == 2 and "'" not in run[0].text and min(chances) > 0
    if language == "en" and is_pair:
        yield cue + max(chances), " ".join(words)
        return
    for place, token in enumerate(run):
        chance = chances[place] - 1.0 * (token.kind == "plain")
        chance += _BEHIND if place and language not in _NOUN_LAST else cue
        is_apposed = language == "de" and place > 0 and run[place - 1].kind == "word"
        yield chance + _APPOSED * is_apposed, words[place]


def _chance(word: str, language: str) -> float:
    """How likely a word is a noun, by its ending, and telling, by its length."""
    is_other = any(
        re.fullmatch(endings[language], word)
        for endings in (_VERBAL, _MODIFYING)
        if language in endings
    )
    return min(len(word), 9) / 18 - 1.0 * is_other
