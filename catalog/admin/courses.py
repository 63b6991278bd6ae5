"""Courses, what they cost, and how they are sorted."""

from django.contrib import admin
from django.db.models import Q
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from catalog.admin.copied import (
    Announcing,
    CopiedAdmin,
    CopiedWithOwn,
    ReadOnly,
    WithdrawnFilter,
)
from catalog.admin.pictures import PictureInline
from catalog.models import Category, Course, CourseText, Level, Product
from catalog.search import documents


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
class CourseAdmin(CopiedWithOwn):
    list_display = ["title", "reference", "kind", "public", "level", "language", "books"]
    list_filter = ["public", WithdrawnFilter, "kind", "level", "categories", "language"]
    list_select_related = ["level"]
    search_fields = ["title", "reference"]
    own = PictureInline
    inlines = [PictureInline, ProductInline, TextInline]


@admin.register(Product)
class ProductAdmin(CopiedAdmin):
    list_display = ["title", "label", "course", "kind", "price", "currency", "vat_percent"]
    list_filter = ["kind", "is_main", "is_member", WithdrawnFilter]
    list_select_related = ["course"]
    search_fields = ["title", "label", "course__title"]


@admin.register(Level)
class LevelAdmin(CopiedAdmin):
    list_display = ["title", "books"]
    search_fields = ["title"]


@admin.register(Category)
class CategoryAdmin(Announcing, CopiedAdmin):
    """The refresh's, but for where it belongs: that is for staff to say."""

    list_display = ["title", "parent", "books"]
    list_select_related = ["parent"]
    search_fields = ["title"]

    def has_change_permission(self, request, obj=None):
        return super(ReadOnly, self).has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return ["title", *super().get_readonly_fields(request, obj)]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        # Where it lies now stays a choice: who opens a form and saves it has changed nothing.
        here = Q(children=request.resolver_match.kwargs.get("object_id"))
        kwargs["queryset"] = Category.objects.filter(Q(withdrawn_at=None) | here).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=["parent"])

    def announced(self, request, response):
        if request.method == "POST":
            documents.catch_up()  # courses are found by the categories above theirs
        return super().announced(request, response)
