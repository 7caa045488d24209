"""Titles and tags of what is said in a talk: those of its own words; of a short answer
what was asked names it.
"""

from __future__ import annotations

from shared.language.phrases import (
    LONGEST_DENSE_TITLE,
    LONGEST_TITLE,
    MOST_TAGS,
    distinct_tags,
    shortened,
    tags_of,
    title_of,
)
from shared.language.sentences import is_question, sentences
from shared.language.words import is_chinese, word_count
from workers.pipeline.extract.facts.answered import SHORT_ANSWER
from workers.pipeline.extract.facts.pointed_at import means_by_place


def answer_title(said: str, question: str) -> str:
    """What is said is about; of a short answer what was asked, with the answer where
    there is room: "Budget: up to 220"; of what means an option by its place that option.
    """
    if question and means_by_place(said):
        return title_of(question)
    if not _is_short_answer(said, question):
        return title_of(said)
    topic = title_of(sentences(question)[-1])
    answer = shortened(said, LONGEST_TITLE).rstrip(".!。！")
    zh = is_chinese(topic)
    title = f"{topic}：{answer}" if zh else f"{topic}: {answer}"
    longest = LONGEST_DENSE_TITLE if is_chinese(title) else LONGEST_TITLE
    return title if len(title) <= longest else topic


def answer_tags(said: str, question: str) -> tuple[str, ...]:
    """Of what is said; of a short answer those of what was asked as well."""
    is_by_place = bool(question) and means_by_place(said)
    if not is_by_place and not _is_short_answer(said, question):
        return tags_of(said)
    asked = tags_of(sentences(question)[-1])
    return distinct_tags([*tags_of(said), *asked])[:MOST_TAGS]


def _is_short_answer(said: str, question: str) -> bool:
    """Whether what is said names nothing without the question that it answers."""
    is_short = word_count(said) <= SHORT_ANSWER
    return bool(question) and is_short and is_question(question)
