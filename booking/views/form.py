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

from booking.forms import SEVERAL, Entry
from booking.models import Booking, Draft, is_form_token, new_form_token
from booking.preview import preview
from booking.receiving import AlreadySent, receive
from booking.views.guards import of_one_visitor
from catalog.models import CourseDate, Obstacle, Terms
from catalog.upstream import open_frontcore

# Somebody waits for this page, and a process of the site with them.
PREVIEW_LIMITS = {"connect_timeout_s": 3.0, "read_timeout_s": 5.0, "read_total_s": 6.0}
EDITING, ERRORS = {"step": "editing"}, {"step": "errors"}


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def book(request, remote_id):
    coursedate = date_to_book(remote_id)
    if request.method == "POST":
        return answer(request, coursedate, token_of(request, coursedate))
    token = request.GET.get("form", "")
    draft = Draft.objects.to_show(token, owner_of(request), coursedate)
    if draft is None:
        return blank_form(request, coursedate)
    if sent := Booking.objects.by_form(token).first():
        context = {"booking": sent, "coursedate": coursedate, "noindex": True}
        return render(request, "booking/sent.html", context)
    entry = Entry(draft.typed, judged=draft.outcome["step"] not in {"editing", "refused"})
    return form_page(request, coursedate, entry, token, draft.outcome)


def date_to_book(remote_id):
    """The date, also one hidden since the form was opened: what was typed outlives it."""
    return get_object_or_404(CourseDate.objects.with_course(), remote_id=remote_id)


def is_shown(coursedate):
    """Whether anybody may know of this date."""
    return coursedate.public and coursedate.course.public


def token_of(request, coursedate):
    """The token of the form that was sent, or a fresh one for a form that is not of our making.

    Http404 where the date is not public, unless the token proves that its form was opened while it
    was: who typed since then loses nothing, and who only guesses numbers learns nothing.
    """
    token = request.POST.get("form", "")
    period = settings.DRAFT_PERIOD
    if not is_shown(coursedate) and not is_form_token(token, coursedate, max_age=period):
        raise Http404
    return token if is_form_token(token, coursedate) else new_form_token(coursedate)


def owner_of(request):
    """What tells this browser from others: the secret of its CSRF cookie."""
    get_token(request)
    return request.META["CSRF_COOKIE"]


def blank_form(request, coursedate):
    if not is_shown(coursedate):
        raise Http404
    if obstacle := coursedate.obstacle():
        context = {"coursedate": coursedate, "obstacle": obstacle, "noindex": True}
        context["is_elsewhere"] = obstacle == Obstacle.ELSEWHERE
        gone = coursedate.is_gone() or coursedate.course.is_gone()
        return render(request, "booking/closed.html", context, status=410 if gone else 200)
    return form_page(request, coursedate, Entry(), new_form_token(coursedate), EDITING)


def answer(request, coursedate, token):
    """Do what the pressed button says. Answers with the address of the draft or the booking."""
    typed = Entry.typed_in(request.POST)
    action = request.POST.get("action", "preview")
    sent = Booking.objects.by_form(token).first()
    if sent:  # this form has done its work; what is typed now would be another booking
        entry = Entry(typed, judged=True)
        if action == "send" and entry.is_valid and entry.content(coursedate) == sent.content_hash:
            return redirect("receipt", sent.link_token)
        token = new_form_token(coursedate)
    more = {"sent": sent.pk} if sent and sent.status != Booking.Status.REFUSED else {}
    if "remove" in request.POST or action in {"add", "add-several"}:
        fragment = change_rows(typed, request.POST)
        return keep(request, coursedate, token, typed, EDITING | more, fragment)
    entry = Entry(typed, judged=True)
    if not entry.is_valid:
        return keep(request, coursedate, token, typed, ERRORS | more, "error-summary")
    draft = Draft.objects.of(token)
    shown = draft.outcome if draft else EDITING
    if action != "send" or shown["step"] != "checked":
        return show_price(request, coursedate, token, entry, more)
    if shown["content"] != entry.content(coursedate):
        return show_price(request, coursedate, token, entry, {"is_changed": True})
    return take(request, coursedate, token, entry, shown)


def change_rows(typed, data):
    """Add or take out a row of the participants; the part of the page to go on with."""
    rows = typed["participants"]
    if "remove" in data:
        number = data["remove"]
        if number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]
        typed["participants"] = rows or [{}]
        return "participants"
    first_new = len(rows) + 1
    rows += [{} for _ in range(SEVERAL if data["action"] == "add-several" else 1)]
    return f"participant-{first_new}"


def show_price(request, coursedate, token, entry, more):
    limits = {name: min(s, settings.FRONTCORE[name]) for name, s in PREVIEW_LIMITS.items()}
    with open_frontcore(**limits) as api:
        outcome = preview(api, coursedate, entry)
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
    try:
        booking = receive(entry, token, shown, coursedate, language=get_language(), terms=terms)
    except AlreadySent as sent:
        return ask_about_another(request, coursedate, entry, shown, sent.booking)
    return redirect("receipt", booking.link_token)


def ask_about_another(request, coursedate, entry, shown, sent):
    """The form has sent a booking and now holds other content: say so and lose nothing."""
    outcome = shown | {"sent": sent.pk}
    token = new_form_token(coursedate)
    return keep(request, coursedate, token, entry.typed, outcome, "content")


def keep(request, coursedate, token, typed, outcome, fragment):
    """Save the draft and go to its address."""
    Draft.objects.keep(token, owner_of(request), coursedate, typed, outcome)
    address = reverse("book", args=[coursedate.remote_id])
    response = HttpResponseRedirect(f"{address}?{urlencode({'form': token})}#{fragment}")
    response.status_code = 303
    return response


def form_page(request, coursedate, entry, token, outcome, status=200):
    for field, code, params in outcome.get("objections", []):
        entry.object(field, code, params)
    context = {
        "coursedate": coursedate,
        "entry": entry,
        "form": entry.form,
        "token": token,
        "outcome": outcome,
        "several": SEVERAL,
        "is_checked": outcome["step"] == "checked",
        "waiting": outcome.get("waiting", coursedate.known_seats.is_full),
        "sent": Booking.objects.filter(pk=outcome["sent"]).first() if "sent" in outcome else None,
        "terms": Terms.objects.in_force(Terms.Kind.TERMS),
        "noindex": True,
    }
    return render(request, "booking/form.html", context, status=status)


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
def csrf_failure(request, reason=""):
    """A form that was open too long comes back as it was typed, unsent, under a fresh token (but
    for a date hidden meanwhile: its old token alone tells how long ago the form was opened)."""
    match = request.resolver_match
    if match is None or match.url_name != "book":
        return render(request, "403_csrf.html", status=403)
    coursedate = date_to_book(match.kwargs["remote_id"])
    token = token_of(request, coursedate)
    if is_shown(coursedate):
        token = new_form_token(coursedate)
    entry = Entry(Entry.typed_in(request.POST))
    outcome = {"step": "refused", "objections": [[None, "session_expired", {}]]}
    return form_page(request, coursedate, entry, token, outcome, status=403)
