"""Who waits for a date, for staff: by course with how many, handled, exported, forgotten."""

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from booking import export
from booking.admin.export import XLSX, as_file, note
from booking.admin.history import actor
from booking.admin.mails import MailInline
from booking.admin.settle import staff
from booking.models import Interest
from catalog.admin import ReadOnly
from catalog.models import Course


class CourseFilter(admin.SimpleListFilter):
    """The courses somebody waits for, those most wanted first, each with how many."""

    title = _("course")
    parameter_name = "course"

    def lookups(self, request, model_admin):
        wait = Count("interests", filter=Q(interests__in=Interest.objects.waiting()))
        wanted = Course.objects.filter(interests__isnull=False).annotate(wait=wait)
        rows = wanted.order_by("-wait", "title").values_list("pk", "title", "wait")
        return [(str(pk), f"{title} ({number})") for pk, title, number in rows]

    def queryset(self, request, queryset):
        chosen = self.value()
        return queryset.filter(course=chosen) if chosen in dict(self.lookup_choices) else queryset


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("new", _("waits, not handled by you")),
            ("waiting", _("waits for a date")),
            ("told", _("told of a date")),
            ("forgotten", _("person forgotten")),
        ]

    def queryset(self, request, queryset):
        chosen = {
            "new": queryset.unhandled,
            "waiting": queryset.waiting,
            "told": lambda: queryset.filter(told_at__isnull=False, anonymised_at=None),
            "forgotten": lambda: queryset.filter(anonymised_at__isnull=False),
        }.get(self.value())
        return chosen() if chosen else queryset


def number_in_words(seats):
    return ngettext("%d person", "%d people", seats) % seats if seats else ""


@admin.register(Interest)
class InterestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["received", "standing", "course", "who", "wish"]
    list_filter = [StandingFilter, CourseFilter, "at_workplace"]
    list_select_related = ["course"]
    list_per_page = 50
    search_fields = ["email", "name", "course__title"]
    search_help_text = _("E-mail, name or course")
    date_hierarchy = "asked_at"
    actions = ["mark_as_handled", "export_csv", "export_xlsx", "forget"]
    inlines = [MailInline]
    fieldsets = [
        (_("What is wanted"), {"fields": ["course", "seats", "where", "at_workplace", "message"]}),
        (_("Who wants it"), {"fields": ["name", "email", "language"]}),
        (_("Course of events"), {"fields": ["asked_at", "standing", "handled_at", "who_handled"]}),
    ]
    readonly_fields = ["where", "standing", "who_handled"]

    @admin.display(description=_("received"), ordering="asked_at")
    def received(self, interest):
        return timezone.localtime(interest.asked_at).strftime("%d.%m.%y %H:%M")

    @admin.display(description=_("who"), ordering="email")
    def who(self, interest):
        told = [interest.name, interest.email]
        return format_html_join(mark_safe("<br>"), "{}", [(each,) for each in told if each]) or "–"

    @admin.display(description=_("wish"), ordering="seats")
    def wish(self, interest):
        told = [number_in_words(interest.seats), interest.where]
        told += [_("at their workplace")] if interest.at_workplace else []
        told += [_("with a message")] if interest.message else []
        return format_html_join(mark_safe("<br>"), "{}", [(each,) for each in told if each]) or "–"

    @admin.display(description=_("place"))
    def where(self, interest):
        return interest.where or "–"

    @admin.display(description=_("state"))
    def standing(self, interest):
        if interest.stopped_at:
            return _("stopped by the visitor")
        if interest.anonymised_at:
            return _("person forgotten")
        if interest.told_at:
            on = timezone.localtime(interest.told_at)
            return _("told on %(day)s") % {"day": on.strftime("%d.%m.%Y")}
        return _("waits for a date, handled") if interest.handled_at else _("waits for a date")

    @admin.display(description=_("handled by"))
    def who_handled(self, interest):
        return actor(interest.handled_by) or "–"

    # --- Many at once ------------------------------------------------------------------------

    def has_work_permission(self, request):
        return request.user.has_perm("booking.change_interest")

    def has_export_permission(self, request):
        return request.user.has_perms(["booking.view_interest", "booking.export_booking"])

    def has_forget_permission(self, request):
        return request.user.has_perm("booking.delete_interest")

    @admin.action(
        description=_("Mark as handled (whoever waits is still told of a date)"),
        permissions=["work"],
    )
    def mark_as_handled(self, request, queryset):
        number = sum(one.see(by=staff(request)) for one in queryset)
        text = ngettext("%d is marked as handled.", "%d are marked as handled.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=_("Forget these people at once"), permissions=["forget"])
    def forget(self, request, queryset):
        number = sum(one.forget() for one in queryset)
        text = ngettext("%d person is forgotten.", "%d people are forgotten.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=_("Export as CSV"), permissions=["export"])
    def export_csv(self, request, queryset):
        note(request, queryset, "CSV", Interest)
        lines = export.csv_lines(queryset, export.INTEREST)
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        return as_file(answer, "csv", "interest")

    @admin.action(description=_("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request, queryset):
        note(request, queryset, "XLSX", Interest)
        file = export.xlsx_file(queryset, export.INTEREST)
        return as_file(FileResponse(file, content_type=XLSX), "xlsx", "interest")
