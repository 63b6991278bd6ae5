"""The shapes of the answers, version 1. Fields may be added, and codes to a list of codes; none is
ever removed, renamed or given another meaning: that would be version 2, at another address."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Address = Annotated[
    str, Field(json_schema_extra={"format": "uri"}, examples=["https://kurs.example.no/kurs/"])
]
Amount = Annotated[
    str, Field(pattern=r"^[0-9]+\.[0-9]{2}$", examples=["2490.00"], description="A decimal number.")
]
Id = Annotated[int, Field(ge=1, examples=[5210], description="Never changes, and is never reused.")]
Language = Annotated[str, Field(examples=["nb"])]
Day = Annotated[dt.date, Field(examples=["2026-12-01"])]
Moment = Annotated[AwareDatetime, Field(examples=["2026-12-01T09:00:00+01:00"])]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


# --- Parts ----------------------------------------------------------------------------------


class Named(Shape):
    id: Id
    title: str


class Price(Shape):
    """For one participant."""

    amount: Amount | None = Field(description="Null: on request. 0.00: free of charge.")
    currency: str = Field(examples=["NOK"])
    includes_vat: bool | None = Field(
        description="Whether `amount` holds the VAT. Null: not known, or there is none."
    )
    vat_percent: Amount | None = Field(description="Null: not known.", examples=["25.00"])
    amount_with_vat: Amount | None = Field(
        description="What a private person pays, where `amount` lacks the VAT and it is known."
    )
    words: str = Field(description="As the pages say it.", examples=["NOK 2,490 excl. VAT"])
    comment: str | None


class Duration(Shape):
    value: Amount = Field(examples=["3.00"])
    unit: str = Field(examples=["days"])
    words: str = Field(examples=["3 days"])


class ImageSize(Shape):
    url: Address
    width: int = Field(ge=1, description="In pixels; the height is two thirds of it.")


class Image(Shape):
    url: Address = Field(description="The largest one.")
    width: int
    height: int
    sizes: list[ImageSize]
    alternative: str = Field(description="What it shows, for those who do not see it.")
    alternative_language: Language


class Text(Shape):
    name: str = Field(description="Which part it is.", examples=["audience"])
    heading: str = Field(examples=["For whom"])
    html: str = Field(description="Sanitised: structure, tables and links only; headings from h3.")


class Status(Shape):
    code: Literal["to_be_confirmed", "will_run", "cancelled", "postponed"]
    words: str


class Form(Shape):
    code: Literal["classroom", "online", "hybrid"]
    words: str


class Place(Shape):
    name: str = Field(description="A town, or that it is online, in words.", examples=["Bergen"])
    note: str | None


class Seats(Shape):
    state: Literal["open", "few", "full", "unknown"]
    words: str = Field(examples=["3 seats left"])
    free: int | None = Field(description="How many, where the provider tells.")


class Booking(Shape):
    """What a visitor may do about a date now."""

    offer: Literal["book", "waiting", "elsewhere", "nothing"]
    words: str = Field(description="The words of the button, or why there is none.")
    url: Address | None = Field(description="Where to do it: a form for people, not for programs.")
    reason: (
        Literal["withdrawn", "cancelled", "past", "postponed", "deadline", "not_open", "elsewhere"]
        | None
    ) = Field(description="Why it cannot be booked on this site.")
    reason_words: str | None
    opens_at: Moment | None
    closes_on: Day | None = Field(description="The last day to book, to its end.")


class Venue(Shape):
    id: Id
    name: str
    url: Address
    online: bool
    address: str | None = Field(examples=["Storgata 1"])
    postcode: str | None
    city: str | None
    county: str | None
    country: str | None = Field(description="Two letters (ISO 3166).", examples=["NO"])
    latitude: float | None
    longitude: float | None


class Instructor(Shape):
    id: Id
    name: str
    url: Address


class Gathering(Shape):
    id: Id
    starts_at: Moment
    ends_at: Moment | None
    theme: str | None
    venue: Venue | None
    instructors: list[Instructor]
    calendar_url: Address


# --- Courses and dates ----------------------------------------------------------------------


class CourseName(Shape):
    id: Id
    title: str = Field(examples=["Førstehjelp på sjø"])
    title_language: Language
    url: Address = Field(description="Its page.")
    api_url: Address


class DateInBrief(Shape):
    id: Id
    url: Address = Field(description="Its page.")
    api_url: Address
    starts_on: Day
    ends_on: Day
    starts_at: Moment | None = Field(description="Null where no clock time is set.")
    ends_at: Moment | None
    time_zone: str = Field(examples=["Europe/Oslo"])
    form: Form
    place: Place | None
    status: Status | None
    seats: Seats | None = Field(description="Null once they matter to nobody.")
    booking: Booking


class Date(DateInBrief):
    course: CourseName
    price: Price
    language: str | None = Field(description="Of teaching.", examples=["no"])
    venue: Venue | None
    gatherings: list[Gathering] = Field(
        description="Where they say more than the date does: several, or one with a theme."
    )
    instructors: list[Instructor]
    calendar_url: Address
    appeared_at: Moment | None = Field(description="When it was first shown to the public.")
    changed_at: Moment = Field(
        description="When the provider last changed it or a gathering; seats do not count."
    )


class CourseFacts(CourseName):
    lead: str | None = Field(description="A few sentences, without HTML.")
    text_language: Language | None = Field(description="Of `lead` and `texts`.")
    price: Price
    duration: Duration | None
    categories: list[Named]
    level: Named | None
    language: str | None = Field(description="Of teaching.", examples=["no"])
    image: Image | None
    calendar_url: Address
    appeared_at: Moment | None = Field(description="When it was first shown to the public.")
    changed_at: Moment = Field(description="When the provider last changed it, its texts or price.")


class CourseInList(CourseFacts):
    next_dates: list[DateInBrief] = Field(
        description="The next few that are not cancelled and that the filters allow."
    )


class Course(CourseFacts):
    form_words: str | None = Field(examples=["Classroom or online"])
    texts: list[Text]
    dates: list[Date] = Field(description="All of them that lie ahead, cancelled ones too.")


class Category(Shape):
    id: Id = Field(description="What the filter `category` takes.")
    title: str
    url: Address
    parent: Id | None = Field(description="The category that it lies in.")
    courses: int = Field(description="How many the list has with it.")
    dates: int


class Level(Shape):
    id: Id = Field(description="What the filter `level` takes.")
    title: str
    courses: int
    dates: int


class PlaceKnown(Shape):
    key: str = Field(description="What the filter `place` takes.", examples=["vestland.bergen"])
    name: str = Field(examples=["Bergen"])
    county: str | None = Field(description="The key of the county that a town lies in.")
    courses: int
    dates: int


class VenueUsed(Venue):
    dates: int = Field(description="How many lie ahead.")


class InstructorBusy(Instructor):
    dates: int = Field(description="How many lie ahead.")


# --- Answers --------------------------------------------------------------------------------


class Links(Shape):
    """The same list, a page further; also in the header `Link` (RFC 8288)."""

    self: Address
    first: Address
    prev: Address | None
    next: Address | None
    last: Address


class Listed(Shape):
    total: int = Field(ge=0, description="How many there are on all pages.")
    page: int = Field(ge=1)
    pages: int = Field(ge=1)
    per_page: int = Field(ge=1, le=100)
    links: Links


class Courses(Listed):
    items: list[CourseInList]


class Dates(Listed):
    items: list[Date]


class Categories(Listed):
    items: list[Category]


class Levels(Listed):
    items: list[Level]


class Places(Listed):
    items: list[PlaceKnown]


class Venues(Listed):
    items: list[VenueUsed]


class Instructors(Listed):
    items: list[InstructorBusy]


class Index(Shape):
    version: Literal["1"]
    language: Language = Field(description="Of this address.")
    provider: str | None
    organisation_number: str | None
    url: Address = Field(description="The site.")
    documentation_url: Address
    openapi_url: Address
    courses_url: Address
    dates_url: Address
    categories_url: Address
    levels_url: Address
    places_url: Address
    venues_url: Address
    instructors_url: Address | None = Field(description="Null where the provider names nobody.")
    checked_at: Moment | None = Field(
        description="When all this was last compared with the provider's own system."
    )


class Gone(Shape):
    """What is known of a course or date that is no longer offered."""

    id: Id
    title: str
    starts_on: Day | None = Field(description="Of a date.")
    withdrawn_at: Moment
    url: Address = Field(description="Its page, which offers others in its place.")


class Problem(Shape):
    """RFC 9457."""

    type: Address = Field(description="Names the kind of problem, the same in every language.")
    title: str
    status: int = Field(examples=[400])
    detail: str = Field(description="A sentence in the language of the address.")
    gone: Gone | None = None
