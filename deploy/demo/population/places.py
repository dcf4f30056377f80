"""This module lists where invented people were born, and where they cross a border."""

BIRTH_PLACES = {
    "SYR": ("Aleppo", "Homs", "Idlib", "Daraa", "Raqqa"), "IRQ": ("Mosul", "Basra", "Kirkuk", "Najaf"),
    "EGY": ("Tanta", "Asyut", "Alexandria"), "MAR": ("Fez", "Oujda", "Tangier"), "TUN": ("Sfax", "Sousse", "Gafsa"),
    "DZA": ("Oran", "Annaba", "Setif"), "SDN": ("Omdurman", "Kassala", "Nyala"), "LBN": ("Tripoli", "Sidon", "Tyre"),
    "IRN": ("Shiraz", "Tabriz", "Mashhad"), "AFG": ("Herat", "Kabul", "Ghazni", "Kunduz"),
    "UKR": ("Kharkiv", "Odesa", "Lviv", "Dnipro"), "RUS": ("Perm", "Tula", "Omsk"), "KAZ": ("Almaty", "Aktobe"),
    "BLR": ("Gomel", "Brest"), "TUR": ("Adana", "Bursa", "Konya", "Van"), "GEO": ("Kutaisi", "Batumi", "Gori"),
    "ARM": ("Gyumri", "Vanadzor", "Yerevan"), "CHN": ("Wuhan", "Xi'an", "Shenyang"), "KOR": ("Busan", "Daegu"),
    "JPN": ("Sapporo", "Osaka"), "VNM": ("Hue", "Vinh", "Da Nang"), "COL": ("Cali", "Pasto"), "PER": ("Cusco", "Piura"),
    "VEN": ("Maracaibo", "Coro"), "MEX": ("Puebla", "Toluca"), "BRA": ("Recife", "Manaus"), "NGA": ("Ibadan", "Ilorin"),
    "AZE": ("Ganja", "Sumqayit"), "UZB": ("Bukhara", "Samarkand"), "USA": ("Boise", "Tulsa"), "GBR": ("Leeds", "Hull"),
    "CAN": ("Halifax", "Regina"), "DEU": ("Kassel", "Jena"), "AUT": ("Graz", "Linz"), "FRA": ("Nantes", "Dijon"),
    "BEL": ("Mons", "Ghent"), "GRC": ("Patras", "Larissa"), "BGR": ("Ruse", "Plovdiv"),
}  # fmt: skip

# Name, state.
CROSSING_POINTS = (
    ("Frankfurt Airport", "DEU"), ("Munich Airport", "DEU"), ("Hamburg Port", "DEU"), ("Paris Nord Station", "FRA"),
    ("Calais Port", "FRA"), ("Marseille Port", "FRA"), ("Vienna Airport", "AUT"), ("Piraeus Port", "GRC"),
    ("Kipoi Road", "GRC"), ("Kapitan Andreevo Road", "BGR"), ("Sofia Airport", "BGR"), ("Brussels Airport", "BEL"),
)  # fmt: skip


def birth_places(nationality: str) -> tuple[str, ...]:
    """Give some towns of a state."""
    return BIRTH_PLACES[nationality]
