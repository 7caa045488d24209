"""What stands within quotation marks stays with the sentence that it begins in."""

from __future__ import annotations

import pytest

from workers.pipeline.extract.speech.quotations import sentences_with_quotations


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Write to Ben: 'I quit. I moved to Elm Road.' I live in Kiel.",
            ["Write to Ben: 'I quit. I moved to Elm Road.'", "I live in Kiel."],
        ),
        (
            "Schreib: „Ich ziehe um. Ich wohne in Ulm.“",
            ["Schreib: „Ich ziehe um. Ich wohne in Ulm.“"],
        ),
        ("写给他：“我搬家了。我住三楼。”", ["写给他：“我搬家了。我住三楼。”"]),
        ("Escribe: «Me voy. Vivo en Vigo.»", ["Escribe: «Me voy. Vivo en Vigo.»"]),
        ("Écris : «Je pars. J'ai 40 ans.»", ["Écris : «Je pars. J'ai 40 ans.»"]),
        ("書いて：「引っ越す。今は三階だ。」", ["書いて：「引っ越す。今は三階だ。」"]),
        ("I don't ski. It's Ida's.", ["I don't ski.", "It's Ida's."]),
    ],
)
def test_a_quotation_is_not_taken_apart(text: str, sentences: list[str]) -> None:
    assert [text[slice(*s)] for s in sentences_with_quotations(text)] == sentences
