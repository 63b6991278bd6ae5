"""The parts that the forms are made of."""

from django import forms

from booking.characters import one_line
from booking.hints import judge_address


class OneLine(forms.CharField):
    """A text field whose value holds no line ends and no characters that deceive the reader."""

    def to_python(self, value):
        return one_line(super().to_python(value))


class Address(forms.EmailField):
    """An e-mail address whose mistakes are named."""

    default_validators = [judge_address]


def text(label, limit, autocomplete="", **more):
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    if mode := more.pop("inputmode", None):
        attributes["inputmode"] = mode
    return OneLine(label=label, max_length=limit, widget=forms.TextInput(attributes), **more)


def email(label, autocomplete="off", **more):
    widget = forms.EmailInput({"autocomplete": autocomplete})
    return Address(label=label, max_length=254, widget=widget, **more)


class Told(forms.BoundField):
    """A field that tells screen readers that it is required. Django's own attribute would let the
    browser judge; a group of choices is marked as a whole, and a row may be left empty."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if self.field.required and not self.use_fieldset and not self.form.empty_permitted:
            attrs["aria-required"] = "true"
        return attrs


class TypedForm(forms.Form):
    """A form that can also show what was typed without judging it yet."""

    use_required_attribute = False
    bound_field_class = Told

    def stay_unjudged(self):
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
