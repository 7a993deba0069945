"""The people of a draft -> the people of a session. Pure."""

from gsef_notify import countries, zones
from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.program.draft import DraftPerson, place_of
from gsef_notify.program.identity import distinct, slug_of_name
from gsef_notify.program.model import Person, Presentation
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Problems


def people_of(drafts: tuple[DraftPerson, ...], problems: Problems) -> tuple[Person, ...]:
    """The people, in the order of the drafts, each with an id of their own."""
    people: list[Person] = []
    named: set[str] = set()
    for each in drafts:
        folded = fold_name(each.name)
        if folded in named:
            message = f"{each.name} is named twice among the people"
            problems.error(each.place, "PERSON_TWICE", message, "name each person once")
        named.add(folded)
        person_id = distinct(slug_of_name(each.name), (person.id for person in people))
        people.append(_person(person_id, each, problems))
    return tuple(people)


def _person(person_id: str, draft: DraftPerson, problems: Problems) -> Person:
    country = _country(draft, problems)
    return Person(
        id=person_id,
        name=draft.name,
        role=draft.role,
        organization=draft.organization,
        position=draft.position,
        country=country,
        timezone=_timezone(draft, country, problems),
        email=_email(draft, problems),
        pronunciation=draft.pronunciation,
        contact=draft.contact,
        presentation=Presentation(title=draft.presentation_title, description=draft.presentation_description)
        if draft.presentation_title
        else None,
    )


def _country(draft: DraftPerson, problems: Problems) -> str | None:
    code = countries.country_code(draft.country) if draft.country else None
    if draft.country and code is None:
        message = f"no country is known by the name {draft.country!r}"
        remedy = "write its name in English, Spanish, French or Korean, or its two-letter code"
        problems.warn(place_of(draft, "country"), "COUNTRY_UNKNOWN", message, remedy)
    return code


def _timezone(draft: DraftPerson, country: str | None, problems: Problems) -> str | None:
    if draft.timezone:
        try:
            return zones.named(draft.timezone)
        except zones.UnknownZone as error:
            at, remedy = place_of(draft, "timezone"), "write an IANA name like Asia/Seoul"
            problems.error(at, "ZONE_UNKNOWN_NAME", str(error), remedy)
            return None
    if country is None:
        return None
    candidates = zones.clocks_of_country(country)
    return candidates[0] if len(candidates) == 1 else _timezone_of_city(draft, country, problems)


def _timezone_of_city(draft: DraftPerson, country: str, problems: Problems) -> str | None:
    """The zone of the one city that stands beside the person's name; the guess is told."""
    found = zones.zone_of_city(f"{draft.organization} / {draft.position}", country)
    if found is None:
        return None
    zone, city = found
    message = f"{draft.name}'s time zone is taken to be {zone}, as {city.title()} stands beside the name"
    problems.warn(draft.place, "ZONE_GUESSED", message, "give their zone, if that is wrong")
    return zone


def _email(draft: DraftPerson, problems: Problems) -> str | None:
    if not draft.email:
        return None
    try:
        return checked_address(draft.email)
    except AddressError as error:
        at = place_of(draft, "email")
        problems.error(at, "ADDRESS_WRONG", str(error), "write it like name@example.org")
        return None
