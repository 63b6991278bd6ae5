"""The picture of a course: uploaded, looked at and taken away on the course's page."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from catalog import pictures
from catalog.models import CoursePicture


class PictureForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, best 1600 pixels wide or more. It is cut to three by two; "
            "where and with what it was taken is removed."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = CoursePicture
        fields = ["alternative", "alternative_en"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance._state.adding

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return pictures.made_of(upload) if upload else None

    def save(self, commit=True):
        picture = super().save(commit=False)
        if commit and (made := self.cleaned_data["upload"]):
            pictures.keep(picture, made)
        elif commit:
            picture.save()
        return picture


class PictureFormSet(forms.models.BaseInlineFormSet):
    def delete_existing(self, obj, commit=True):
        if commit:
            pictures.drop(obj)


class PictureInline(admin.StackedInline):
    model = CoursePicture
    form = PictureForm
    formset = PictureFormSet
    fields = ["shown", "upload", "alternative", "alternative_en"]
    readonly_fields = ["shown"]

    @admin.display(description=_("on the page"))
    def shown(self, picture):
        if not picture.pk or not pictures.is_there(picture):
            return "–"
        return format_html('<img src="{}" width="300" height="200" alt="">', picture.image.url)
