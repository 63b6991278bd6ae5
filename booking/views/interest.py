"""Asking to be told when a date of a course is set, on an address of its own.

Whoever asks is answered the same whether or not the address was known. What was typed comes back
where something is wrong; the thanks stand at an address that names nobody.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from booking import hints, limits, spam
from booking.forms.entry import OBJECTIONS
from booking.forms.interest import InterestForm
from booking.interest import register, towns_of_choice
from booking.models import new_form_token, renewed_token
from booking.telling import open_dates
from booking.views.guards import of_one_visitor
from catalog.models import Course


@sensitive_post_parameters()
@sensitive_variables()
@of_one_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def course_interest(request, remote_id, slug):
    """The form; of a course long gone, a page that says so."""
    course = get_object_or_404(Course.objects.reachable(), remote_id=remote_id)
    if request.method != "POST" and slug != course.slug:
        return redirect("course_interest", course.remote_id, course.slug, permanent=True)
    if course.is_gone():
        return render(request, "booking/interest_gone.html", {"course": course}, status=410)
    if request.method == "POST":
        return answer(request, course)
    return page(request, course, form_of(course), new_form_token(course))


def form_of(course, data=None):
    return InterestForm(data, towns=towns_of_choice(course))


def answer(request, course):
    """Save what was typed and go to the thanks, or the form again with what is wrong."""
    token = renewed_token(request.POST.get("form", ""), course)
    form, sender = form_of(course, request.POST), limits.Sender.of(request, token)
    if objection := spam.objection(request.POST, course, sender):
        return refuse(request, course, form, token, objection)
    turn = limits.ask("post", sender)
    if turn.wait_min:
        return refuse(request, course, form, token, "too_many_posts", turn.wait_min)
    if not form.is_valid():
        return page(request, course, form, token)
    address = form.cleaned_data["email"]
    turn = limits.ask("interest", sender, same=address)
    if turn.wait_min:
        return refuse(request, course, form, token, "too_many_interested", turn.wait_min)
    register(course, form.cleaned_data, get_language())
    near = hints.end_meant(address)
    thanks = reverse("course_interest_thanks", args=[course.remote_id, course.slug])
    response = HttpResponseRedirect(f"{thanks}?near={near}" if near else thanks)
    response.status_code = 303
    return response


def refuse(request, course, form, token, code, wait_min=None, status=422):
    """The filled form again; nothing was saved."""
    form.full_clean()
    params = {"minutes": wait_min}
    form.add_error(None, ValidationError(OBJECTIONS[code], code=code, params=params))
    status = 429 if wait_min else status
    response = page(request, course, form, token, status, is_trapped=code == spam.TRAPPED)
    if wait_min:
        response.headers["Retry-After"] = str(60 * wait_min)
    return response


def page(request, course, form, token, status=200, is_trapped=False):
    context = {
        "course": course,
        "form": form,
        "forms": [form],
        "token": token,
        "is_trapped": is_trapped,
        "open_dates": open_dates(course),
        "kept_days": settings.RETAIN_INTEREST.days,
        "kept_told_days": settings.RETAIN_DAYS["other"],
        "noindex": True,
    }
    return render(request, "booking/interest.html", context, status=status)


@of_one_visitor
@require_safe
def course_interest_thanks(request, remote_id, slug):
    """`?near=gmail.com`: what the end of the address was perhaps meant to be."""
    course = get_object_or_404(Course.objects.reachable(), remote_id=remote_id)
    near = request.GET.get("near", "")
    near = near if hints.is_end(near) else ""
    context = {"course": course, "near": near, "noindex": True}
    return render(request, "booking/interest_thanks.html", context)


@of_one_visitor
def interest_unsent(request, remote_id, slug):
    """The form as it was typed, where its CSRF token had grown old. Nothing was saved."""
    course = get_object_or_404(Course.objects.reachable(), remote_id=remote_id)
    token = renewed_token(request.POST.get("form", ""), course)
    code = "session_expired" if request.COOKIES else "no_cookies"
    return refuse(request, course, form_of(course, request.POST), token, code, status=403)
