"""Pages that open with a token: what comes from their forms, and the headers that keep them private."""

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_FORM_BYTES = 4096
PRIVATE_HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}


async def small_form(request: Request, largest: int = LARGEST_FORM_BYTES) -> dict[str, str]:
    """The fields of a form, each once. Raises HTTPException for one of more bytes or of many fields."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}
