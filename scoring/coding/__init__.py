"""Double coding: two coders, agreement, adjudication, and what the measured agreement is worth.

``sheets`` says which codes a record has, ``comparing`` how far two codings lie apart, ``rights`` who may do what and
who must not see what, ``rounds`` opens and fills a round, ``flow`` moves an item from hand to hand, ``settling`` writes
the outcome to the facts, ``reopening`` notices later edits, ``measuring`` counts the agreement and adopts it,
``catalogue`` loads codings that were made elsewhere, ``watching`` tells the queue what waits for whom.
"""
