"""What somebody wrote into a form that was refused stands on the page that says so: no rule takes the words away."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 – the name of a field


def sent_from_here(request: HttpRequest) -> bool:
    """Whether a browser sent this from a page of this site, as a form and not as a script's question."""
    return (
        request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
        and "X-Requested-With" not in request.headers
    )


def without_secrets(sent: QueryDict) -> QueryDict:
    """What may stand in a page: neither the token nor a password."""
    found = sent.copy()
    for name in [name for name in found if name == TOKEN or "password" in name]:
        del found[name]
    return found


def written(request: HttpRequest) -> list[str]:
    """The texts of a form: what has a space, or is an address. Codes and numbers are chosen again more quickly."""
    if request.method != "POST" or not sent_from_here(request):
        return []
    sent = without_secrets(request.POST)
    values = [value.strip() for name in sent for value in sent.getlist(name)]
    return [value for value in dict.fromkeys(values) if len(value.split()) > 1 or value.startswith("http")]
