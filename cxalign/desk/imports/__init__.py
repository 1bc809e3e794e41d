"""A file in, step by step: upload, columns, check, confirm, progress, report, undo."""
