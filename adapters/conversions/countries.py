"""This module knows states by their English names and by what their nationals are called (ISO 3166-1 alpha-3)."""

import re
from functools import cache

# One state a line: code, then its names and the words for its nationals.
_STATES = """
AFG Afghanistan|Afghan
ALB Albania|Albanian
DZA Algeria|Algerian
AND Andorra|Andorran
AGO Angola|Angolan
ARG Argentina|Argentine|Argentinian
ARM Armenia|Armenian
AUS Australia|Australian
AUT Austria|Austrian
AZE Azerbaijan|Azerbaijani
BHR Bahrain|Bahraini
BGD Bangladesh|Bangladeshi
BLR Belarus|Belarusian|Belarussian
BEL Belgium|Belgian
BEN Benin|Beninese
BOL Bolivia|Bolivian
BIH Bosnia and Herzegovina|Bosnia|Bosnian
BRA Brazil|Brazilian
BGR Bulgaria|Bulgarian
BFA Burkina Faso|Burkinabe
BDI Burundi|Burundian
KHM Cambodia|Cambodian
CMR Cameroon|Cameroonian
CAN Canada|Canadian
CAF Central African Republic|Central African|CAR
TCD Chad|Chadian
CHL Chile|Chilean
CHN China|Chinese
COL Colombia|Colombian
COM Comoros|Comorian
COD Democratic Republic of the Congo|Democratic Republic of Congo|DRC|Congolese (DRC)|Congolese
COG Republic of the Congo|Republic of Congo|Congo-Brazzaville|Congo
CRI Costa Rica|Costa Rican
CIV Côte d'Ivoire|Ivory Coast|Ivorian
HRV Croatia|Croatian
CUB Cuba|Cuban
CYP Cyprus|Cypriot
CZE Czechia|Czech Republic|Czech
DNK Denmark|Danish
DJI Djibouti|Djiboutian
DOM Dominican Republic|Dominican
ECU Ecuador|Ecuadorian
EGY Egypt|Egyptian
SLV El Salvador|Salvadoran
ERI Eritrea|Eritrean
EST Estonia|Estonian
ETH Ethiopia|Ethiopian
FIN Finland|Finnish
FRA France|French
GAB Gabon|Gabonese
GMB Gambia|Gambian
GEO Georgia|Georgian
DEU Germany|German
GHA Ghana|Ghanaian
GRC Greece|Greek
GTM Guatemala|Guatemalan
GIN Guinea|Guinean
GNB Guinea-Bissau|Guinea Bissau
HTI Haiti|Haitian
HND Honduras|Honduran
HUN Hungary|Hungarian
ISL Iceland|Icelandic
IND India|Indian
IDN Indonesia|Indonesian
IRN Iran|Islamic Republic of Iran|Iranian
IRQ Iraq|Iraqi
IRL Ireland|Irish
ISR Israel|Israeli
ITA Italy|Italian
JAM Jamaica|Jamaican
JPN Japan|Japanese
JOR Jordan|Jordanian
KAZ Kazakhstan|Kazakh|Kazakhstani
KEN Kenya|Kenyan
PRK DPRK|North Korea|North Korean|Democratic People's Republic of Korea
KOR Republic of Korea|South Korea|South Korean
XKX Kosovo|Kosovar
KWT Kuwait|Kuwaiti
KGZ Kyrgyzstan|Kyrgyz
LAO Laos|Lao|Laotian
LVA Latvia|Latvian
LBN Lebanon|Lebanese
LBR Liberia|Liberian
LBY Libya|Libyan
LIE Liechtenstein
LTU Lithuania|Lithuanian
LUX Luxembourg
MDG Madagascar|Malagasy
MYS Malaysia|Malaysian
MLI Mali|Malian
MLT Malta|Maltese
MRT Mauritania|Mauritanian
MEX Mexico|Mexican
MDA Moldova|Republic of Moldova|Moldovan
MCO Monaco|Monegasque
MNG Mongolia|Mongolian
MNE Montenegro|Montenegrin
MAR Morocco|Moroccan
MOZ Mozambique|Mozambican
MMR Myanmar|Burma|Burmese
NPL Nepal|Nepalese
NLD Netherlands|Dutch
NZL New Zealand|New Zealander
NIC Nicaragua|Nicaraguan
NER Niger|Nigerien
NGA Nigeria|Nigerian
MKD North Macedonia|Macedonian
NOR Norway|Norwegian
OMN Oman|Omani
PAK Pakistan|Pakistani
PSE Palestine|Palestinian
PAN Panama|Panamanian
PRY Paraguay|Paraguayan
PER Peru|Peruvian
PHL Philippines|Philippine|Filipino
POL Poland|Polish
PRT Portugal|Portuguese
QAT Qatar|Qatari
ROU Romania|Romanian
RUS Russia|Russian Federation|Russian
RWA Rwanda|Rwandan
KNA Saint Kitts and Nevis|Federation of Saint Christopher and Nevis
SAU Saudi Arabia|Saudi
SEN Senegal|Senegalese
SRB Serbia|Serbian
SLE Sierra Leone|Sierra Leonean
SGP Singapore|Singaporean
SVK Slovakia|Slovak
SVN Slovenia|Slovenian|Slovene
SOM Somalia|Somali
ZAF South Africa|South African
SSD South Sudan|South Sudanese
ESP Spain|Spanish
LKA Sri Lanka|Sri Lankan
SDN Sudan|Sudanese
SWE Sweden|Swedish
CHE Switzerland|Swiss
SYR Syria|Syrian Arab Republic|Syrian
TWN Taiwan|Taiwanese
TJK Tajikistan|Tajik
TZA Tanzania|Tanzanian
THA Thailand|Thai
TGO Togo|Togolese
TTO Trinidad and Tobago|Trinidadian
TUN Tunisia|Tunisian
TUR Turkey|Türkiye|Turkish
TKM Turkmenistan|Turkmen
UGA Uganda|Ugandan
UKR Ukraine|Ukrainian
ARE United Arab Emirates|UAE|Emirati
GBR United Kingdom|UK|British
USA United States of America|United States|USA|US|American
URY Uruguay|Uruguayan
UZB Uzbekistan|Uzbek
VUT Vanuatu
VEN Venezuela|Venezuelan
VNM Vietnam|Viet Nam|Vietnamese
YEM Yemen|Yemeni
ZMB Zambia|Zambian
ZWE Zimbabwe|Zimbabwean
"""

TYPOGRAPHIC_APOSTROPHE = "\u2019"


def countries_in(text: str | None) -> tuple[str, ...]:
    """Give the codes of the states that a text names, or whose nationals it names, in the order of the text.

    Longer names come before shorter ones they hold: `South Sudan` is not `Sudan`.
    """
    names, pattern = _known()
    plain = (text or "").replace(TYPOGRAPHIC_APOSTROPHE, "'")
    return tuple(dict.fromkeys(names[match[0].casefold()] for match in pattern.finditer(plain)))


def nationalities_in(text: str | None) -> tuple[str, ...]:
    """Give the nationalities of a text that holds nothing else.

    Raises:
        ValueError: it names no state that is known here.
    """
    found = countries_in(text)
    if text and text.strip() and not found:
        raise ValueError("a nationality is not known")
    return found


@cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    names: dict[str, str] = {}
    for line in _STATES.strip().splitlines():
        code, _, written = line.partition(" ")
        for name in written.split("|"):
            names[name.casefold()] = code
    longest_first = sorted(names, key=len, reverse=True)
    return names, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
