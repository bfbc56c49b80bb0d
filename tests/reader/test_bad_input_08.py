"""What learners get wrong in topic 08: one sentence each."""

import pytest
from test_bad_input import ODD

from reader import voices
from reader.brief import check_brief
from reader.errors import ReaderError


def with_cell(name: str, value):
    frame = voices.voices().head(2).astype(object)
    frame.at[0, name] = value
    return frame


CALLS = {
    "article": voices.quotations,
    "voices": voices.voices,
    "text": voices.find_quotations,
    "sides": voices.side_table,
    "drawn sides": voices.plot_sides,
    "words": voices.quoted_words,
    "side": lambda x: voices.side_table(with_cell("side", x)),
    "locator": lambda x: voices.side_table(with_cell("locator", x)),
    "speaker": lambda x: voices.quoted_words(with_cell("speaker", x)),
    "numbers": lambda x: voices.quoted_words(with_cell("quotations", x)),
    "absent from": lambda x: voices.absence(x, "A01"),
    "absent": lambda x: voices.absence("000", x),
    "brief": check_brief,
    "limits": lambda x: check_brief("One. [K]", x),
}
#: Values that a call takes, or that mean "none": tested elsewhere.
FINE = {"article": (type(None), int), "voices": (type(None), int), "text": (str,),
        "speaker": (str,), "numbers": (type(None), list, float, int, type(ODD[0])), "brief": (str,),
        "absent from": (int,)}


@pytest.mark.parametrize("name", CALLS)
def test_odd_values_end_in_one_sentence(name):
    for value in [odd for odd in ODD if type(odd) not in FINE.get(name, ())]:
        with pytest.raises(ReaderError) as caught:
            CALLS[name](value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 2100
