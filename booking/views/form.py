"""The form. A GET calls nothing and sends nothing.

Each POST of the form is saved as a draft and answered by a redirect to that draft's address, so
that Back and reload find what was typed. The address is of use only in the browser that typed.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from booking import codes, hints, limits, refusals, seen, spam
from booking.forms import ROWS, SEVERAL, Entry, rows
from booking.models import Booking, Draft, is_form_token, new_form_token, renewed_token
from booking.preview import look, preview
from booking.receiving import AlreadySent, receive
from booking.views import desk
from booking.views.cancel import cancel_unsent
from booking.views.change import change_unsent
from booking.views.guards import of_one_visitor
from booking.views.interest import interest_unsent
from booking.views.team import forget_team, team_of
from catalog.context import languages_of
from catalog.models import CourseDate, Obstacle, Terms
from catalog.nearest import nearest, of_same_course
from catalog.upstream import open_frontcore

# Somebody waits for this page, and a process of the site with them.
PREVIEW_LIMITS = {"connect_timeout_s": 3.0, "read_timeout_s": 5.0, "read_total_s": 6.0}
UNSENT = {
    "booking_cancel": cancel_unsent,
    "booking_change_ask": change_unsent,
    "course_interest": interest_unsent,
}
REFUSED = Booking.Status.REFUSED
EDITING, ERRORS = {"step": "editing"}, {"step": "errors"}
SEATS = {"seats_short", refusals.TOO_FEW_SEATS, refusals.PLACE_TAKEN}
CLOSED = ("date_", "course_", "registration_")
WAITING = {"wait": "on", "places": ""}  # what these buttons choose for a group that is too large


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def book(request, remote_id):
    coursedate = date_to_book(remote_id)
    if request.method == "POST":
        return answer(request, coursedate, *form_of(request, coursedate))
    token = request.GET.get("form", "")
    draft = Draft.objects.to_show(token, owner_of(request), coursedate)
    if draft is None:
        return blank_form(request, coursedate)
    if sent := Booking.objects.by_form(token).first():
        context = {"booking": sent, "coursedate": coursedate, "noindex": True}
        context["other_languages"] = languages_of(request, form=token)
        return render(request, "booking/sent.html", context)
    judged = {"editing": False, "refused": False, "pasted": ROWS}.get(draft.outcome["step"], True)
    entry = Entry(coursedate, draft.typed, judged=judged)
    return form_page(request, coursedate, entry, token, draft.outcome)


def date_to_book(remote_id):
    """The date, also one hidden since the form was opened: what was typed outlives it."""
    return get_object_or_404(CourseDate.objects.with_course(), remote_id=remote_id)


def is_shown(coursedate):
    """Whether anybody may know of this date."""
    return coursedate.public and coursedate.course.public


def form_of(request, coursedate):
    """The token of the form that was sent and its draft, or a fresh one and None for a form that is
    not of our making or that another browser has filled in: nobody writes into somebody else's.

    Http404 where the date is not public, unless the token proves that its form was opened while it
    was: who typed since then loses nothing, and who only guesses numbers learns nothing.
    """
    token = request.POST.get("form", "")
    period = settings.DRAFT_PERIOD
    if not is_shown(coursedate):  # a fresh token would tell news of a hidden date
        if not is_form_token(token, coursedate, max_age=period):
            raise Http404
        return token, Draft.objects.of(token)
    is_ours = is_form_token(token, coursedate)
    draft = Draft.objects.of(token) if is_ours else None
    if not is_ours or (draft and not draft.belongs_to(owner_of(request))):
        return renewed_token(token, coursedate), None
    return token, draft


def owner_of(request):
    """What tells this browser from others: the secret of its CSRF cookie."""
    get_token(request)
    return request.META["CSRF_COOKIE"]


def blank_form(request, coursedate):
    if not is_shown(coursedate):
        raise Http404
    if obstacle := coursedate.obstacle():
        context = {"coursedate": coursedate, "noindex": True}
        context["is_elsewhere"] = obstacle == Obstacle.ELSEWHERE
        context["others"] = [] if context["is_elsewhere"] else nearest(coursedate)
        gone = coursedate.is_gone() or coursedate.course.is_gone()
        return render(request, "booking/closed.html", context, status=410 if gone else 200)
    team = team_of(request)
    entry = Entry(coursedate, team.as_typed() if team else None)
    return form_page(request, coursedate, entry, new_form_token(coursedate), EDITING)


def answer(request, coursedate, token, draft):
    """Do what the pressed button says. Answers with the address of the draft or the booking."""
    typed = Entry.typed_in(request.POST)
    action = request.POST.get("action", "preview")
    if held := held_up(request, coursedate, token, typed, draft):
        return held
    is_own = draft is not None and draft.belongs_to(owner_of(request))
    sent = Booking.objects.by_form(token).first()
    if sent:  # this form has done its work; what is typed now would be another booking
        entry = Entry(coursedate, typed, judged=True)
        if action == "send" and entry.is_valid and entry.content(coursedate) == sent.content_hash:
            return redirect("receipt", sent.link_token)
        token, draft = renewed_token(token, coursedate), None
    lives = sent and sent.status != REFUSED
    more = {"sent": sent.pk} if lives and is_own else {}
    if changed := change_form(request, coursedate, token, typed, draft, more):
        return changed
    if action in WAITING:
        typed["all_wait"] = WAITING[action]
    entry = Entry(coursedate, typed, judged=True)
    if action == "language":
        outcome = still_shown(draft, entry, coursedate) or EDITING | more
        return keep(request, coursedate, token, typed, outcome, "content")
    if not entry.is_valid:
        return keep(request, coursedate, token, typed, ERRORS | more, "error-summary")
    shown = draft.outcome if draft else EDITING
    if action != "send" or shown["step"] != "checked" or coursedate.obstacle():
        return show_price(request, coursedate, token, entry, more)
    if shown["content"] != entry.content(coursedate):
        return show_price(request, coursedate, token, entry, {"is_changed": True})
    return take(request, coursedate, token, entry, shown)


def held_up(request, coursedate, token, typed, draft):
    """The filled form again where this press is not looked at; None where it is."""
    sender = limits.Sender.of(request, token)
    if objection := spam.objection(request.POST, coursedate, sender):
        return hold_up(request, coursedate, token, typed, draft, objection)
    turn = limits.ask("post", sender)
    if turn.wait_min:
        return hold_up(request, coursedate, token, typed, draft, "too_many_posts", turn.wait_min)
    if desk.has_lapsed(request):
        return hold_up(request, coursedate, token, typed, draft, "desk_lapsed")
    return None


def change_form(request, coursedate, token, typed, draft, more):
    """Do what a button says that only changes what stands in the form; None for the others.

    Pasted text that is new becomes rows whatever was pressed.
    """
    action = request.POST.get("action", "preview")
    if action == "leave-team":
        if team := team_of(request):
            typed = team.taken_out_of(typed)
        return forget_team(keep(request, coursedate, token, typed, EDITING | more, "content"))
    fragment = rows.change(typed, request.POST)
    pasted = rows.put_in(typed, draft.typed.get("paste", "") if draft else "")
    if pasted or action == "paste":
        outcome = {"step": "pasted", "pasted": pasted} | more
        return keep(request, coursedate, token, typed, outcome, "participants")
    if fragment:
        return keep(request, coursedate, token, typed, EDITING | more, fragment)
    if "move" in request.POST:
        return move(request, coursedate, token, typed, request.POST["move"])
    return None


def hold_up(request, coursedate, token, typed, draft, objection, wait_min=None):
    """The filled form again, with what to do: nothing is looked at, saved or sent."""
    entry = Entry(coursedate, typed, judged=True)
    outcome = still_shown(draft, entry, coursedate)  # with the price, if so
    if outcome is None:
        entry, outcome = Entry(coursedate, typed), {"step": "refused"}
    objections = {"objections": [[None, objection, {"minutes": wait_min}]]}
    objections["is_trapped"] = objection == spam.TRAPPED
    response = form_page(
        request, coursedate, entry, token, outcome | objections, status=429 if wait_min else 422
    )
    if wait_min:
        response.headers["Retry-After"] = str(60 * wait_min)
    return response


def move(request, coursedate, token, typed, number):
    """The same form for another date of the course, with its price if nothing is missing."""
    dates = CourseDate.objects.bookable().filter(course=coursedate.course_id).with_course()
    other = dates.filter(remote_id=number if number.isdecimal() else 0).first()
    if other is None:
        token = renewed_token(token, coursedate)
        return keep(request, coursedate, token, typed, EDITING, "content")
    typed["all_wait"] = ""
    token = renewed_token(token, coursedate, other)
    entry = Entry(other, typed, judged=True)
    if not entry.is_valid:
        return keep(request, other, token, typed, EDITING, "content")
    return show_price(request, other, token, entry, {"is_moved": True})


def still_shown(draft, entry, coursedate):
    """What the visitor was answered, where that is about just what the form holds; else None."""
    is_about_it = (
        draft and entry.is_valid and draft.outcome.get("content") == entry.content(coursedate)
    )
    return draft.outcome if is_about_it else None


def show_price(request, coursedate, token, entry, more):
    times = {name: min(s, settings.FRONTCORE[name]) for name, s in PREVIEW_LIMITS.items()}
    shown = seen.opened(request.POST.get("seen", ""), coursedate) or seen.facts(coursedate)
    with open_frontcore(**times) as api:
        sender = limits.Sender.of(request, token)
        coursedate, was_reached = look(api, coursedate, sender)
        outcome = preview(api, coursedate, entry, sender, was_reached=was_reached)
    outcome["news"] = seen.changes(shown, seen.facts(coursedate))
    fragment = "price" if outcome["step"] == "checked" else "error-summary"
    return keep(request, coursedate, token, entry.typed, outcome | more, fragment)


def take(request, coursedate, token, entry, shown):
    """Save the booking, if the terms in force have been accepted, and show its page."""
    terms = Terms.objects.in_force(Terms.Kind.TERMS)
    objection = None
    if terms and not entry.form.cleaned_data["accept_terms"]:
        objection = "terms_not_accepted"
    elif terms and entry.form.cleaned_data["terms"] != terms.pk:
        objection = "terms_changed"
        entry.typed["accept_terms"] = ""
    if objection:
        outcome = shown | {"objections": [["accept_terms", objection, {}]]}
        return keep(request, coursedate, token, entry.typed, outcome, "error-summary")
    sender = limits.Sender.of(request, token)
    objections = codes.judged_with_booking(entry, shown["unchecked"], sender)
    turn = limits.Turn() if objections else limits.ask("booking", sender)
    if turn.wait_min:
        objections = [[None, "too_many_bookings", {"minutes": turn.wait_min}]]
    if objections:
        outcome = shown | {"objections": objections}
        return keep(request, coursedate, token, entry.typed, outcome, "error-summary")
    team = team_of(request)
    more = {"language": get_language(), "terms": terms, "booked_by": desk.clerk(request)}
    more["team_link"] = team if team and team.stands_in(entry.form.cleaned_data) else None
    try:
        booking = receive(entry, token, shown, coursedate, **more)
    except AlreadySent as sent:
        return ask_about_another(request, coursedate, token, entry, shown, sent.booking)
    return redirect("receipt", booking.link_token)


def ask_about_another(request, coursedate, token, entry, shown, sent):
    """The form has sent a booking and now holds other content: say so and lose nothing."""
    outcome = shown | {"sent": sent.pk}
    token = renewed_token(token, coursedate)
    return keep(request, coursedate, token, entry.typed, outcome, "content")


def keep(request, coursedate, token, typed, outcome, fragment):
    """Save the draft and go to its address."""
    Draft.objects.keep(token, owner_of(request), coursedate, typed, outcome)
    address = reverse("book", args=[coursedate.remote_id])
    query = urlencode({"form": token} | desk.mark(request))
    response = HttpResponseRedirect(f"{address}?{query}#{fragment}")
    response.status_code = 303
    return response


def form_page(request, coursedate, entry, token, outcome, status=200):
    for field, code, params in outcome.get("objections", []):
        entry.object(field, code, params)
    terms = Terms.objects.in_force(Terms.Kind.TERMS)
    if terms and str(entry.typed.get("terms")) != str(terms.pk):
        entry.form.data["accept_terms"] = ""  # given to a text that is not the one below
    if desk.clerk(request):
        entry.form["accept_terms"].label = desk.CALLER_ACCEPTS
    team = team_of(request)
    context = {
        "coursedate": coursedate,
        "entry": entry,
        "form": entry.form,
        "team": team if team and team.stands_in(entry.typed) else None,
        "token": token,
        "outcome": outcome,
        "seen": seen.seal(coursedate),
        "news": seen.in_words(outcome.get("news", [])),
        "hints": hints.of(entry) if outcome["step"] == "checked" else [],
        "several": SEVERAL,
        "is_checked": outcome["step"] == "checked",
        "waiting": outcome.get("waiting", coursedate.known_seats.is_full),
        "ways": ways_on(coursedate, entry, outcome),
        "other_languages": languages_of(request, form=token, **desk.mark(request)),
        "desk": desk.clerk(request),
        "sent": Booking.objects.filter(pk=outcome["sent"]).first() if "sent" in outcome else None,
        "terms": terms,
        "noindex": True,
    }
    return render(request, "booking/form.html", context, status=status)


def ways_on(coursedate, entry, outcome):
    """What else is possible where this date has no room for all, or is no longer open: the waiting
    list (`wait`), fewer participants (`fewer`), other dates with room; or None."""
    against = {code for _field, code, _params in outcome.get("objections", [])}
    is_full = coursedate.known_seats.is_full
    lacks_seats = bool(against & SEATS) and not is_full
    is_closed = any(code.startswith(CLOSED) for code in against)
    if not (lacks_seats or is_closed or is_full):
        return None
    return {
        "wait": lacks_seats,
        "fewer": lacks_seats and entry.number > 1,
        "dates": of_same_course(coursedate, most=6, participants=max(entry.number, 1)),
    }


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
def csrf_failure(request, reason=""):
    """A form that was open too long comes back as it was typed, unsent, under a fresh token (but
    for a date hidden meanwhile: its old token alone tells how long ago the form was opened)."""
    match = request.resolver_match
    if match and match.url_name in UNSENT:
        return UNSENT[match.url_name](request, **match.kwargs)
    if match is None or match.url_name != "book":
        no_cookies = {"no_cookies": not request.COOKIES}
        return render(request, "403_csrf.html", no_cookies, status=403)
    coursedate = date_to_book(match.kwargs["remote_id"])
    lives = Booking.objects.by_form(request.POST.get("form", "")).exclude(status=REFUSED).exists()
    token, _draft = form_of(request, coursedate)
    if is_shown(coursedate):
        token = renewed_token(token, coursedate)
    entry = Entry(coursedate, Entry.typed_in(request.POST))
    code = "sent_before" if lives else "session_expired" if request.COOKIES else "no_cookies"
    outcome = {"step": "refused", "objections": [[None, code, {}]]}
    return form_page(request, coursedate, entry, token, outcome, status=403)
