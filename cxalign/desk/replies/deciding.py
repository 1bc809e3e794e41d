"""One screen, several buttons: each has its form and its act, and only the one that was pressed is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from scoring.voices.rules import VoiceRefused


@dataclass(frozen=True)
class Button:
    """What one button needs and does. ``make`` builds its form from what was sent, or empty."""

    make: Callable[[Any], forms.Form | forms.ModelForm[Any]]
    act: Callable[[dict[str, Any]], Any]
    done: Any
    """What the next screen says."""


def empty_form(data: Any) -> forms.Form:
    return forms.Form(data)


def pressed(request: HttpRequest, buttons: Mapping[str, Button]) -> tuple[HttpResponse | None, dict[str, Any]]:
    """The answer when something was done, else the forms to show, with what is wrong in the one that was sent."""
    name = request.POST.get("act", "") if request.method == "POST" else ""
    made = {other: button.make(request.POST if other == name else None) for other, button in buttons.items()}
    for other, form in made.items():
        form.auto_id = f"{other}_%s"  # several forms on one screen ask for the same things
    if name not in buttons:
        return None, made
    form = made[name]
    if form.is_valid():
        try:
            buttons[name].act(form.cleaned_data)
        except VoiceRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, buttons[name].done)
            return redirect(request.get_full_path()), made
    return None, made


def status_of(made: Mapping[str, Any]) -> int:
    return 422 if any(form.is_bound for form in made.values()) else 200
