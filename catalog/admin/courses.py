"""Courses, what they cost, and how they are sorted."""

from django.contrib import admin
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from catalog.admin.copied import CopiedAdmin, ReadOnly, WithdrawnFilter
from catalog.models import Category, Course, CourseText, Level, Product


class TextInline(ReadOnly, admin.StackedInline):
    model = CourseText
    fields = ["language", "lead_shown", "description_shown", "fetched_at", "changed_at"]
    readonly_fields = ["lead_shown", "description_shown", "fetched_at", "changed_at"]
    extra = 0

    @admin.display(description=_("lead"))
    def lead_shown(self, text):
        return mark_safe(text.lead)  # noqa: S308  sanitised when it was stored

    @admin.display(description=_("description"))
    def description_shown(self, text):
        return mark_safe(text.description)  # noqa: S308  sanitised when it was stored


class ProductInline(ReadOnly, admin.TabularInline):
    model = Product
    fields = ["title", "label", "price", "currency", "vat_percent", "is_main", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    extra = 0


@admin.register(Course)
class CourseAdmin(CopiedAdmin):
    list_display = ["title", "reference", "kind", "public", "level", "language", "books"]
    list_filter = ["public", WithdrawnFilter, "kind", "level", "categories", "language"]
    list_select_related = ["level"]
    search_fields = ["title", "reference"]
    inlines = [ProductInline, TextInline]


@admin.register(Product)
class ProductAdmin(CopiedAdmin):
    list_display = ["title", "label", "course", "kind", "price", "currency", "vat_percent"]
    list_filter = ["kind", "is_main", "is_member", WithdrawnFilter]
    list_select_related = ["course"]
    search_fields = ["title", "label", "course__title"]


@admin.register(Category, Level)
class TitledAdmin(CopiedAdmin):
    list_display = ["title", "books"]
    search_fields = ["title"]
