"""The trail of changes as people read it: who, when, from what to what, and why."""
