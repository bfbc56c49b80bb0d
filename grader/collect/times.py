"""When something was handed in, as platforms write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dateutil import parser

_CLOCK = re.compile(r"\b(\d{1,2})[.:]?(\d{2}) ?([AaPp])\.?[Mm]\.?\b")

# With slashes nobody knows which is the month; with full stops the day comes first.
_NUMBERS = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2\d{4}\b")
_BARE = re.compile(r"(\d{4},?) (\d{1,2})(\d\d)$")


def parse(text: str, zone: str) -> datetime | None:
    """A date and time in UTC; None where it is none, or could be two.

    Parameters
    ----------
    text : str
        As in ISO 8601 (``2026-10-12T20:01:02Z``), in Moodle's worksheets (``Wednesday, 10 June
        2026, 2:14 PM``) or in Brightspace's file names, where the colon is missing (``Oct 10,
        2026 1022 AM``; ``Oct 10, 2026 2222``).
    zone : str
        IANA name of the time zone that counts where the text names none.
    """
    if not re.search(r"\d{4}", text):
        return None
    numbers = _NUMBERS.search(text)
    by_day = bool(numbers) and numbers[2] == "."
    if numbers and not by_day and numbers[1] != numbers[3] and max(
            int(numbers[1]), int(numbers[3])) <= 12:
        return None
    text = _BARE.sub(r"\1 \2:\3", text[:80].strip())
    plain = _CLOCK.sub(lambda found: f"{found[1]}:{found[2]} {found[3].upper()}M", text)
    try:
        # A default without a clock would take today's time for one that is not there.
        found = parser.parse(plain.strip(), default=datetime(2000, 1, 1), dayfirst=by_day)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
