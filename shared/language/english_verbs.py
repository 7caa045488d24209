"""The forms of common English verbs: what may follow "I", and how it reads after "The user"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AUXILIARIES = frozenset(
    """
    am was were have had do did can could will would should may might must cannot can't
    couldn't won't wouldn't shouldn't mustn't mightn't haven't hadn't don't didn't wasn't
    weren't needn't
    """.split()
)
"""What stands before the verb, or before "I" in a question."""
BARE_AFTER = AUXILIARIES - frozenset("am was were have had haven't hadn't".split())
"""After these the verb is an infinitive."""
_SINGULAR = {
    "am": "is",
    "have": "has",
    "haven't": "hasn't",
    "do": "does",
    "don't": "doesn't",
}
_PLURAL = {"am": "are", "was": "were", "wasn't": "weren't"}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Forms in lower letters. A form may be in several sets."""

    base: frozenset[str]
    past: frozenset[str]
    participles: frozenset[str]
    nouns: frozenset[str]
    """Base forms that may be a noun or an adjective."""
    uncertain: frozenset[str]
    """Forms that may be present or past: read, put."""
    only_past: frozenset[str]
    """Past forms that are no participles: broke, went."""

    def is_known(self, form: str) -> bool:
        """Whether it can follow "I", and it is sure of what time it speaks."""
        return form in AUXILIARIES or form in self.base or form in self.past


@cache
def verbs() -> Verbs:
    """The verbs of `english_verbs.txt`."""
    sections = _sections()
    uncertain = frozenset(" ".join(sections["uncertain"]).split())
    irregular = [line.split() for line in sections["irregular"]]
    regular = " ".join((*sections["verbs"], *sections["nouns"])).split()
    past = {forms[1] for forms in irregular}
    participles = {forms[2] for forms in irregular}
    only_past = frozenset(past) - participles
    for verb in (*regular, "dream", "learn", "burn", "spell", "spoil"):
        past |= _past_forms(verb)
    bases = {forms[0] for forms in irregular} | set(regular)
    regular_past = frozenset(past)
    return Verbs(
        base=frozenset(bases) - uncertain - past - {"be"},
        past=regular_past - uncertain,
        participles=(frozenset(participles) | regular_past) - uncertain,
        nouns=frozenset(" ".join(sections["nouns"]).split()),
        uncertain=uncertain,
        only_past=only_past,
    )


@cache
def third_person() -> frozenset[str]:
    """Verbs as they stand behind "the user"."""
    forms = verbs()
    present = forms.base | forms.uncertain | AUXILIARIES
    return forms.past | {singular(form) for form in present}


def singular(form: str) -> str:
    """The form after "The user": prefer -> prefers; past forms and modals stay."""
    low = form.lower().replace("’", "'")
    if low in _SINGULAR:
        changed = _SINGULAR[low]
    elif low in AUXILIARIES or low not in verbs().base:
        return form
    else:
        changed = _with_s(low)
    return changed.upper() if form.isupper() else changed


def plural(form: str) -> str:
    """The form after "they"."""
    changed = _PLURAL.get(form.lower().replace("’", "'"), form)
    return changed.upper() if form.isupper() else changed


def _with_s(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "go", "do")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def _past_forms(verb: str) -> set[str]:
    """The past of a regular verb, also as it might be spelt: travelled, traveled."""
    if verb.endswith("e"):
        return {f"{verb}d"}
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return {f"{verb[:-1]}ied"}
    return {f"{verb}ed", f"{verb}{verb[-1]}ed"}


def _sections() -> dict[str, list[str]]:
    table = files(__package__).joinpath("english_verbs.txt").read_text("utf-8")
    sections: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            sections[list(sections)[-1]].append(line)
    return sections
