"""Sealed checks where Python has no OpenSSL and no cryptography: the browser (Pyodide).

That Web Crypto opens the texts is proven in Chromium: tests/browser/test_lite.py.
"""

from __future__ import annotations

import hashlib
import json
import sys

import pytest
from grader_kit import all_questions, right_answers, sealed
from hypothesis import given
from hypothesis import strategies as st

from grader import check, engine, fernet, seal
from grader.compile import bank_value
from grader.stretch import pbkdf2_hmac


@given(st.binary(max_size=200), st.binary(max_size=40), st.integers(1, 20), st.integers(1, 100),
       st.sampled_from(["sha256", "sha512"]))
def test_the_same_key_as_hashlib(password, salt, iterations, length, name):
    assert pbkdf2_hmac(name, password, salt, iterations, length) == hashlib.pbkdf2_hmac(
        name, password, salt, iterations, length)


def test_the_same_names_for_tokens(monkeypatch):
    def names():
        return [seal.Seal("salt", "01.1").name(token) for token in ("t:yes", "k:000=n:6", "é" * 99)]

    expected = names()
    monkeypatch.setattr(seal, "pbkdf2_hmac", pbkdf2_hmac)
    assert names() == expected


def test_a_text_opens_to_its_key_only():
    key, other = seal._key("one"), seal._key("other")
    closed = fernet.encrypt(key, "A text, ünï.")
    assert fernet.decrypt(key, closed) == "A text, ünï."
    for wrong, text in ((other, closed), (key, closed[:-8]), (key, "not base64"), (key, "")):
        with pytest.raises(ValueError, match="does not open this text"):
            fernet.decrypt(wrong, text)


def evaluated(question: str, code: str) -> engine.Result:
    topic, q = next((topic, q) for topic, q in all_questions() if q.id == question)
    sheet = json.loads(sealed(topic, q.id))
    closed = sheet["questions"][q.id]
    form = check._form(closed, bank_value(code))
    return engine.evaluate(closed, form, seal.Seal(sheet["salt"], q.id))


WRONG = "{'000': 6, '001': 24, '002': 7, '003': 37, '004': 32}"


def test_without_a_cipher_the_state_is_the_same_and_a_sentence_says_why(monkeypatch):
    """Right, partly right or not yet need no cipher; the texts stay closed, with one sentence."""
    right = right_answers("01-sources")["01.1"]
    before = evaluated("01.1", right), evaluated("01.1", WRONG)
    assert before[1].hints and before[0].explanation
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    after = evaluated("01.1", right), evaluated("01.1", WRONG)
    assert [r.state for r in after] == [r.state for r in before]
    assert [r.credit for r in after] == [r.credit for r in before]
    assert after[0].explanation.startswith("There is an explanation, but it can't be opened here")
    assert len(after[1].hints) == 1 and "restart the kernel" in after[1].hints[0]
    assert after[1].hints[0].startswith("There is a hint for this answer, but it can't be opened")
