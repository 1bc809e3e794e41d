import pytest
from tests.accounts.desk import signed_in
from tests.desk import capturing as do
from tests import factories as make
from tests.looking import sign_in, inspector, look
from brands.models import *
from scoring.rescoring import score_all_due
pytestmark=pytest.mark.django_db
def test_a():
    brand=make.a_brand("Fictia"); desk=signed_in()
    f=do.sheet(desk,brand)
    a=do.press(desk,f)
    if a.status_code!=302: print(a.status_code, do.complaints(a))
    assert a.status_code==302
    a=do.press(desk,f)
    print(a["Location"]); assert Action.objects.count()==1
    a=do.press(desk,do.promise_sheet(desk,brand))
    print(a.status_code, do.complaints(a))
    f=do.promise_sheet(desk,brand, **{"source-url":"https://fictia.example","source-title":"Our purpose"})
    a=do.press(desk,f,"_preview"); print(a.status_code, a.context["foreseen"], Promise.objects.count(), Event.objects.count())
    a=do.press(desk,f)
    assert a.status_code==302, do.complaints(a)
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language",["en","fr"])
def test_shots(browser, live_server, language):
    page=inspector(browser, live_server)
    brand=make.a_kept_promise("Fictia Assurances"); make.published(brand)
    make.an_action(brand, statement_en="Paid all claims at once.", substance="3")
    make.touched(brand); score_all_due()
    sign_in(page, language=language)
    c=look(page, f"/{language}/desk/capture/?brand={brand.slug}&url=https://www.example.org/a")
    for l in c: print(l)
    for w in (1280,390):
        page.set_viewport_size({"width":w,"height":900})
        page.goto(f"/{language}/desk/capture/?brand={brand.slug}&url=https://www.example.org/a")
        page.wait_for_timeout(800)
        page.screenshot(path=f"/tmp/cap_{language}_{w}.png", full_page=True)
