"""Shouhu (守护): the campaign against fraud on older people, as a library, a command line and a desk."""

__version__ = "0.1.0"
