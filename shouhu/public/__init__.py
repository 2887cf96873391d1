"""
The public site: old people and their families tell what worries them, and come back with their receipt.

No account, no cookie but the one that keeps a form from being forged, no address of a visitor kept anywhere, nothing loaded
from elsewhere; every page works without JavaScript.
"""
