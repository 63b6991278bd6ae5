"""The provider's own questions, and what was answered."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import TypedForm
from booking.forms.questions import field_of, name_of
from booking.models import Answer, Question
from catalog.admin import ReadOnly


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    """A question that has been answered keeps its words there, whatever becomes of it here."""

    list_display = ["label_nb", "kind", "asked_of", "where", "required", "active", "order"]
    list_editable = ["active", "order"]
    list_filter = ["active", "kind", "asked_of"]
    list_select_related = ["course"]
    search_fields = ["label_nb", "label_en", "course__title"]
    autocomplete_fields = ["course"]
    readonly_fields = ["looks"]
    fieldsets = [
        (None, {"fields": ["course", "asked_of", "kind", "required", "active", "order"]}),
        (_("Norwegian"), {"fields": ["label_nb", "help_nb", "choices_nb"]}),
        (_("English"), {"fields": ["label_en", "help_en", "choices_en"]}),
        (_("Frontcore"), {"fields": ["property_name"]}),
        (_("How it looks"), {"fields": ["looks"]}),
    ]

    @admin.display(description=_("course"), ordering="course__title")
    def where(self, question):
        return question.course or _("every course")

    @admin.display(description=_("as saved"))
    def looks(self, question):
        """The field as the form shows it."""
        if question is None or question.pk is None:
            return _("Save it first.")
        form = TypedForm({})
        form.stay_unjudged()
        form.fields[name_of(question)] = field_of(
            question, in_row=question.asked_of == Question.AskedOf.PARTICIPANT
        )
        return render_to_string("includes/_field.html", {"field": form[name_of(question)]})


class AnswerInline(ReadOnly, admin.TabularInline):
    model = Answer
    fields = ["label", "value", "whose", "language", "answered_at"]
    readonly_fields = ["whose"]

    @admin.display(description=_("participant"))
    def whose(self, answer):
        return answer.participant or "–"
