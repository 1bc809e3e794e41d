import pytest
from datetime import date, timedelta
from tests.accounts.desk import signed_in
from cxalign.accounts import roles
from tests import factories as make
from tests.looking import sign_in, inspector, look
from brands.models import *
from scoring.models import *
from scoring.quality import count_today
from scoring.rescoring import score_all_due
pytestmark=[pytest.mark.browser,pytest.mark.django_db(transaction=True)]
@pytest.mark.parametrize("language",["en","fr"])
def test_shots(browser, live_server, language):
    page=inspector(browser, live_server)
    me=sign_in(page, roles.EDITOR, language=language)
    brand=make.a_kept_promise("Fictia Assurances"); make.published(brand)
    make.a_proof(make.an_action(brand, statement_en="Refused.", started="2020-05", sources=2), brand.promises.get(), direction="harms", depth="2")
    make.touched(brand)
    for i in range(11): make.a_breach(f"Gabarit {i}")
    make.published(make.a_breach("Quiet"))
    score_all_due()
    Assessment.objects.filter(brand=brand).update(owner=me, due_on=date.today()-timedelta(days=3))
    make.record_change("evidence.corrected", brand=brand, subject=brand.actions.first(), actor=me, changes={})
    score_all_due()
    for d in (1,8,9,20): 
        for c,n in count_today(date.today()-timedelta(days=d)).items(): QualityCount.objects.filter(check_code=c, day=date.today()-timedelta(days=d)).update(count=n+d%7)
    for name in ("", "queue/", "quality/", "quality/proof_without_reason/", "queue/?state=draft"):
        for l in look(page, f"/{language}/desk/{name}"): print(l)
        for w in (1280,390):
            page.set_viewport_size({"width":w,"height":900})
            page.goto(f"/{language}/desk/{name}")
            page.screenshot(path=f"/tmp/w_{name.replace('/','_').replace('?','')}_{language}_{w}.png", full_page=True)
