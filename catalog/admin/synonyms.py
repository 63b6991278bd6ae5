"""Words that mean the same to those who search."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.admin.copied import Announcing
from catalog.models import Synonym
from catalog.search.words import groups_of, words_of


class SynonymForm(forms.ModelForm):
    class Meta:
        model = Synonym
        fields = ["words"]

    def clean_words(self):
        phrases = [" ".join(phrase.split()) for phrase in self.cleaned_data["words"].split(",")]
        phrases = [phrase for phrase in phrases if phrase]
        for phrase in phrases:
            if not words_of(phrase):
                raise ValidationError(
                    _("“%(phrase)s” has neither a letter nor a digit to search for."),
                    code="no_word",
                    params={"phrase": phrase},
                )
        line = ", ".join(phrases)
        if not groups_of([line]):
            raise ValidationError(
                _("Write at least two different words, with commas between."), code="too_few"
            )
        self.be_alone(phrases)
        return line

    def be_alone(self, phrases):
        """A phrase stands in one line only, else what it means depends on where one begins."""
        mine = {tuple(words_of(phrase)): phrase for phrase in phrases}
        for other in Synonym.objects.exclude(pk=self.instance.pk):
            for group in groups_of([other.words]):
                for phrase in mine.keys() & set(group):
                    raise ValidationError(
                        _("“%(phrase)s” stands in another line already: “%(line)s”. Add to that."),
                        code="elsewhere",
                        params={"phrase": mine[phrase], "line": other.words},
                    )


@admin.register(Synonym)
class SynonymAdmin(Announcing, admin.ModelAdmin):
    form = SynonymForm
    search_fields = ["words"]
