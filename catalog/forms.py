"""What the provider's staff type about the provider, and about what other sites show."""

import re
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog import choices, colours, embedding, framing, logos, timetable
from catalog.models import Provider
from catalog.selection import Selection
from catalog.templatetags.formats import number


class ProviderForm(forms.ModelForm):
    class Meta:
        model = Provider
        fields = ["logo", "accent", "embedding_sites"]

    def clean_accent(self):
        accent = self.cleaned_data["accent"].strip().lower()
        if not accent:
            return ""
        if not re.fullmatch(r"#?[0-9a-f]{6}", accent):
            said = _("Write six digits after a #, e.g. #d5e14e.")
            raise forms.ValidationError(said, code="no_colour")
        return "#" + accent.removeprefix("#")

    def clean_embedding_sites(self):
        try:
            return framing.tidied(self.cleaned_data["embedding_sites"])
        except framing.NoHost as problem:
            raise forms.ValidationError(str(problem), code="no_host") from None

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


class EmbeddingForm(forms.Form):
    """What another site shows: chosen here as on the site, or by an address of it."""

    WHAT = [
        (embedding.DATES, _("A list of dates")),
        (embedding.COURSES, _("A list of courses")),
        (embedding.BUTTON, _("A button for one course or one date")),
    ]
    THEMES = [
        ("", _("as the page around it")),
        ("light", _("always light")),
        ("dark", _("always dark")),
    ]

    what = forms.ChoiceField(
        label=_("What to show"), choices=WHAT, initial=embedding.DATES, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label=_("Subject area"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    address = forms.CharField(
        label=_("Or an address from the site"),
        max_length=2000,
        required=False,
        widget=forms.TextInput({"class": "vLargeTextField"}),
        help_text=_(
            "Open the courses or the calendar, choose whatever you like there, and copy the"
            " address. For a button: the address of the course or of one date. English addresses"
            " give English."
        ),
    )
    number = forms.IntegerField(
        label=_("Entries at most"),
        min_value=1,
        max_value=embedding.MOST,
        initial=embedding.NUMBER,
        required=False,
    )
    theme = forms.ChoiceField(label=_("Light or dark"), choices=THEMES, required=False)
    words = forms.CharField(
        label=_("Words of the link or button"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=_("Shown where no list can be, and read aloud as its name. Empty: our own."),
    )

    def __init__(self, *args, hosts=(), **kwargs):
        """hosts: by which this site is known, besides its own address."""
        super().__init__(*args, **kwargs)
        self.hosts = {urlsplit(settings.SITE_URL).hostname, *hosts}
        on_offer = choices.of(timetable.current(), Selection(), embedding.COURSES)
        for kind in ("category", "place"):
            self.fields[kind].choices = [("", _("all")), *self.of_kind(on_offer, kind)]

    @staticmethod
    def of_kind(on_offer, name):
        def flat(found):
            for choice in found:
                yield choice.text, "\xa0\xa0\xa0" * choice.depth + choice.label
                yield from flat(choice.under)

        return flat(next((kind.choices for kind in on_offer.kinds if kind.name == name), []))

    def clean(self):
        typed = self.cleaned_data
        if self.errors:
            return typed
        chosen = {kind: typed[kind] for kind in ("category", "place") if typed[kind]}
        is_button = typed["what"] == embedding.BUTTON
        if chosen and typed["address"] and not is_button:
            said = _("Choose subject area and place, or paste an address: not both.")
            raise forms.ValidationError({"address": said}, code="both")
        try:
            self.embedded = self.listing(chosen) if chosen and not is_button else self.pasted()
        except embedding.NotEmbedded as problem:
            error = forms.ValidationError(str(problem), code="not_embedded")
            raise forms.ValidationError({"address": error}) from None
        return typed

    def pasted(self):
        typed = self.cleaned_data
        entries = typed["number"] or embedding.NUMBER
        return embedding.pasted(typed["address"], typed["what"], self.hosts, entries)

    def listing(self, chosen):
        typed = self.cleaned_data
        category = (int(chosen["category"]),) if "category" in chosen else ()
        place = (chosen["place"],) if "place" in chosen else ()
        selection = Selection(category=category, place=place)
        entries = typed["number"] or embedding.NUMBER
        return embedding.Listing(typed["what"], selection, number=entries)

    @cached_property
    def link_words(self):
        """The words of the link: those that were typed, else ours in the language of the page."""
        ours = {
            embedding.DATES: _("Our course dates"),
            embedding.COURSES: _("Our courses"),
            embedding.BUTTON: _("Book a place"),
        }
        with override(self.embedded.language):
            return self.cleaned_data["words"] or str(ours[self.cleaned_data["what"]])

    def line(self, site=None):
        site = settings.SITE_URL if site is None else site
        return embedding.line(self.embedded, self.link_words, self.cleaned_data["theme"], site)

    @property
    def preview(self):
        """The line on this very page, under whatever name the admin is open."""
        return self.line(site="")

    @property
    def bare_frame(self):
        theme = self.cleaned_data["theme"]
        return embedding.bare_frame(self.embedded, self.link_words, theme, settings.SITE_URL)
