"""The gate for files: parse every row, then save, then record.

``reading`` turns bytes into cells within hard limits, ``rowtypes`` says in tables what each file holds, ``checking``
finds what is wrong inside a file, ``planning`` compares its rows with one another and with the database, ``saving``
writes. ``catalogue`` walks through them in that order; nothing is written before every row of every file was checked.
"""
