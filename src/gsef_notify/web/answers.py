"""The fields and plain words with which feeds are answered."""

from gsef_notify.web.representation import Answer, sentence

FETCHES = ("GET", "HEAD")
_ALLOWED = "GET, HEAD, OPTIONS"
_OPEN = (("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))
PUBLIC = (*_OPEN, ("Cache-Control", "public, max-age=300, must-revalidate"))
PRIVATE = (
    ("Cache-Control", "private, no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
)
_SENTENCE = (*_OPEN, ("Cache-Control", "no-cache"))
NOT_PUBLISHED = "The program is not published yet. Please ask again in a minute."


def wrong(status: int, text: str) -> Answer:
    """To an address that is mistaken."""
    return sentence(status, text, _SENTENCE)


def later(text: str) -> Answer:
    """To ask again in a minute."""
    return sentence(503, text, (*_SENTENCE, ("Retry-After", "60")))


def not_fetched(method: str) -> Answer:
    """To browsers that ask whether they may, and to whoever would alter a feed."""
    if method != "OPTIONS":
        return sentence(405, "A calendar is there to be fetched.", (*_SENTENCE, ("Allow", _ALLOWED)))
    may = (
        ("Access-Control-Allow-Methods", _ALLOWED),
        ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since"),
        ("Access-Control-Max-Age", "86400"),
    )
    return sentence(200, "A calendar may be fetched from everywhere.", (*_OPEN, *may, ("Allow", _ALLOWED)))
