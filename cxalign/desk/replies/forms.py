"""The forms by which editors decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import validate_plain_text
from scoring.models import BrandContact, Correction, Declined, Publication, Refusal, ReplyOutcome
from scoring.voices.notices import usual_deadline


class Words(forms.CharField):
    """A text in one of the two languages."""

    def __init__(self, label: Any, rows: int = 4, **options: Any) -> None:
        widget = forms.Textarea({"rows": rows})
        super().__init__(
            label=label, widget=widget, strip=False, validators=[validate_plain_text], max_length=2000, **options
        )


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class DecisionForm(forms.Form):
    """Published or refused, each with what it needs; the reasons in both languages."""

    reason_fr = Words(gettext_lazy("Our reasons, in French"))
    reason_en = Words(gettext_lazy("Our reasons, in English"))


class PublishReplyForm(DecisionForm):
    identity_checked = forms.BooleanField(
        label=gettext_lazy("I have checked that the sender speaks for the brand"),
        required=False,
        help_text=gettext_lazy("By a signed letter, a call back, or another way that can be shown later."),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("What it leads to"), choices=ReplyOutcome.choices)
    field_order = ("identity_checked", "outcome")


class OutcomeForm(DecisionForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What it led to"), choices=ReplyOutcome.choices)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """What was told before, so that nobody overwrites another's words unknowingly."""
    field_order = ("outcome",)


class RefuseReplyForm(DecisionForm):
    refusal = forms.ChoiceField(label=gettext_lazy("Reason for the refusal"), choices=Refusal.choices)
    field_order = ("refusal",)


class WhyForm(forms.Form):
    why = Words(gettext_lazy("Why? (The log keeps it.)"), rows=2)


class AcceptReportForm(DecisionForm):
    """The log of corrections opens with it."""

    wrong_fr = Words(gettext_lazy("What was wrong, in French (public)"))
    wrong_en = Words(gettext_lazy("What was wrong, in English (public)"))
    since = forms.ModelChoiceField(
        label=gettext_lazy("Wrong since version"),
        queryset=Publication.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not known"),
    )
    field_order = ("wrong_fr", "wrong_en", "since")

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].queryset = versions  # type: ignore[attr-defined]
        if not versions:
            del self.fields["since"]


class DeclineReportForm(DecisionForm):
    declined = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Declined.choices)
    field_order = ("declined",)


class CorrectionForm(forms.ModelForm):
    """Which version puts it right, and what that changed."""

    changed_fr = Words(gettext_lazy("What it changed, in French (public)"))
    changed_en = Words(gettext_lazy("What it changed, in English (public)"))

    class Meta:
        model = Correction
        fields = ("corrected_in", "changed_fr", "changed_en")

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["corrected_in"].queryset = versions  # type: ignore[attr-defined]
        if not self.instance.assessment_id:
            del self.fields["corrected_in"]


class NoticeForm(forms.Form):
    contact = forms.ModelChoiceField(
        label=gettext_lazy("Send to"), queryset=BrandContact.objects.none(), empty_label=None
    )
    deadline = day_field(gettext_lazy("Reply by"))
    note = forms.CharField(
        label=gettext_lazy("A few words of your own (optional)"),
        help_text=gettext_lazy("In the language of the contact. They stand in the mail before the ledger."),
        required=False,
        strip=False,
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, contacts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = contact_line  # type: ignore[attr-defined]
        self.fields["contact"].initial = contacts.first()
        self.fields["deadline"].initial = usual_deadline(timezone.localdate())

    def clean_deadline(self) -> Any:
        return in_the_future(self.cleaned_data["deadline"])


class DeadlineForm(forms.Form):
    deadline = day_field(gettext_lazy("Reply by"))

    def clean_deadline(self) -> Any:
        return in_the_future(self.cleaned_data["deadline"])


def in_the_future(day: Any) -> Any:
    if day <= timezone.localdate():
        raise ValidationError(_("The deadline has to lie in the future."), code="past")
    return day


def contact_line(contact: BrandContact) -> str:
    who = ", ".join(filter(None, (contact.name, contact.capacity)))
    return f"{who} <{contact.email}>" if who else contact.email


class ContactForm(forms.ModelForm):
    class Meta:
        model = BrandContact
        fields = ("name", "capacity", "email", "language", "source")
        widgets = {"source": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["source"].required = True

    def clean_email(self) -> str:
        """The constraint of the table says it too; here it has words."""
        email: str = self.cleaned_data["email"]
        used = BrandContact.objects.filter(brand=self.instance.brand, email__iexact=email, retired_at__isnull=True)
        if used.exists():
            raise ValidationError(_("This address is recorded for the brand already."), code="twice")
        return email
