"""The one kind of exception that the faces turn into a sentence for the clerk."""


class Refused(Exception):
    """An act may not be done; ``str()`` is the reason and what to do, in Chinese."""


class Stale(Refused):
    """Somebody else changed the record since it was shown; the face shows both texts."""
