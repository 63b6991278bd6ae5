"""The parts that the forms are made of."""

from django import forms


def text(label, limit, autocomplete="", **more):
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    if mode := more.pop("inputmode", None):
        attributes["inputmode"] = mode
    return forms.CharField(
        label=label, max_length=limit, widget=forms.TextInput(attributes), **more
    )


def email(label, autocomplete="off", **more):
    widget = forms.EmailInput({"autocomplete": autocomplete})
    return forms.EmailField(label=label, max_length=254, widget=widget, **more)


class TypedForm(forms.Form):
    """A form that can also show what was typed without judging it yet."""

    use_required_attribute = False

    def stay_unjudged(self):
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
