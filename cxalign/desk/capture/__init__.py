"""From the address of a source to a coded act, on one screen."""
