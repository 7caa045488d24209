"""What is said keeps the words before it only where it leans on them, in its own language."""

from __future__ import annotations

import pytest

from tests.unit.extract.talks import said
from workers.pipeline.extract.facts.answered import question_of, what_is_reset
from workers.pipeline.extract.preferences.preferences import preferences
from workers.pipeline.extract.speech.leaning import points_back
from workers.pipeline.extract.speech.turns import Turn
from workers.pipeline.extract.statements.statement import Statement, TurnReading

TASTE = {"explicit_preference": 0.9}


def turn(role: str, text: str) -> Turn:
    return Turn(said(role, text), "", text)


def kept_question(asked: str, answer: str) -> str:
    """The words of the assistant that a fact keeps."""
    return question_of([answer], turn("user", answer), turn("assistant", asked), ())


def kept_taste(asked: str, answer: str) -> str:
    """The text of the preference that is made of a turn."""
    statement = Statement(answer, "explicit_preference", "user", 0, TASTE)
    read = TurnReading(turn("user", answer), (statement,), {})
    [draft] = preferences(read, turn("assistant", asked))
    return draft.text


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Salve! In che modo posso aiutarla?", "Non mangio pesce."),
        ("Buenos días. ¿Cómo puedo ayudarte?", "No tomo café."),
        ("Bonjour ! Que puis-je faire pour vous ?", "Pas de lactose."),
        ("Guten Tag! Womit kann ich dir helfen?", "Nie wieder Austern."),
        ("Boa tarde! Como posso te ajudar?", "Não fumo."),
        ("Здравствуйте! Чем могу вам помочь?", "Не ем мясо."),
        ("Hi! What can I do for you?", "Hate flying."),
        ("您好！有什么可以帮您的吗？", "讨厌香菜。"),
        ("こんにちは！何をお手伝いしましょうか？", "納豆が嫌い。"),
        ("안녕하세요! 무엇을 도와드릴까요?", "오이는 싫어요."),
        ("Molto piacere!", "Non tollero i ritardi."),
        ("Encantado de conocerte.", "Nada de picante."),
        ("Ravi de vous rencontrer !", "Non fumeur depuis toujours."),
        ("Freut mich!", "Nur Fensterplätze."),
        ("You're welcome!", "Hate phone calls."),
    ],
)
def test_a_greeting_or_an_offer_of_help_is_not_answered(
    asked: str, answer: str
) -> None:
    assert kept_question(asked, answer) == ""
    assert asked.split(maxsplit=1)[-1] not in kept_taste(asked, answer)
    assert "(" not in kept_taste(asked, answer) and "（" not in kept_taste(
        asked, answer
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Mangi pesce?", "No, mai."),
        ("¿Qué tomas por la mañana?", "Té verde."),
        ("How can I help? Any allergies?", "Peanuts."),
        ("Shall I book you a table at the corner place?", "Yes, please."),
        ("您吃辣吗？", "不吃。"),
    ],
)
def test_a_question_is(asked: str, answer: str) -> None:
    assert kept_question(asked, answer)


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("He roto con Pablo.", "Mi hermano vive en Lugo."),
        ("He adoptado un gato.", ""),
        ("He cambiado de médico.", ""),
        ("Il mio dentista si chiama Rossi.", "Ho un fratello a Bari."),
        ("Il cane dorme.", "Ho un fratello a Bari."),
        ("Son tres semanas sin café.", "Mi médica se llama Sol."),
    ],
)
def test_a_word_of_another_language_points_at_nobody(
    sentence: str, before: str
) -> None:
    assert not points_back(sentence, before)


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("He smokes.", "My brother lives in York."),
        ("Il dort beaucoup.", "Mon frère vit à Lyon."),
        ("Ella tiene seis empleados.", "Mi jefa es Ana."),
        ("Lui lavora a Torino.", "Ho un fratello."),
        ("Er hat angerufen.", "Mein Bruder lebt in Kiel."),
        ("Она держит пекарню.", "Моя сестра в Омске."),
        ("她请了六个人。", "我姐姐开店。"),
    ],
)
def test_a_pronoun_of_its_own_language_does(sentence: str, before: str) -> None:
    assert points_back(sentence, before)


@pytest.mark.parametrize(
    ("sentence", "before", "kept"),
    [
        ("They've moved my appointment.", "My nephew Sam plays chess.", ""),
        ("They put my rent up.", "Our neighbour Gus keeps bees.", ""),
        ("Sie haben meinen Termin verlegt.", "Meine Tante Ida wohnt in Kiel.", ""),
        ("Ils ont annulé mon train.", "Ma sœur vit à Lyon.", ""),
        (
            "They sold me their car.",
            "My parents live in Leeds.",
            "My parents live in Leeds.",
        ),
        (
            "Sie haben meine Katze gefüttert.",
            "Meine Eltern wohnen in Kiel.",
            "Meine Eltern wohnen in Kiel.",
        ),
        ("They keep bees.", "My nephew Sam plays chess.", "My nephew Sam plays chess."),
    ],
)
def test_they_who_do_something_to_the_speaker_are_not_one_who_was_named(
    sentence: str, before: str, kept: str
) -> None:
    user = turn("user", sentence)
    assert question_of([sentence], user, None, [before]) == kept


@pytest.mark.parametrize(
    ("stated", "said_next"),
    [
        ("I'm meeting Ana at 6 on Friday.", "Make that 7."),
        ("The table is for 6 people.", "Make it 8 people."),
        ("My flight is on the 5th.", "Make that the 6th."),
        ("The meeting is at 6.", "7, I mean."),
        ("Ich treffe Ana um 18 Uhr.", "Mach das lieber um 19 Uhr."),
        ("He quedado con Ana a las 18:00.", "Mejor que sea a las 19:00."),
        ("Je vois Ana à 18h au café.", "Disons plutôt à 19h."),
        ("我周五六点跟安娜见面。", "改成七点吧"),
        ("金曜の6時にアナと会います。", "やっぱり7時にして"),
    ],
)
def test_what_is_set_otherwise_is_what_was_stated_before(
    stated: str, said_next: str
) -> None:
    note = turn("assistant", "Noted.")
    assert what_is_reset(said_next, note, [stated]) == stated
    assert what_is_reset(said_next, turn("assistant", stated), []) == stated
    chained = [stated, said_next]
    assert what_is_reset(said_next, note, chained) == stated


@pytest.mark.parametrize(
    ("stated", "said_next"),
    [
        ("Write me a mail of 100 words.", "Make it 200 words."),
        ("I'm meeting Ana at 6.", "Make it shorter."),
        ("My flight is on Monday.", "Make it 200 words."),
    ],
)
def test_what_is_only_asked_for_is_not_set_otherwise(
    stated: str, said_next: str
) -> None:
    assert what_is_reset(said_next, turn("assistant", "Sure."), [stated]) == ""
