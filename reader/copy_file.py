"""Read the file in which somebody has an article, whatever it was saved as."""

from __future__ import annotations

from pathlib import Path

from reader import text as rt
from reader.errors import ReaderError

#: An article is a few kilobytes. More than this is some other file.
MAX_BYTES = 1_000_000


def read_file(path: Path | str) -> tuple[str, str]:
    """Read a text file, and say what had to be assumed about it.

    Returns
    -------
    tuple of str
        The text, and a note on the encoding (empty for UTF-8).

    Raises
    ------
    ReaderError
        When it is no readable text, in one sentence.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise ReaderError(f"{path} is a folder: name the files in it.")
        if not path.exists():
            raise ReaderError(f"There is no file {path}.")
        if not path.is_file():
            raise ReaderError(f"{path} is no ordinary file.")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ReaderError(f"{path} has {size / 1e6:.0f} MB: an article is a few kilobytes, "
                              f"so this is some other file.")
        data = path.read_bytes()
    except OSError as error:
        raise ReaderError(f"{path} can't be read: {error.strerror or error}.") from None
    note, text = "", None
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise ReaderError(f"{path} is UTF-32 text: save it again as UTF-8.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text, note = data.decode("utf-16"), "read as UTF-16"
        except UnicodeDecodeError:
            raise ReaderError(f"{path} begins as UTF-16 text but is damaged: save it again as "
                              f"UTF-8.") from None
    elif b"\0" in data or data.startswith((b"%PDF", b"PK\x03\x04", b"{\\rtf")):
        raise ReaderError(f"{path} is not a text file: save the article as plain text (UTF-8).")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text, note = data.decode("cp1252"), "read as Windows-1252, as it is not UTF-8"
            except UnicodeDecodeError:
                raise ReaderError(f"{path} is in no encoding known here: save it as "
                                  f"UTF-8.") from None
    if not rt.words(rt.normalise(text)):
        raise ReaderError(f"{path} is empty: there are no words in it.")
    return text, note
