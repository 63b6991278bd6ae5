"""From a checked form to a saved booking: the promise is made here, and sent by the worker."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.tasks import async_task

from booking.models import PERSONAL, Answer, Booking, BookingEvent, Mail, Participant, hashed
from catalog.models import CourseDate, Product, Terms

COPIED = ("buyer", *PERSONAL)


class AlreadySent(Exception):
    """Something else was sent from this form before. `.booking` is what."""

    def __init__(self, booking):
        super().__init__(booking.reference)
        self.booking = booking


def receive(entry, token, outcome, coursedate, *, language, terms, booked_by="", team_link=None):
    """Save the booking of that form and queue it; the same form with the same content is the same
    booking. AlreadySent where the form has sent other content that was not refused."""
    content = entry.content(coursedate)
    if known := sent_before(token, content):
        return known
    try:
        with transaction.atomic():
            # Bookings of one date are saved one after the other, so that the same content from
            # two forms at the same moment is seen.
            CourseDate.objects.select_for_update().get(pk=coursedate.pk)
            booking = Booking(
                **{name: entry.form.cleaned_data[name] for name in COPIED},
                **as_shown(outcome),
                form_hash=hashed(token),
                content_hash=content,
                coursedate=coursedate,
                language=language,
                terms=terms,
                terms_accepted_at=timezone.now(),
                booked_by=booked_by,
                team_link=team_link,
                withdrawal=Terms.objects.in_force(Terms.Kind.WITHDRAWAL, language),
                privacy=Terms.objects.in_force(Terms.Kind.PRIVACY, language),
            )
            return save(booking, entry)
    except IntegrityError:
        if known := sent_before(token, content):
            return known
        raise


def sent_before(token, content):
    """The booking that this form has made of this content, or None.

    AlreadySent where it has made another that lives.
    """
    of_form = list(Booking.objects.by_form(token))  # one look: between two, a twin may be saved
    for booking in of_form:
        if booking.content_hash == content:
            return booking
    for booking in of_form:
        if booking.status != Booking.Status.REFUSED:
            raise AlreadySent(booking)
    return None


def as_shown(outcome):
    """The columns that keep what the visitor was shown."""
    shown = {"joins_waiting_list": outcome["waiting"]}
    if price := outcome["price"]:
        shown |= {
            "price_lines": price["lines"],
            "currency": price["currency"],
            "shown_excl_vat": price["excl_vat"],
            "shown_incl_vat": price["incl_vat"],
        }
    return shown


def save(booking, entry):
    """Write the booking with its people and answers, and queue it unless its twin is on the way."""
    twins = Booking.objects.on_their_way().filter(content_hash=booking.content_hash)
    has_twin = twins.exists()
    booking.save()
    people = entry.people()
    participants = Participant.objects.bulk_create(participants_of(booking, people))
    said = [(None, entry.form.answers())]
    said += zip(participants, (person.answers for person in people), strict=True)
    Answer.objects.bulk_create(answers_of(booking, said))
    by = f"staff: {booking.booked_by}" if booking.booked_by else "visitor"
    booking.tell(BookingEvent.What.RECEIVED, by=by)
    # Within the transaction, like every mail; it goes out only if the booking is not settled soon.
    Mail.objects.plan(booking, Mail.Kind.RECEIVED, due_at=timezone.now() + settings.MAIL_PATIENCE)
    if has_twin:
        booking.keep_for_staff(Booking.Hold.SAME_CONTENT)
        # Within the transaction: the queue lies in the same database, so that the booking is not
        # saved without its alert. The mail itself is the worker's.
        async_task("booking.tasks.tell_staff", booking.pk, str(Booking.Hold.SAME_CONTENT))
    else:
        transaction.on_commit(lambda: async_task("booking.tasks.send", booking.pk))
    return booking


def participants_of(booking, people):
    """Everyone who takes part, each with the price that was shown."""
    lines = [line for line in booking.price_lines if line["kind"] == "course"]
    shown = {str(line.get("product", "")): line for line in lines}
    products = Product.objects.filter(course=booking.coursedate.course_id)
    products = {str(product.remote_id): product for product in products} if any(shown) else {}
    for person in people:
        key = person.group.key if person.group else ""
        line = shown.get(key) or shown.get("") or {}
        yield Participant(
            booking=booking,
            firstname=person.firstname,
            lastname=person.lastname,
            email=person.email,
            product=products.get(key),
            price_group=line.get("group", ""),
            unit_price=line.get("unit"),
        )


def answers_of(booking, said):
    """What was answered, with the words of question and answer as they were shown."""
    for participant, answers in said:
        for question, answer in answers.items():
            if words := question.words_of(answer):
                yield Answer(
                    booking=booking,
                    participant=participant,
                    question=question,
                    label=question.label,
                    language=booking.language,
                    value=words,
                )
