"""Files that people send in, on top of the strict engine in ``brands.imports``.

``files`` reads what office programs write, ``spreadsheets`` guards workbooks, ``kinds`` says what can be sent and what
its columns are called, ``columns`` guesses which is which, ``words`` and ``dates`` turn what people write into what the
strict engine takes, ``matching`` looks for records that a row may mean, ``examining`` does all of it for a table, and
``jobs`` carries a file from upload to report. ``undoing`` takes an import back.
"""
