"""What the provider's staff type about the provider."""

import re

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from catalog import colours, logos
from catalog.models import Provider
from catalog.templatetags.formats import number


class ProviderForm(forms.ModelForm):
    class Meta:
        model = Provider
        fields = ["logo", "accent"]

    def clean_accent(self):
        accent = self.cleaned_data["accent"].strip().lower()
        if not accent:
            return ""
        if not re.fullmatch(r"#?[0-9a-f]{6}", accent):
            said = _("Write six digits after a #, e.g. #d5e14e.")
            raise forms.ValidationError(said, code="no_colour")
        return "#" + accent.removeprefix("#")

    def hidden_in_dark(self):
        """What to tell where the colour is not seen on the dark header, so that a shade of it takes
        its place there; empty where it is seen."""
        accent = self.cleaned_data.get("accent")
        if not accent or (shade := colours.Palette.of(accent).accent_in_dark) == accent:
            return ""
        said = _(
            "%(accent)s is too like the dark header: the contrast there is %(ratio)s to 1, and"
            " %(needed)s to 1 is needed. On dark ground pages use the nearest shade that is seen,"
            " %(shade)s."
        )
        ratio = colours.contrast(accent, colours.ROCK)
        return said % {
            "accent": accent,
            "ratio": number(round(ratio, 1)),
            "needed": number(colours.SEEN),
            "shade": shade,
        }

    def clean_logo(self):
        """The file as it is stored; what a page must know of it goes into the row."""
        given = self.cleaned_data["logo"]
        if not given:
            self.instance.logo_width = self.instance.logo_height = None
        elif isinstance(given, UploadedFile):
            logo = logos.tidied(given)
            self.instance.logo_width, self.instance.logo_height = logo.width, logo.height
            self.instance.logo_is_light = logo.is_light
            return logo.file
        return given
