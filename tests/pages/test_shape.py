"""The shape of the main pages, measured instead of compared with pictures: those differ by browser and by machine.

Nothing is cut off, stands over its neighbour, is broken inside a word, is set in letters too small to read or is too
small to hit. ``COMPLAINTS`` says what each complaint means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from cxalign.accounts import roles
from tests.accounts.making import a_team
from tests.looking import sign_in
from tests.pages.busy import a_busy_site
from tests.plans.making import a_plan, an_item
from tests.practices.making import a_practice

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = (
    "",
    "brands/",
    "brands/fictia/covid-19/",
    "brands/fictia/covid-19/evidence/",
    "brands/fictia/covid-19/present/",
    "landscape/covid-19/",
    "landscape/covid-19/?view=heat",
    "compare/?b=fictia&b=marque-1&b=marque-2&b=marque-3&b=long",
    "practices/a-practice/",
    "method/",
    "search/?q=fictia",
)

COMPLAINTS = """() => {
  const found = new Set();
  const say = (what, element, more) => found.add(
    `${what}: <${element.localName} class="${element.getAttribute('class') || ''}"> ` +
    `${(element.textContent || element.name || '').trim().replace(/\\s+/g, ' ').slice(0, 40)} ${more}`);
  const box = element => element.getBoundingClientRect();
  const isSeen = element => {
    const head = element.closest('thead'), {width, height} = box(element);
    return width > 1 && height > 1 && element.checkVisibility({visibilityProperty: true, opacityProperty: true})
      && !element.closest('.sr, .skip, .shapes, .leave') && !(head && box(head).width <= 1);
  };
  const holds = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());

  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg') || !isSeen(element)) continue;
    const style = getComputedStyle(element), more = element.scrollWidth - element.clientWidth;
    // Cut off: text that the box does not show, and that no ellipsis stands for.
    if (style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.textOverflow !== 'ellipsis' && more > 1)
      say('cut off', element, `by ${more} px`);
    // Outside: text that leaves its box to the right, or the window where nothing scrolls.
    const isBox = holds(element) && style.display !== 'inline' && style.overflowX === 'visible';
    if (isBox && element.clientWidth && more > 2) say('outside', element, `by ${more} px`);
    if (box(element).right > innerWidth + 1 && !element.closest('.scroll, .drawing'))
      say('outside', element, 'the window');
    // Small: letters under 14 px.
    const isSmall = parseFloat(style.fontSize) < 13.99 && !element.closest('sup');
    if (holds(element) && isSmall) say('small', element, style.fontSize);
  }

  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(element => isSeen(element) && getComputedStyle(element).display !== 'inline');
  const areas = targets.map(element => [element, box(element)]);
  areas.forEach(([element, area], place) => {
    // To hit: 24 px each way, or a label of that height that counts as the target.
    const label = element.closest('label') || (element.id && document.querySelector(`label[for="${element.id}"]`));
    if ((area.width < 24 || area.height < 24) && !(label && box(label).height >= 24))
      say('hard to hit', element, `${area.width.toFixed()} x ${area.height.toFixed()} px`);
    for (const [other, there] of areas.slice(place + 1)) {
      const width = Math.min(area.right, there.right) - Math.max(area.left, there.left);
      const height = Math.min(area.bottom, there.bottom) - Math.max(area.top, there.top);
      if (width > 2 && height > 2 && !element.contains(other) && !other.contains(element))
        say('one over the other', element, `and ${(other.textContent || other.name).trim().slice(0, 40)}`);
    }
  });

  const range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    const around = node.parentElement;
    if (!node.data.trim() || around.closest('svg, code, script, cite, .cite') || !isSeen(around)) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}]{4,20}/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const tops = [...range.getClientRects()].filter(part => part.width).map(part => Math.round(part.top));
      if (new Set(tops).size > 1) say('broken', around, `in ${word[0]}`);
    }
  }
  return [...found];
}"""


def shape(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = false })")
    return [f"{address} at {page.viewport_size['width']} px: {one}" for one in page.evaluate(COMPLAINTS)]  # type: ignore[index]


@pytest.fixture
def site(page: Page) -> list[str]:
    a_busy_site()
    a_practice("A practice", key="a-practice")
    user = sign_in(page, roles.CONSULTANT)
    a_team(user)
    plan = a_plan(user)
    an_item(plan, "Rembourser tous les billets annulés sans condition", horizon="now")
    return [*PATHS, *(f"plans/{plan.pk}/{step}/" for step in ("inventory", "board", "table"))]


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("en", "dark")])
def test_nothing_is_cut_off_broken_or_hard_to_hit(
    page: Page, site: list[str], language: str, scheme: Literal["light", "dark"]
) -> None:
    """Words differ by language; a scheme must not change a shape, so both pairs together show each of them once."""
    page.emulate_media(color_scheme=scheme)
    complaints = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in site:
            complaints += shape(page, f"/{language}/{path}")
    assert not complaints, "\n".join(complaints)


def test_each_complaint_can_be_made(page: Page) -> None:
    cases: dict[str, Any] = {
        "cut off": '<div style="width:90px;overflow:hidden;white-space:nowrap">A text that is much too long</div>',
        "outside": '<p style="width:90px;white-space:nowrap">A text that is much too long for it</p>',
        "small": '<p style="font-size:12px">Small</p>',
        "hard to hit": '<a href="#" style="display:inline-block;width:20px;height:20px">x</a>',
        "one over the other": '<button style="font:inherit;width:90px;height:40px">a</button>'
        '<button style="font:inherit;width:90px;height:40px;margin-left:-30px">b</button>',
        "broken": '<p style="width:60px;overflow-wrap:anywhere">Collaborateurs</p>',
    }
    for name, html in cases.items():
        page.set_content(f'<body style="font:18px sans-serif">{html}</body>')
        assert {found.partition(":")[0] for found in page.evaluate(COMPLAINTS)} == {name}, name
