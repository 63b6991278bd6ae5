"""Bookings as a file for a spreadsheet, and who has taken one."""

import logging

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from booking import export
from booking.models import Booking, Participant
from catalog.admin import ReadOnly

logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export:
    """Actions that answer with a file, for whoever has the permission of its own to export."""

    def has_export_permission(self, request):
        return request.user.has_perms(["booking.view_booking", "booking.export_booking"])

    def to_export(self, queryset):
        """The participants that those rows of the list stand for."""
        return export.participants_of(queryset)

    @admin.action(description=_("Export as CSV"), permissions=["export"])
    def export_csv(self, request, queryset):
        participants = self.to_export(queryset)
        note(request, participants, "CSV")
        lines = export.csv_lines(participants)
        return as_file(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), "csv")

    @admin.action(description=_("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request, queryset):
        participants = self.to_export(queryset)
        note(request, participants, "XLSX")
        file = export.xlsx_file(participants)
        return as_file(FileResponse(file, content_type=XLSX), "xlsx")


def as_file(response, ending, what="bookings"):
    name = f"{what}-{timezone.localdate():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def note(request, found, kind, model=Booking):
    """Write down who took how many rows: in the log, and in the admin's own."""
    rows = found.count()
    logger.info("Export of %d rows as %s by %s", rows, kind, request.user.get_username())
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(model),
        object_repr=f"{kind}: {rows}",
        action_flag=CHANGE,
        change_message=f"Export: {rows} rows as {kind}",
    )


def linked(booking):
    """The reference, leading to the booking's page."""
    address = reverse("admin:booking_booking_change", args=[booking.pk])
    return format_html('<a href="{}">{}</a>', address, booking.reference)


@admin.register(Participant)
class ParticipantAdmin(Export, ReadOnly, admin.ModelAdmin):
    """Everyone on any date, to be found and exported."""

    list_display = ["lastname", "firstname", "email", "reference", "status", "coursedate"]
    list_display_links = None
    list_filter = ["booking__status"]
    list_select_related = ["booking__coursedate"]
    search_fields = [
        "firstname",
        "lastname",
        "email",
        "booking__reference__iexact",
        "booking__company",
        "booking__coursedate__title",
    ]
    search_help_text = _("Name, e-mail, company, course or reference")
    date_hierarchy = "booking__coursedate__starts_on"
    ordering = ["-booking__coursedate__starts_on", "lastname", "firstname"]
    actions = ["export_csv", "export_xlsx"]

    def to_export(self, queryset):
        return Participant.objects.filter(pk__in=queryset.order_by().values("pk"))

    @admin.display(description=_("reference"), ordering="booking__reference")
    def reference(self, participant):
        return linked(participant.booking)

    @admin.display(description=_("status"), ordering="booking__status")
    def status(self, participant):
        return participant.booking.get_status_display()

    @admin.display(description=_("course date"), ordering="booking__coursedate__starts_on")
    def coursedate(self, participant):
        return participant.booking.coursedate
