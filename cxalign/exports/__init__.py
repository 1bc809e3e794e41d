"""Files that the product gives out. What they say is written elsewhere; here it becomes a file.

Two shapes go in, with texts ready-made in the reader's language:

* a ``tables.Table``, rows under named and typed columns:
  ``csv.lines(table, dialect)`` yields the file piece by piece, ``xlsx.write(target, workbook)`` writes sheets;
* a ``slides.Deck``, a few ``Slide``s of headings, paragraphs, grids and drawings:
  ``pptx.write(target, deck)`` makes a presentation that stays editable, ``templates/exports/slide.html`` shows the same
  slides in a browser. ``fitting.fitted(deck)`` spreads over several slides what does not fit on one.

A ``pdf.Report`` is the same blocks under headings, set on A4; a ``drawings.Picture`` is a chart that stands alone, as
SVG or, through ``images.png``, as PNG.

``jobs`` runs what takes long: ``jobs.order(kind, …)`` puts it in the queue, and a writer registered under that kind
does it.

A page family that exports something (a comparison, a landscape, a plan) builds a ``Table`` or a ``Slide`` from what
its page shows, names the file with ``naming.file_name`` and answers with ``answers.attachment`` or, for what comes in
pieces, with ``answers.stream``. How scorecards do it is in ``cxalign/pages/exporting``.
"""
