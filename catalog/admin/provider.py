"""What the provider's own staff write."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.copied import HTTPS, Announcing
from catalog.colours import LIGHT, ROCK, Palette
from catalog.forms import EmbeddingForm, ProviderForm
from catalog.models import Provider, Terms


@admin.register(Provider)
class ProviderAdmin(Announcing, admin.ModelAdmin):
    form = ProviderForm
    formfield_overrides = HTTPS
    change_form_template = "admin/catalog/provider/change_form.html"
    list_display = ["name", "organisation_number", "email", "phone"]
    readonly_fields = ["look"]
    fieldsets = [
        (None, {"fields": ["name", "organisation_number", "phone", "email", "address"]}),
        (_("Look"), {"fields": ["logo", "accent", "look"]}),
        (_("On other sites"), {"fields": ["embedding_sites"]}),
        (_("Privacy"), {"fields": ["privacy_url"]}),
        (_("Cancelling"), {"fields": ["cancel_free_days", "cancel_fee_days"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(self.embedding)
        return [path("embedding/", view, name="catalog_provider_embedding"), *super().get_urls()]

    def embedding(self, request):
        """Choose what another site shows, see it, and copy the line of HTML. Nothing is saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = EmbeddingForm(request.GET or None, hosts=[request.get_host().partition(":")[0]])
        provider = Provider.current()
        context = self.admin_site.each_context(request) | {
            "title": _("Show courses on other sites"),
            "opts": self.model._meta,
            "form": form,
            "made": form.is_bound and form.is_valid(),
            "sites": provider.embedding_sites.splitlines(),
            "may_name_sites": self.has_change_permission(request),
        }
        return render(request, "admin/catalog/provider/embedding.html", context)

    @admin.display(description=_("as pages show it"))
    def look(self, provider):
        if not provider.accent:
            return _("The site's own colour.")
        shown = {"palette": Palette.of(provider.accent), "rock": ROCK, "light": LIGHT[0]}
        return render_to_string("admin/catalog/provider/_look.html", shown)

    def save_model(self, request, provider, form, change):
        earlier = Provider.current().logo.name
        super().save_model(request, provider, form, change)
        if earlier and earlier != provider.logo.name:
            transaction.on_commit(lambda: default_storage.delete(earlier))
        if "accent" in form.changed_data and (said := form.hidden_in_dark()):
            messages.info(request, said)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Provider.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Terms)
class TermsAdmin(Announcing, admin.ModelAdmin):
    """A text in force is not edited: bookings point to the version that was accepted."""

    list_display = ["kind", "language", "version", "published_at"]
    list_filter = ["kind", "language"]

    def is_in_force(self, terms):
        return terms is not None and terms.published_at <= timezone.now()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_in_force(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_in_force(obj)
