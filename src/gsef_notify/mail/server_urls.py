"""URLs of the settings that name a server with a user and a password. No error shows a password."""

import re
import ssl
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, urlsplit

from gsef_notify.errors import SettingsError

Refuse = Callable[[str], NoReturn]


def split(url: str, refuse: Refuse) -> SplitResult:
    """The parts of a URL, which ``refuse`` hears a reason against. The parser's own message is not passed on:
    it may quote the password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        refuse("the host and port can not be read")
    if not parts.hostname:
        refuse("it names no host")
    if re.search(r"[^A-Za-z0-9.:_-]", parts.hostname):
        refuse("the host has signs in it that no host name has")
    if parts.fragment:
        refuse("something follows the host and port")
    if bool(parts.username) != bool(parts.password):
        refuse("a user and a password belong together")
    return parts


def options(parts: SplitResult, refuse: Refuse, **known: str) -> Mapping[str, str]:
    """What stands after the question mark; ``known`` says what may, and what its value is called."""
    given = parse_qs(parts.query, keep_blank_values=True)
    if given.keys() - known.keys():
        refuse(f"after ? only {' and '.join(f'{name}={value}' for name, value in known.items())} can stand")
    return {name: values[-1] for name, values in given.items()}


def tls(given: Mapping[str, str], setting: str) -> ssl.SSLContext:
    """How to be sure of the server: by the system's authorities and that of the file ``ca``. Raises
    SettingsError where that can not be read."""
    context = ssl.create_default_context()
    if "ca" in given:
        file = given["ca"]
        try:
            context.load_verify_locations(cafile=file)
        except OSError as error:
            reason = "no PEM certificate in it" if isinstance(error, ssl.SSLError) else error.strerror
            raise SettingsError(
                f"{setting}: can not read {file!r}: {reason} - name a PEM file after ?ca="
            ) from None
    return context


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
