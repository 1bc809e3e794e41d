"""The units and reasons of the method files, listed for the French catalogue: a data file cannot mark its own texts."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("level, 0 to 3"),
    gettext_noop(
        "level 2 is worded 'clear, established' in every code, so that one cut serves them all and no weight is needed"
    ),
    gettext_noop("statement level ST, 0 to 3, from which a promise counts"),
    gettext_noop("an attributed promise can be kept or broken; that nobody has its own words shows in the robustness"),
    gettext_noop("stakeholder groups, in the order in which ties are broken"),
    gettext_noop(
        "the four groups that every brand owes something to; the environment counts for harm and is not "
        "needed to be aligned"
    ),
    gettext_noop("number of applicable core groups"),
    gettext_noop("being aligned with all says little of a brand that has one or two groups left"),
    gettext_noop("stakeholder group"),
    gettext_noop("the archetype is about brands that cared for their customers before the crisis"),
    gettext_noop("evidence grade EV, 0 to 3, of the best kind of source"),
    gettext_noop("an official record and an admission need no second voice; an interested party alone proves little"),
    gettext_noop("number of independence groups that make a claim corroborated"),
    gettext_noop("copies of one dispatch are one voice, two voices that owe each other nothing are two"),
    gettext_noop("highest evidence grade of a claim under documented denial, without a primary source"),
    gettext_noop("a denial leaves an established claim established, and keeps it from being called beyond doubt"),
    gettext_noop("severity after remedy and evidence grade from which a broken promise is established"),
    gettext_noop("a breach of what the brand itself said needs one independent source"),
    gettext_noop("severity after remedy and evidence grade; one of the two has to reach the upper bar"),
    gettext_noop("where nothing was promised the bar is one notch higher, in gravity or in evidence"),
    gettext_noop(
        "severity after remedy, and evidence grade, of a shortfall that good conduct to the same group can answer"
    ),
    gettext_noop("a mild shortfall has to be corroborated, and to stand alone"),
    gettext_noop("severity after remedy and evidence grade of a harm that bars every archetype and raises the alert"),
    gettext_noop("harm is never set off against help"),
    gettext_noop("depths; highest index level that the lower depth can give; lowest generosity"),
    gettext_noop("only an open-ended or unconditional act exceeds a promise; a pleasant extra keeps it"),
    gettext_noop("initiative level IN, 0 to 3"),
    gettext_noop("proactive means before any documented request or obligation"),
    gettext_noop("archetypes in the order in which they are tested"),
    gettext_noop(
        "the universal statement, hardest to prove, comes first; keeping one's word to those it was given to "
        "is the ordinary way"
    ),
    gettext_noop("archetypes in the order in which they are tested under the switch dna_first"),
    gettext_noop("a critic could hold lineage to be the rarer thing"),
    gettext_noop(
        "how many marks make an act hollow; highest levels of generosity, initiative and evidence that are a mark"
    ),
    gettext_noop("one weak code happens to honest acts, two together seldom do"),
    gettext_noop("share of the helpful acts that must be assessable for the risk to be stated"),
    gettext_noop("a share over a minority of the acts says more about the file than about the brand"),
    gettext_noop("lowest risk index under a contradiction; purpose level PU that makes a serious harm one"),
    gettext_noop(
        "an established serious harm beside good deeds, a purpose or a label is a clear warning: level 2 of 3"
    ),
    gettext_noop("risk index, 0 to 100, from which the risk is called medium, high"),
    gettext_noop("one act in four, one act in two; a flag to discuss that never moves the outcome"),
    gettext_noop("probability that a recorded claim is true, by evidence grade 0 to 3"),
    gettext_noop("assumed until claims have been re-checked a year on"),
    gettext_noop("probability that an overall judgement without a described act is true, at this evidence grade"),
    gettext_noop("assumed: an opinion is easier to get wrong than a fact"),
    gettext_noop("probability that another trained coder reads a level one step off, single-coded"),
    gettext_noop(
        "matches an ordinal alpha of about .84 when codes bunch on one level, .94 when they spread (simulated)"
    ),
    gettext_noop("probability that another trained coder reads a level one step off, double-coded and reconciled"),
    gettext_noop("matches an ordinal alpha of .91 to .97 (simulated)"),
    gettext_noop(
        "alpha of a code from which on, for levels that one coder gave alone, the noise is this and the verdict "
        "provisional or not; below the last, the code counts as unknown"
    ),
    gettext_noop("what coders agree on less is told with less certainty; the bounds .80 and .667 are Krippendorff's"),
    gettext_noop("decimals that are published, half to even"),
    gettext_noop("enough to check the arithmetic, fewer than the assumptions deserve: words come first on every page"),
    gettext_noop("lowest published probability of the assigned outcome for each word; contested below"),
    gettext_noop("nine in ten, seven in ten, one in two"),
    gettext_noop("statement level ST; a verdict whose promises all stay at it is fragile at best"),
    gettext_noop("nobody has the brand's own words"),
    gettext_noop("core groups kept, below which aligned as promised is fragile at best"),
    gettext_noop("one group well served is a thin ground for an archetype about keeping one's word"),
    gettext_noop("core groups kept, from which a response is called shared"),
    gettext_noop("help for a single group is a one-off, however good"),
    gettext_noop("rule choices that are tried both ways; all combinations are computed"),
    gettext_noop("what a reasonable critic could choose otherwise; without weights there is no weight to vary"),
    gettext_noop("evidence grade and the grade it is treated as under the switch two_sources_needed"),
    gettext_noop("the critic who asks for corroboration treats a single independent source like an interested one"),
    gettext_noop("level that an unknown code is tried at; initiative has its own"),
    gettext_noop("the level at which a code starts to count"),
    gettext_noop("codes of the one proof that is tried for a core group without any"),
    gettext_noop("the plainest act that establishes a kept promise"),
    gettext_noop("statement level ST of the promise that is tried where none is on file"),
    gettext_noop("what an analyst would look for first: a commitment quoted by an independent source"),
)
