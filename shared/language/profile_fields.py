"""Which attribute of a person a field of a profile means, and what memories say of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shared.domain.memory import Memory
from shared.domain.memory_detail import ASPECT, SUBJECT, Aspect
from shared.language.lexical import without_date
from shared.language.personal_facts import (
    ALLERGY,
    BIRTHDAY,
    HOME,
    JOB,
    NAME,
    PersonalFact,
    personal_facts,
)

_NAMES: Mapping[str, frozenset[str]] = {
    attribute: frozenset(words.split("|"))
    for attribute, words in {
        NAME: "name|full name|first name|user name|姓名|名字|称呼|nombre|nom|nome",
        HOME: "home|city|home city|location|residence|address|place|place of residence|lives in"
        "|居住地|常住城市|城市|所在地|所在城市|住址|地址|现居地|wohnort|ciudad|ville|città|cidade",
        JOB: "job|occupation|profession|work|employer|company|career|position"
        "|职业|工作|岗位|公司|单位|职位|beruf|profesión|métier|lavoro|profissão",
        BIRTHDAY: "birthday|birthdate|date of birth|birth date|born|生日|出生日期|出生|geburtstag|cumpleaños",
        ALLERGY: "allergy|allergies|allergens|过敏|过敏原|过敏史|忌口|allergien|alergias",
    }.items()
}
_SEPARATORS = re.compile(r"[\s_\-/]+")
_LAST = re.compile(r".*\.")


def attribute_of_field(path: str) -> str:
    """The attribute that the last name of a path means ("Basic Info.Occupation": "job");
    "" for another one.
    """
    name = _SEPARATORS.sub(" ", _LAST.sub("", path)).strip().lower()
    for attribute, names in _NAMES.items():
        if name in names:
            return attribute
    return ""


def stated_of_user(memory: Memory) -> tuple[PersonalFact, ...]:
    """What a memory says for certain of its user: by its words, else by the subject that
    an extractor gave it ("user.birthday", "user.family"), with its text as the value.
    """
    facts = personal_facts(memory.text)
    holder, _, subject = str(memory.detail.get(SUBJECT, "")).partition(".")
    attribute = attribute_of_field(subject)
    if not attribute and memory.detail.get(ASPECT) == Aspect.PROFILE:
        attribute = subject
    if facts or holder != "user" or not attribute:
        return facts
    return (PersonalFact(attribute, without_date(memory.text).strip()),)
