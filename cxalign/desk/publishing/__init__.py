"""From a working verdict to a published one, and back: gates, searches, ties, withdrawal."""
