"""What the provider's own staff write."""

from django.contrib import admin
from django.utils import timezone

from catalog.admin.copied import HTTPS
from catalog.models import Provider, Terms


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS
    list_display = ["name", "organisation_number", "email", "phone"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Provider.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    """A text in force is not edited: bookings point to the version that was accepted."""

    list_display = ["kind", "language", "version", "published_at"]
    list_filter = ["kind", "language"]

    def is_in_force(self, terms):
        return terms is not None and terms.published_at <= timezone.now()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_in_force(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_in_force(obj)
