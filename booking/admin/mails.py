"""Mails for staff: what was sent to whom, as it was sent; what did not go out; and to send the very
same once more."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from django_q.tasks import async_task

from booking import letters, mails
from booking.admin.history import actor, mail_problem_in_words
from booking.admin.settle import staff
from booking.models import BookingEvent, Mail
from catalog.admin import ReadOnly

#: The page of a mail: its own styles, nothing else, and nothing it could do.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def read_by_staff(mail, content):
    """Secret links are the visitor's own, but for the demo, whose visitors are its staff."""
    if settings.DEMO:
        return letters.with_links(mail, content)
    return letters.without_links(content, gettext("the visitor's own link"))


class Undelivered(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "undelivered"

    def lookups(self, request, model_admin):
        return [("yes", _("undelivered"))]

    def queryset(self, request, queryset):
        return queryset.undelivered() if self.value() == "yes" else queryset


class MailInline(ReadOnly, admin.TabularInline):
    model = Mail
    fields = readonly_fields = ["created_at", "letter", "audience", "to", "state", "sent_at"]
    ordering = ["created_at", "pk"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html", "calendar")

    @admin.display(description=_("mail"))
    def letter(self, mail):
        address = reverse("admin:booking_mail_change", args=[mail.pk])
        words = mail.subject or mail.get_kind_display()
        return format_html('<a href="{}">{}</a>', address, words)


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["planned", "kind", "to", "state", "subject"]
    list_display_links = ["planned", "subject"]
    list_filter = [Undelivered, "state", "kind", "audience"]
    list_per_page = 50
    search_fields = ["to", "subject", "booking__reference__iexact"]
    search_help_text = _("E-mail address, subject, or reference of the booking")
    date_hierarchy = "created_at"
    actions = ["send_again"]
    change_form_template = "admin/booking/mail/change_form.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "of_booking",
                    "kind",
                    "audience",
                    "state",
                    "created_at",
                    "sent_at",
                    "next_try",
                    "attempts",
                    "what_went_wrong",
                    "who_again",
                ]
            },
        )
    ]
    readonly_fields = ["of_booking", "next_try", "what_went_wrong", "who_again"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("booking", "participant")

    @admin.display(description=_("planned"), ordering="created_at")
    def planned(self, mail):
        return timezone.localtime(mail.created_at).strftime("%d.%m.%y %H:%M")

    @admin.display(description=_("not before"))
    def next_try(self, mail):
        is_due = mail.state == Mail.State.DUE
        return timezone.localtime(mail.due_at).strftime("%d.%m.%Y %H:%M") if is_due else "–"

    @admin.display(description=_("problem"))
    def what_went_wrong(self, mail):
        return mail_problem_in_words(mail.problem) or "–"

    @admin.display(description=_("sent again by"))
    def who_again(self, mail):
        return actor(mail.again_by) or "–"

    @admin.display(description=_("booking"))
    def of_booking(self, mail):
        if mail.interest:
            address = reverse("admin:booking_interest_change", args=[mail.interest.pk])
            return format_html('{}: <a href="{}">{}</a>', _("interest"), address, mail.interest)
        if mail.booking is None:
            return "–"
        address = reverse("admin:booking_booking_change", args=[mail.booking.pk])
        return format_html('<a href="{}">{}</a>', address, mail.booking)

    def has_again_permission(self, request):
        return request.user.has_perm("booking.change_booking")

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/page/", view(require_safe(self.page)), name="booking_mail_page"),
            path("<int:pk>/again/", view(require_POST(self.again)), name="booking_mail_again"),
        ]
        return own + super().get_urls()

    # --- Reading it --------------------------------------------------------------------------

    @sensitive_variables()
    def change_view(self, request, object_id, form_url="", extra_context=None):
        mail = self.get_object(request, object_id)
        more = {}
        if mail and mail.text and self.has_view_permission(request, mail):
            more = {
                "headers": mails.headers_of(mail),
                "text": read_by_staff(mail, mail.text),
                "calendar": mail.calendar,
                "page": reverse("admin:booking_mail_page", args=[mail.pk]),
            }
        more["may_send_again"] = (
            bool(mail) and mail.may_go_again and self.has_again_permission(request)
        )
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    @sensitive_variables()
    def page(self, request, pk):
        """The mail as a mail program shows it, in a frame that can do nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        if not mail.html:
            raise Http404
        return as_sandboxed(request, read_by_staff(mail, mail.html))

    # --- Sending it again --------------------------------------------------------------------

    def again(self, request, pk):
        if not self.has_again_permission(request):
            raise PermissionDenied
        mail = get_object_or_404(Mail, pk=pk)
        self.queue(request, [mail])
        return redirect("admin:booking_mail_change", pk)

    @admin.action(description=_("Send again"), permissions=["again"])
    def send_again(self, request, queryset):
        """The very same text to the same address."""
        self.queue(request, queryset)

    def queue(self, request, wanted):
        queued = sum(send_again(mail, staff(request)) for mail in wanted)
        if queued:
            text = ngettext("%d mail is queued.", "%d mails are queued.", queued)
            self.message_user(request, text % queued, messages.SUCCESS)
        else:
            text = _("Not sent again: only mails that were sent, or could not be sent, can be.")
            self.message_user(request, text, messages.WARNING)


@transaction.atomic
def send_again(mail, by):
    """Make it due once more, with its line of history, and queue it."""
    if not mail.send_again(by):
        return False
    if mail.booking:
        note = f"{mail.kind} to {mail.audience}"
        mail.booking.tell(BookingEvent.What.MAIL_AGAIN, by=by, note=note)
    transaction.on_commit(lambda: async_task("booking.tasks.send_mail", mail.pk))
    return True


@xframe_options_sameorigin
def as_sandboxed(request, content):
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HttpResponse(content, headers=headers)
