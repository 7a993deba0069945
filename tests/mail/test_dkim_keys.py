"""A key that can not sign is refused when the service starts, and never shown."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gsef_notify import settings, wiring
from gsef_notify.errors import SettingsError
from gsef_notify.mail.dkim_keys import load_signing_key
from gsef_notify.settings import DkimSettings, Settings
from tests.mail.signing import Zone, save
from tests.mail.test_dkim import CONTENT

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def refusal(key_file: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_signing_key("example.org", "mail", key_file)
    return str(caught.value)


def test_a_key_is_not_shown_with_what_holds_it(tmp_path: Path) -> None:
    assert repr(load_signing_key("Example.org", "Mail", save(ED25519, tmp_path / "key"))) == (
        "SigningKey(domain='example.org', selector='mail', algorithm='ed25519-sha256')"
    )


def test_a_key_of_the_former_format_signs_too(tmp_path: Path) -> None:
    zone = Zone()
    zone.publish("example.org", "mail", RSA)
    configured = Settings(
        dkim=(
            DkimSettings(
                domain="example.org",
                selector="mail",
                key_file=save(RSA, tmp_path / "rsa.pem", older=True),
            ),
        )
    )
    assert zone.verdicts(wiring.signer(configured)(CONTENT)) == [True]


def test_without_keys_in_the_settings_nothing_is_signed() -> None:
    assert wiring.signer(Settings())(CONTENT) == CONTENT


def test_the_keys_of_a_settings_file_or_of_the_environment_sign_in_their_order(tmp_path: Path) -> None:
    zone = Zone()
    tables, values = [], []
    for selector, key in (("one", RSA), ("two", ED25519)):
        zone.publish("example.org", selector, key)
        file = save(key, tmp_path / selector)
        tables.append(f"[[dkim]]\ndomain = 'example.org'\nselector = '{selector}'\nkey_file = '{file}'\n")
        values.append(f"{{domain = 'example.org', selector = '{selector}', key_file = '{file}'}}")
    (tmp_path / "settings.toml").write_text("".join(tables))
    by_file = settings.load(tmp_path / "settings.toml", {})
    by_environment = settings.load(None, {"GSEF_NOTIFY_DKIM": f"[{', '.join(values)}]"})
    assert by_file.dkim == by_environment.dkim
    content = wiring.signer(by_file)(CONTENT)
    assert content.index(b"s=one;") < content.index(b"s=two;")
    assert zone.verdicts(content) == [True, True]


def test_two_keys_under_one_name_are_refused(tmp_path: Path) -> None:
    key = DkimSettings(domain="example.org", selector="mail", key_file=save(ED25519, tmp_path / "key"))
    with pytest.raises(SettingsError, match=r"dkim: .* - give each a selector of its own"):
        wiring.signer(Settings(dkim=(key, key)))


@pytest.mark.parametrize("text", ["", "exa mple.org", "a.org; h=", "a\r\nBcc: x", "a" * 300, "☃"])
def test_what_is_no_name_in_the_dns_is_refused(text: str, tmp_path: Path) -> None:
    file = save(ED25519, tmp_path / "key")
    with pytest.raises(SettingsError, match=r"dkim: domain: .* is no name in the DNS - write letters"):
        load_signing_key(text, "mail", file)
    with pytest.raises(SettingsError, match=r"dkim: selector: .* is no name in the DNS - write letters"):
        load_signing_key("example.org", text, file)


@pytest.mark.parametrize(
    ("file", "reason"),
    [("", "Is a directory"), ("none.pem", "No such file or directory"), ("a\0b", "embedded null byte")],
)
def test_a_file_that_can_not_be_read_is_named(file: str, reason: str, tmp_path: Path) -> None:
    said = refusal(str(tmp_path / file))
    assert said.startswith("dkim: can not read ")
    assert f"{reason} - name a PEM file with a private key" in said


def test_a_key_with_a_password_is_refused(tmp_path: Path) -> None:
    said = refusal(save(RSA, tmp_path / "key", "hush"))
    assert said.endswith("is protected by a password - save it without one, for this user only to read")


PUBLIC = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = ED25519.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
SPOILT = b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("content", [b"", b"secret", PUBLIC, DER, SPOILT, b"\n" * 100_000], ids=range(6))
def test_a_file_without_a_private_key_is_refused_and_not_quoted(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    said = refusal(str(tmp_path / "key"))
    assert " holds no private key - name a PEM file with a private key" in said
    assert "secret" not in said and "c2VjcmV0" not in said


def test_a_key_that_nobody_verifies_is_refused(tmp_path: Path) -> None:
    said = refusal(save(ec.generate_private_key(ec.SECP256R1()), tmp_path / "key"))
    assert "of a kind or size that nobody verifies - name a PEM file" in said


def test_a_key_in_the_place_of_its_file_is_not_shown(tmp_path: Path) -> None:
    pem = Path(save(ED25519, tmp_path / "key")).read_text()
    secret = pem.splitlines()[1]
    said = [refusal(pem)]
    for environment in ({"GSEF_NOTIFY_DKIM": pem}, {"GSEF_NOTIFY_DKIM_FILE": str(tmp_path / "key")}):
        with pytest.raises(SettingsError) as caught:
            settings.load(None, environment)
        said.append(str(caught.value))
    assert [sentence for sentence in said if secret in sentence] == []
    assert said[0] == "dkim: key_file is a key itself - save it in a file and write the file's name"
    assert (
        said[1]
        == said[2]
        == (
            "GSEF_NOTIFY_DKIM: a private key stands there - write it as in the settings file, "
            '[{domain = "example.org", selector = "mail", key_file = "dkim.pem"}]'
        )
    )
