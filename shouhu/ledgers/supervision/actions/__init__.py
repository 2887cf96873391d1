"""Every act of supervision, one verb one function, one noun a file."""

from shouhu.ledgers.supervision.actions import circulars, inspecting, looking, orders, talks

__all__ = ["circulars", "inspecting", "looking", "orders", "talks"]
