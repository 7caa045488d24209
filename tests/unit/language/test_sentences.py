"""Where sentences end."""

from __future__ import annotations

import pytest

from shared.language.sentences import sentences


@pytest.mark.parametrize(
    "said",
    [
        ["My PIN is 4471.", "Forget my PIN."],
        ["The room is 12.", "We meet at 5.", "Bring cake."],
        ["El alquiler es de 900.", "Vivo en Gijón."],
        ["i have two cats.", "forget my pin."],
        ["how was it?", "i moved to leeds!", "the flat's tiny"],
        ["Es ist am 5. Mai.", "Wir kommen."],
        ["Der 3. Platz ist gut.", "Er kostet 900.", "Wir zahlen."],
        ["see you approx. at five"],
        ["we met in jan. or feb. and moved in sept. to oslo"],
        ["i live on 5th ave. near the park"],
        ["ich wohne in der müllerstr. in berlin"],
        ["i want... to go home"],
        ['my wife said "i hate it!" and left'],
        ["Goals: 2. Run 3. Swim"],
        ["On 3. October I fly to Munich with my wife."],
        ["He said it. again and again"],
        ["1. Milk 2. Eggs 3. Bread"],
        ["Steps: 1. Open it.", "2. Close it."],
        ["We live at No. 5. 6 others do too."],
    ],
)
def test_a_number_and_a_small_letter_end_a_sentence_where_they_can(
    said: list[str],
) -> None:
    assert sentences(" ".join(said)) == said
