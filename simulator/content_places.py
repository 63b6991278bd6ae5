"""Venues, places and instructors of Fjordkompetanse AS, an invented firm in real towns."""

# id, title, county's id, county
PLACES = [
    (3, "Vestfold", None, None),
    (1226, "Sem", 3, "Vestfold"),
    (637, "Oslo", 1, "Oslo"),
    (412, "Drammen", 5, "Buskerud"),
    (701, "Tønsberg", 3, "Vestfold"),
    (702, "Skien", 7, "Telemark"),
    (703, "Kristiansand", 9, "Agder"),
    (704, "Stavanger", 10, "Rogaland"),
    (705, "Bergen", 11, "Vestland"),
    (706, "Trondheim", 14, "Trøndelag"),
    (707, "Bodø", 16, "Nordland"),
    (708, "Tromsø", 17, "Troms"),
]

# id, title, street, post code, town, county, place id, lat, lng, least, most, overbook, waiting
VENUES = [
    (7101, "Fjordkompetanse Oslo", "Grenseveien 88", "0663", "Oslo", "Oslo", 637,
     59.9186, 10.8022, 4, 16, 0, 5),
    (7102, "Verkstedhallen Drammen", "Tollbugata 49", "3044", "Drammen", "Buskerud", 412,
     59.7396, 10.2045, 3, 8, None, 2),
    (7104, "Øvingsfeltet Sem", "Jarlsbergveien 12", "3170", "Sem", "Vestfold", 1226,
     59.2849, 10.3318, 4, 12, 1, 4),
    (7105, "Kurssenteret Skien", "Telemarksvegen 170", "3734", "Skien", "Telemark", 702,
     59.1852, 9.6057, 4, 14, 0, 4),
    (7106, "Sørlandshallen kurs og øving", "Barstølveien 34", "4636", "Kristiansand", "Agder", 703,
     58.1866, 8.1284, 4, 12, 0, 4),
    (7107, "Fjordkompetanse Stavanger", "Forusbeen 78", "4033", "Stavanger", "Rogaland", 704,
     58.8907, 5.7232, 4, 16, 2, 6),
    (7108, "Laksevåg øvingssenter", "Damsgårdsveien 229", "5163", "Bergen", "Vestland", 705,
     60.3874, 5.2934, 4, 12, 0, 4),
    (7109, "Fjordkompetanse Trondheim", "Ingvald Ystgaards veg 23", "7047", "Trondheim",
     "Trøndelag", 706, 63.4209, 10.4614, 4, 14, 0, 5),
    (7110, "Bodø kurslokale", "Jernbaneveien 85", "8006", "Bodø", "Nordland", 707,
     67.2838, 14.4062, 3, 10, 0, 3),
    (7111, "Tromsø maritime øvingssenter", "Stakkevollvegen 51", "9010", "Tromsø", "Troms", 708,
     69.6646, 18.9784, 3, 10, 0, 3),
]  # fmt: skip

ONLINE = 7103  # the digital classroom: a venue without an address

INSTRUCTORS = [
    (3301, "Ingrid", "Solbakken", "Kursleder varme arbeider"),
    (3302, "Terje", "Aune", "Sertifisert truckinstruktør"),
    (3303, "Åse", "Bjørnstad", "Førstehjelpsinstruktør"),
    (3304, "Morten", "Kvåle", "HMS-rådgiver"),
    (3305, "Siv-Renate", "Østerås", "Fagleder elektro"),
    (3306, "Piotr", "Nowak", "Stillas og arbeid i høyden"),
    (3307, "Guro", "Hætta", "Ledelse og kommunikasjon"),
    (3308, "Jon Ærlig", "Sæther", "IT-instruktør"),
]
