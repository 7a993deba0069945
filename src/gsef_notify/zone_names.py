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
    "AST": _abbreviation(-4, "America/Halifax", "America/Puerto_Rico", Asia__Riyadh=3),
    "ADT": _abbreviation(-3, "America/Halifax"),
    "NST": _abbreviation(-3.5, "America/St_Johns"),
    "NDT": _abbreviation(-2.5, "America/St_Johns"),
    "AKST": _abbreviation(-9, "America/Anchorage"),
    "AKDT": _abbreviation(-8, "America/Anchorage"),
    "HST": _abbreviation(-10, "Pacific/Honolulu"),
    "ACST": _abbreviation(9.5, "Australia/Adelaide", "Australia/Darwin"),
    "ACDT": _abbreviation(10.5, "Australia/Adelaide"),
    "WITA": _abbreviation(8, "Asia/Makassar"),
    "WIT": _abbreviation(9, "Asia/Jayapura"),
    "UYT": _abbreviation(-3, "America/Montevideo"),
    "VET": _abbreviation(-4, "America/Caracas"),
    "GST": _abbreviation(4, "Asia/Dubai"),
    "CVT": _abbreviation(-1, "Atlantic/Cape_Verde"),
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

# What people call the time of a region, before the word "time".
NAMED_TIMES = {
    "Eastern": "America/New_York", "US Eastern": "America/New_York", "Eastern Daylight": "America/New_York",
    "Central": "America/Chicago", "US Central": "America/Chicago", "Central Daylight": "America/Chicago",
    "Mountain": "America/Denver", "US Mountain": "America/Denver", "Pacific": "America/Los_Angeles",
    "US Pacific": "America/Los_Angeles", "Pacific Daylight": "America/Los_Angeles",
    "Central European": "Europe/Paris", "Central European Summer": "Europe/Paris",
    "British": "Europe/London", "British Summer": "Europe/London", "UK": "Europe/London",
    "Korea Standard": "Asia/Seoul", "Korean": "Asia/Seoul", "Korean Standard": "Asia/Seoul",
    "Japan Standard": "Asia/Tokyo", "Indian Standard": "Asia/Kolkata", "India Standard": "Asia/Kolkata",
    "heure de l'Est": "America/Toronto", "hora peninsular española": "Europe/Madrid",
    "hora del centro de México": "America/Mexico_City", "hora centro de México": "America/Mexico_City",
    "hora del Pacífico": "America/Los_Angeles", "hora del Este": "America/New_York",
    "hora de Chile continental": "America/Santiago", "heure d'Europe centrale": "Europe/Paris",
    "heure normale de l'Est": "America/Toronto", "heure avancée de l'Est": "America/Toronto",
    "hora de Europa Central": "Europe/Paris",
    "East Africa": "Africa/Nairobi", "West Africa": "Africa/Lagos", "Central Africa": "Africa/Maputo",
}  # fmt: skip

# The zone of "hora argentina", "heure belge" and "Spanish time"; for large countries the capital's.
ADJECTIVES = {
    "America/Argentina/Buenos_Aires": "argentina argentine argentinian",
    "America/Bogota": "colombiana colombienne colombian",
    "America/Caracas": "venezolana",
    "America/Costa_Rica": "costarricense",
    "America/Guayaquil": "ecuatoriana",
    "America/La_Paz": "boliviana",
    "America/Lima": "peruana péruvienne peruvian",
    "America/Mexico_City": "mexicana mexicaine mexican",
    "America/Montevideo": "uruguaya",
    "America/Santiago": "chilena chilienne chilean",
    "America/Sao_Paulo": "brasileña brésilienne brazilian",
    "America/Toronto": "québécoise",
    "Africa/Abidjan": "ivoirienne",
    "Africa/Casablanca": "marocaine moroccan",
    "Africa/Dakar": "sénégalaise senegalese",
    "Africa/Lagos": "nigerian",
    "Africa/Nairobi": "kenyan",
    "Africa/Tunis": "tunisienne tunisian",
    "Asia/Bangkok": "thai",
    "Asia/Kolkata": "indian",
    "Asia/Seoul": "coreana coréenne korean",
    "Asia/Tokyo": "japonesa japonaise japanese",
    "Europe/Berlin": "alemana allemande german",
    "Europe/Brussels": "belga belge belgian",
    "Europe/Lisbon": "portuguesa portugaise portuguese",
    "Europe/London": "británica britannique british",
    "Europe/Madrid": "española espagnole spanish peninsular",
    "Europe/Paris": "francesa française french",
    "Europe/Rome": "italiana italienne italian",
    "Europe/Zurich": "suiza suisse swiss",
}

# Cities by whose name no zone is called, of countries with several clocks.
BIG_CITIES = {
    "America/New_York": (
        "New York City, Boston, Washington, Philadelphia, Atlanta, Miami, Baltimore, Pittsburgh"
    ),
    "America/Chicago": (
        "Dallas, Houston, Austin, San Antonio, Minneapolis, St Louis, New Orleans, Milwaukee"
    ),
    "America/Denver": "Salt Lake City, Albuquerque, Boulder",
    "America/Los_Angeles": (
        "San Francisco, Seattle, Portland, San Diego, Oakland, Berkeley, Las Vegas, San José"
    ),
    "America/Toronto": "Montréal, Québec, Ottawa, Gatineau, Sherbrooke, Laval, Hamilton",
    "America/Edmonton": "Calgary",
    "America/Vancouver": "Victoria",
    "America/Mexico_City": (
        "Ciudad de México, CDMX, Guadalajara, Puebla, Oaxaca, Toluca, León, Querétaro, Xalapa"
    ),
    "America/Monterrey": "San Pedro Garza García",
    "America/Sao_Paulo": (
        "São Paulo, Rio de Janeiro, Brasília, Belo Horizonte, Porto Alegre, Curitiba, Florianópolis"
    ),
    "America/Santiago": "Valparaíso, Concepción, Temuco, Antofagasta, Viña del Mar",
    "America/Guayaquil": "Quito, Cuenca",
    "Europe/Madrid": (
        "Barcelona, Bilbao, Sevilla, Valencia, Zaragoza, Donostia, San Sebastián, Vitoria Gasteiz"
    ),
    "Europe/Lisbon": "Lisboa, Porto, Coimbra, Braga",
    "Europe/Moscow": "Saint Petersburg, St Petersburg",
    "Africa/Lubumbashi": "Goma, Bukavu, Kisangani",
    "Asia/Jakarta": "Bandung, Yogyakarta, Surabaya, Semarang",
    "Asia/Makassar": "Denpasar, Bali",
    "Asia/Shanghai": "Beijing, Guangzhou, Shenzhen, Chengdu",
    "Australia/Sydney": "Canberra, Newcastle",
    "Pacific/Auckland": "Wellington, Christchurch, Dunedin",
}
