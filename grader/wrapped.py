"""Texts that stand in a file in another coating: base64, hexadecimal digits, gzip or zlib.

A sentence in such a form is read by nobody by accident, but by everybody who wants to. Only what is
text after decoding counts: pictures, fonts, tokens and digests are none.
"""

from __future__ import annotations

import base64
import codecs
import contextlib
import re
import zlib
from collections.abc import Iterator

# Long enough for a dozen words; in lines, as mail programs and `base64` break them.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}(?:\s?\n[A-Za-z0-9+/_-]{40,})*"
                     r"(?:\s?\n[A-Za-z0-9+/_-]+(?==))?={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){40,}")
#: How gzip and zlib begin.
PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
#: Bytes of what was packed that are read, and coatings that are taken off.
MOST, DEEPEST = 2_000_000, 3
# So much is looked at to tell a text from other data.
_SAMPLE = 300


def texts(text: str, deep: int = DEEPEST) -> Iterator[str]:
    """What the encoded parts of a text say, where that is text again."""
    for found in _HEX.findall(text):
        yield from of_bytes(bytes.fromhex(found), deep)
    for found in _BASE64.findall(text):
        plain = "".join(found.rstrip("=").split()).translate(str.maketrans("-_", "+/"))
        plain = plain[:len(plain) - len(plain) % 4]  # what an end lacks, is a letter or two
        yield from of_bytes(base64.b64decode(plain), deep)


def of_bytes(data: bytes, deep: int = DEEPEST) -> Iterator[str]:
    """What bytes say where they are a text, or packed: the text, and what is encoded in it."""
    if data.startswith(PACKED):
        with contextlib.suppress(zlib.error):  # a text may begin so, too
            # 32: gzip or zlib, as its first bytes say.
            data = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(data, MOST)
    try:
        # Strict, but for a letter that the sample cuts in two.
        sample = codecs.getincrementaldecoder("utf-8")().decode(data[:_SAMPLE])
    except UnicodeDecodeError:
        return
    if not all(sign.isprintable() or sign.isspace() for sign in sample):
        return
    text = data.decode("utf-8", "replace")
    yield text
    if deep > 1:
        yield from texts(text, deep - 1)
