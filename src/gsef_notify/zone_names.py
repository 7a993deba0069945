"""What people call time zones and countries: tables only."""


def _abbreviation(hours: float, *names: str, **others: float) -> tuple[dict[str, float], tuple[str, ...]]:
    different = {name.replace("__", "/"): offset for name, offset in others.items()}
    return {"": hours, **different}, (*names, *different)


# The abbreviations that session sheets use: hours from UTC that they denote, and the zones that use them, the
# likeliest first. Zones that use the same letters for another offset are named with that offset.
ABBREVIATIONS: dict[str, tuple[dict[str, float], tuple[str, ...]]] = {
    "UTC": _abbreviation(0, "UTC"),
    "GMT": _abbreviation(0, "UTC"),
    "Z": _abbreviation(0, "UTC"),
    "WET": _abbreviation(0, "Europe/Lisbon"),
    "WEST": _abbreviation(1, "Europe/Lisbon"),
    "BST": _abbreviation(1, "Europe/London", Asia__Dhaka=6),
    "IST": _abbreviation(5.5, "Asia/Kolkata", Europe__Dublin=1, Asia__Jerusalem=2),
    "CET": _abbreviation(1, "Europe/Paris"),
    "CEST": _abbreviation(2, "Europe/Paris"),
    "EET": _abbreviation(2, "Europe/Athens"),
    "EEST": _abbreviation(3, "Europe/Athens"),
    "MSK": _abbreviation(3, "Europe/Moscow"),
    "TRT": _abbreviation(3, "Europe/Istanbul"),
    "WAT": _abbreviation(1, "Africa/Lagos"),
    "CAT": _abbreviation(2, "Africa/Maputo"),
    "SAST": _abbreviation(2, "Africa/Johannesburg"),
    "EAT": _abbreviation(3, "Africa/Nairobi"),
    "PKT": _abbreviation(5, "Asia/Karachi"),
    "NPT": _abbreviation(5.75, "Asia/Kathmandu"),
    "ICT": _abbreviation(7, "Asia/Bangkok"),
    "WIB": _abbreviation(7, "Asia/Jakarta"),
    "MYT": _abbreviation(8, "Asia/Kuala_Lumpur"),
    "SGT": _abbreviation(8, "Asia/Singapore"),
    "PHT": _abbreviation(8, "Asia/Manila"),
    "HKT": _abbreviation(8, "Asia/Hong_Kong"),
    "AWST": _abbreviation(8, "Australia/Perth"),
    "KST": _abbreviation(9, "Asia/Seoul"),
    "JST": _abbreviation(9, "Asia/Tokyo"),
    "AEST": _abbreviation(10, "Australia/Sydney"),
    "AEDT": _abbreviation(11, "Australia/Sydney"),
    "NZST": _abbreviation(12, "Pacific/Auckland"),
    "NZDT": _abbreviation(13, "Pacific/Auckland"),
    "ART": _abbreviation(-3, "America/Argentina/Buenos_Aires"),
    "BRT": _abbreviation(-3, "America/Sao_Paulo"),
    "CLST": _abbreviation(-3, "America/Santiago"),
    "CLT": _abbreviation(-4, "America/Santiago"),
    "BOT": _abbreviation(-4, "America/La_Paz"),
    "COT": _abbreviation(-5, "America/Bogota"),
    "PET": _abbreviation(-5, "America/Lima"),
    "ECT": _abbreviation(-5, "America/Guayaquil"),
    "EST": _abbreviation(-5, "America/New_York"),
    "EDT": _abbreviation(-4, "America/New_York"),
    "CST": _abbreviation(-6, "America/Chicago", "America/Mexico_City", Asia__Shanghai=8, America__Havana=-5),
    "CDT": _abbreviation(-5, "America/Chicago", "America/Mexico_City", America__Havana=-4),
    "MST": _abbreviation(-7, "America/Denver"),
    "MDT": _abbreviation(-6, "America/Denver"),
    "PST": _abbreviation(-8, "America/Los_Angeles"),
    "PDT": _abbreviation(-7, "America/Los_Angeles"),
}

# Zones whose offset from UTC is no whole number of hours, those without clock changes first.
BETWEEN_HOURS = (
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Yangon", "Asia/Kabul", "Asia/Tehran", "Australia/Darwin",
    "Australia/Eucla", "Pacific/Marquesas", "America/St_Johns", "Australia/Adelaide", "Australia/Lord_Howe",
    "Pacific/Chatham",
)  # fmt: skip

# Places by whose names people tell the time, and whose zone has another name.
PLACES = {
    "Mexico": "America/Mexico_City", "Ciudad de México": "America/Mexico_City",
    "멕시코": "America/Mexico_City",
    "Montréal": "America/Toronto", "Bruselas": "Europe/Brussels", "Bruxelles": "Europe/Brussels",
    "Londres": "Europe/London", "Genève": "Europe/Zurich", "Ginebra": "Europe/Zurich",
    "Bilbao": "Europe/Madrid", "Barcelona": "Europe/Madrid", "España": "Europe/Madrid",
    "France": "Europe/Paris", "파리": "Europe/Paris", "Chile": "America/Santiago",
    "Corée": "Asia/Seoul", "Corea": "Asia/Seoul", "Korea": "Asia/Seoul", "Seúl": "Asia/Seoul",
    "한국": "Asia/Seoul", "서울": "Asia/Seoul",
}  # fmt: skip
COUNTRY_NAMES = {"KR": "South Korea", "KP": "North Korea", "GB": "United Kingdom"}

# Names that people write and the IANA country table spells otherwise.
COUNTRY_ALIASES = {
    "South Korea": "KR", "Korea": "KR", "Republic of Korea": "KR", "North Korea": "KP",
    "United Kingdom": "GB", "UK": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB",
    "United States of America": "US", "USA": "US", "Russian Federation": "RU",
    "Czech Republic": "CZ", "Czechia": "CZ", "Viet Nam": "VN", "Ivory Coast": "CI", "Côte d'Ivoire": "CI",
    "The Netherlands": "NL", "Holland": "NL", "Taiwan": "TW", "Türkiye": "TR", "Turkey": "TR",
    "Democratic Republic of the Congo": "CD", "Republic of the Congo": "CG", "Cape Verde": "CV",
    "Swaziland": "SZ", "Eswatini": "SZ", "Burma": "MM", "Myanmar": "MM", "Hong Kong": "HK", "Macau": "MO",
    "Palestine": "PS", "Bosnia and Herzegovina": "BA", "North Macedonia": "MK", "Macedonia": "MK",
    "Trinidad and Tobago": "TT", "Antigua and Barbuda": "AG", "Saint Lucia": "LC", "Lao PDR": "LA",
    "Brunei Darussalam": "BN", "Timor-Leste": "TL", "Philippines": "PH", "Corea del Sur": "KR",
    "Corée du Sud": "KR", "대한민국": "KR", "한국": "KR", "칠레": "CL", "우간다": "UG", "캐나다": "CA",
    "캄보디아": "KH",
    "Chili": "CL", "Ouganda": "UG", "Camboya": "KH", "Cambodge": "KH", "Mexique": "MX", "Espagne": "ES",
    "México": "MX", "España": "ES", "Brasil": "BR", "Canadá": "CA", "Perú": "PE", "République de Corée": "KR",
}  # fmt: skip
