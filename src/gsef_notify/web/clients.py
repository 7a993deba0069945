"""Which calendar program asks, by the name that it gives itself. Pure."""

import re

LONGEST_NAME = 60
_KNOWN = {
    "Google Calendar": r"Google-Calendar-Importer",
    "Outlook": r"outlook|microsoft|ms-office|exchange",
    "Thunderbird": r"Thunderbird",
    "Apple Calendar (iOS)": r"dataaccessd|\biOS/",
    "Apple Calendar (macOS)": r"CalendarAgent|macOS/|Mac OS X.*CalendarAgent",
    "Nextcloud": r"Nextcloud",
    "ICSx5": r"ICSx5",
    "DAVx5": r"DAVx5",
    "Evolution": r"Evolution",
    "a browser": r"Mozilla/.*(?:Firefox|Chrome|Safari)/",
}
_PRODUCT = re.compile(r"[A-Za-z][\w.+-]*(?:/[\w.+-]+)?")


def client_name(user_agent: bytes | None) -> str:
    """The program of a User-Agent field (RFC 9110 section 10.1.5) and nothing of the reader's machine;
    "unknown" where it does not say."""
    text = (user_agent or b"").decode("latin-1")
    for name, pattern in _KNOWN.items():
        if re.search(pattern, text, re.IGNORECASE):
            return name
    product = _PRODUCT.match(text)
    return product[0][:LONGEST_NAME] if product else "unknown"
