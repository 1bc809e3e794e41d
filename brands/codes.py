"""The codebook's closed lists, in the words of the method. A code is stable and language-neutral; its label is not."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

UNKNOWN = "u"
DUTY = "duty"
"""The duty of care where a promise may be named, in files: no promise has this key."""


class Stakeholder(TextChoices):
    """Groups that a promise addresses and an act helps or harms. The first four are core."""

    CUSTOMERS = "customers", _("customers")
    EMPLOYEES = "employees", _("employees")
    PARTNERS = "partners", _("partners")
    COMMUNITY = "community", _("community")
    ENVIRONMENT = "environment", _("environment")


class Statement(TextChoices):
    """ST: how firmly the promise is on file."""

    NONE = "0", _("0 – none found")
    ATTRIBUTED = "1", _("1 – attributed: an observer says the brand stands for this; its own words are not on file")
    REPORTED = "2", _("2 – reported: an independent source quotes or paraphrases the commitment")
    ON_FILE = "3", _("3 – on file: the brand’s own words, dated")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Substance(TextChoices):
    """SU: what the act gave to those who got it."""

    WORDS = "0", _("0 – words only: message, thanks, logo, advert, announcement not started")
    TOKEN = "1", _("1 – token: information, content, symbolic gift; negligible beside the need")
    REAL = "2", _("2 – real: a concrete service, good, sum, rule change or protection that relieves the need")
    MAJOR = "3", _("3 – major: removes most of the need, or a published amount that is large for the brand")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Reach(TextChoices):
    """RE: how many of those concerned the act reached."""

    ISOLATED = "0", _("0 – isolated cases")
    SOME = "1", _("1 – some of those concerned: pilot site, quota, selective application")
    MOST = "2", _("2 – open to all concerned in a segment or territory, or most of them")
    WHOLE = "3", _("3 – the whole stakeholder group")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Initiative(TextChoices):
    """IN: what moved the brand to act."""

    REQUIRED = "0", _("0 – required by law, order or court")
    PRESSURED = "1", _("1 – pressured: after public criticism, strike, petition or threatened sanction")
    ASKED = "2", _("2 – asked: answers a request or an appeal")
    UNPROMPTED = "3", _("3 – unprompted: before any documented request or obligation")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Generosity(TextChoices):
    """GE: who bore the cost of the act."""

    SELF_SERVING = "0", _("0 – self-serving: mainly sales, data or publicity, or beneficiaries pay")
    SHARED = "1", _("1 – shared: both gain; cost small or recouped")
    NET_COST = "2", _("2 – net cost: the brand pays or gives up income with no direct return")
    SACRIFICE = "3", _("3 – sacrifice: material to the year’s result, or leaders’ pay or dividend cut for it")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Duration(TextChoices):
    ANNOUNCED = "0", _("0 – announced only")
    ONE_OFF = "1", _("1 – one-off")
    EMERGENCY = "2", _("2 – for the emergency")
    LASTING = "3", _("3 – kept until the need ended, or permanent")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Purpose(TextChoices):
    """PU: purpose, before the crisis."""

    NONE = "0", _("0 – none found")
    SLOGAN = "1", _("1 – slogan or page without beneficiary")
    PUBLISHED = "2", _("2 – published purpose naming beneficiaries, or independently reported as central")
    BINDING = "3", _("3 – binding: in the statutes, with outside control")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class ValuesHeritage(TextChoices):
    """VH: how long the values have been documented, before the crisis."""

    NONE = "0", _("0 – none, or contradicted")
    CLAIMED = "1", _("1 – claimed, under ten years or undated")
    DOCUMENTED = "2", _("2 – documented for ten years or more, or independently called constitutive")
    FOUNDING = "3", _("3 – founding values, or fifty years or more, documented")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class CustomerRecord(TextChoices):
    """CC: customer-centric record, before the crisis."""

    NONE = "0", _("0 – none known, or poor")
    CLAIMED = "1", _("1 – claimed by the brand")
    ONE_SOURCE = "2", _("2 – one independent source: ranking, survey, expert")
    REPEATED = "3", _("3 – two or more independent sources in two or more years")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Specificity(TextChoices):
    SLOGAN = "0", _("0 – slogan without content")
    INTENTION = "1", _("1 – intention")
    COMMITMENT = "2", _("2 – commitment naming beneficiary and field")
    CHECKABLE = "3", _("3 – checkable: amount, deadline, service level")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Scope(TextChoices):
    CAMPAIGN = "0", _("0 – a campaign")
    PRODUCT = "1", _("1 – one product or site")
    MARKET = "2", _("2 – a whole market or line")
    EVERYTHING = "3", _("3 – everything the brand does")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class ValueType(TextChoices):
    FUNCTIONAL = "functional", _("functional: speed, price, availability, access")
    HUMAN = "human", _("human: care, consideration, fairness, solidarity, dignity")
    BOTH = "both", _("both")


class Weight(TextChoices):
    CENTRAL = "central", _("central: a standing purpose, mission or value, or the only promise on its subject")
    SUPPORTING = "supporting", _("supporting: a specific commitment beside a central one")
    CONTEXT = "context", _("context: a slogan without content")


class PromiseKind(TextChoices):
    MISSION = "mission", _("mission")
    PURPOSE = "purpose", _("purpose")
    VALUES = "values", _("values")
    CUSTOMER_COMMITMENT = "customer_commitment", _("commitment to customers")
    EMPLOYEE_COMMITMENT = "employee_commitment", _("commitment to employees")
    COVID_COMMITMENT = "covid_commitment", _("commitment made during the crisis")
    PRODUCT_PROMISE = "product_promise", _("promise about a product or service")
    CONTRACT = "contract", _("contract")
    CAMPAIGN = "campaign", _("campaign")
    TAGLINE = "tagline", _("tagline")


class ActionKind(TextChoices):
    WORDS = "words", _("words")
    INFORMATION = "information", _("information")
    SERVICE = "service", _("service")
    GOODS = "goods", _("goods")
    ACCESS_OR_RULE_CHANGE = "access_or_rule_change", _("access or rule change")
    MONEY = "money", _("money")


class Category(TextChoices):
    SAFETY = "safety", _("safety")
    CARE = "care", _("care")
    ASSISTANCE = "assistance", _("assistance")
    INFORMATION = "information", _("information")
    CONTINUITY = "continuity", _("continuity")
    ACCESS = "access", _("access")
    FINANCIAL_RELIEF = "financial_relief", _("financial relief")
    SOLIDARITY = "solidarity", _("solidarity")
    WORK_CONDITIONS = "work_conditions", _("work conditions")
    GOVERNANCE = "governance", _("governance")
    NEW_OFFER = "new_offer", _("new offer")


class Family(TextChoices):
    """Practice families, from the founding article on crisis practices."""

    F01 = "F01", _("ecosystem widened to residents and citizens")
    F02 = "F02", _("hyper-local information platform")
    F03 = "F03", _("service adapted to distancing")
    F04 = "F04", _("service reaching people without digital access")
    F05 = "F05", _("governance closer to stakeholders")
    F06 = "F06", _("added activity for the people worst hit")
    F07 = "F07", _("mobilising the B2B value chain")
    F08 = "F08", _("partnership across distant sectors")
    F09 = "F09", _("deeper commitment around the core business")
    F10 = "F10", _("presence in customers’ daily challenges")
    F11 = "F11", _("pivot to new uses")
    F99 = "F99", _("other")


class Direction(TextChoices):
    HELPS = "helps", _("helps")
    HARMS = "harms", _("harms")


class Depth(TextChoices):
    """How far an act goes from what the yardstick led the group to expect. Read with the direction."""

    KEEPS = "0", _("0 – helps: keeps, does what was to be expected")
    ONE = "1", _("1 – helps: beyond what was to be expected; harms: falls short")
    TWO = "2", _("2 – helps: far beyond, open-ended or unconditional; harms: breaks, refuses, does the opposite")
    ENDANGERS = "3", _("3 – harms: endangers health, livelihood or dignity")
    UNKNOWN = UNKNOWN, _("unknown – looked at, cannot tell")


class Remedy(TextChoices):
    NONE = "0", _("0 – none, or apology only")
    PARTIAL = "1", _("1 – partial, late or forced")
    FULL = "2", _("2 – full, prompt and voluntary")


class SourceKind(TextChoices):
    """What a source is relative to the claim that it supports."""

    ANONYMOUS = "anonymous", _("anonymous: author or origin cannot be traced")
    INTERESTED = "interested", _("interested: gains if the claim is believed")
    INDEPENDENT = "independent", _("independent: answers for what it says, does not merely relay")
    AGAINST_INTEREST = "against_interest", _("against interest: admits what harms itself")
    PRIMARY = "primary", _("primary: official record or original document, opened and checked")


class SourceType(TextChoices):
    BRAND_OWNED = "brand_owned", _("brand")
    PRESS = "press", _("press")
    NGO = "ngo", _("NGO")
    REGULATOR = "regulator", _("regulator")
    COURT = "court", _("court")
    ACADEMIC = "academic", _("academic")
    SOCIAL = "social", _("social media")
    ANALYST = "analyst", _("analyst or expert")


class EntityType(TextChoices):
    BRAND = "brand", _("brand")
    COLLECTIVE = "collective", _("collective")


class Polarity(TextChoices):
    POSITIVE = "positive", _("favourable")
    NEGATIVE = "negative", _("unfavourable")
    MIXED = "mixed", _("mixed")


class ImpliedArchetype(TextChoices):
    """The archetype that somebody else's judgement clearly implies."""

    BROKEN_PROMISE = "broken_promise", _("Broken promise")
    ALIGNED = "aligned", _("Aligned")
    EXCEEDS_PROMISE = "exceeds_promise", _("Exceeds its promise")
    DNA_PROACTIVE = "dna_proactive", _("In its DNA, proactive")


class FigureKind(TextChoices):
    """What an outcome figure measures, after the crisis and before it."""

    NPS = "nps", _("net promoter score")
    SATISFACTION = "satisfaction", _("customer satisfaction")
    SALES_INDEX = "sales_index", _("sales index")
    SHARE_PRICE = "share_price", _("share price")
    CHURN = "churn", _("share of customers who leave")


class Coding(TextChoices):
    """How the codes of a record were arrived at."""

    SINGLE = "single", _("one coder")
    AGREED = "agreed", _("two coders, agreed")
    ADJUDICATED = "adjudicated", _("two coders, adjudicated")
    READING_RULE = "reading_rule", _("two coders, settled by a reading rule")
