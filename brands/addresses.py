"""When two addresses of the web lead to the same document.

What is stored stays an address that works: only what never changes the document is taken off (the fragment, marks of
campaigns, the default port). What is compared goes further, and is never shown or opened: it forgets the scheme, the
variants for phones and those of AMP, and the order of the query.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_\w+|at_(?:campaign|medium|custom\d|format|variant|link\w*|ptr\w*|bbc_team)|xtor|xtref|fbclid|gclid|dclid|gbraid"
    r"|wbraid|msclkid|yclid|igshid|twclid|ttclid|mc_cid|mc_eid|_hsenc|_hsmi|_ga|_gl|mkt_tok|cmpid|s_cid|ns_mchannel"
    r"|ns_source|ns_campaign|ref_src|spm|smid|smtyp|wt_mc|pk_campaign|pk_kwd|piwik_\w+|mtm_\w+|vero_id|oly_\w+_id",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_VARIANT_HOSTS = ("www.", "m.", "mobile.", "amp.")
_AMP_PATH = re.compile(r"/amp/?$|\.amp(?=\.html?$)|^/amp(?=/)", re.IGNORECASE)
_AMP_QUERY = frozenset({"amp", "outputtype"})
_AMP_VIEWER = re.compile(r"^(?:www\.)?google\.[a-z.]+$")


def cleaned(address: str) -> str:
    """The address without what never changes the document. Text that is no address of the web comes back as it is."""
    parts = _split(address)
    if parts is None:
        return address.strip()
    query = [(name, value) for name, value in _query(parts) if not _TRACKING.fullmatch(name)]
    kept = parts.query if len(query) == len(_query(parts)) else urlencode(query)
    return urlunsplit((parts.scheme.lower(), _place(parts), parts.path or "/", kept, _route(parts.fragment)))


def comparable(address: str) -> str:
    """What two addresses of the same document have in common; empty where there is no address of the web."""
    parts = _split(_unwrapped(cleaned(address)))
    if parts is None:
        return ""
    path = _AMP_PATH.sub("", unquote(parts.path)).rstrip("/")
    query = sorted((name, value) for name, value in _query(parts) if name.lower() not in _AMP_QUERY)
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme] else ""
    return f"{bare_host(parts.hostname or '')}{port}{path}{'?' if query else ''}{urlencode(query)}{parts.fragment}"


def bare_host(host: str) -> str:
    """The name of the site without “www.” and the names of its variants, as long as a name of two parts is left."""
    for prefix in _VARIANT_HOSTS:
        rest = host.removeprefix(prefix)
        if rest != host and "." in rest:
            host = rest
    return host


def host_of(address: str) -> str:
    parts = _split(_unwrapped(address))
    return bare_host(parts.hostname or "") if parts else ""


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        known = parts.scheme.lower() in _PORTS and parts.hostname and parts.port != 0
    except ValueError:  # a bracket or a port that is none
        return None
    return parts if known else None


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)


def _place(parts: SplitResult) -> str:
    """Host and port; a name and password in an address are nobody's business."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme.lower()] else host


def _route(fragment: str) -> str:
    """Some sites keep the whole route behind the hash; everywhere else it is a place on the page."""
    return fragment if fragment.startswith(("!", "/")) else ""


def _unwrapped(address: str) -> str:
    """The page behind Google's viewer for AMP pages."""
    parts = _split(address)
    if parts is None or not _AMP_VIEWER.fullmatch(parts.hostname or "") or not parts.path.startswith("/amp/"):
        return address
    secure = parts.path.startswith("/amp/s/")
    return f"{'https' if secure else 'http'}://{parts.path.removeprefix('/amp/s/' if secure else '/amp/')}"
