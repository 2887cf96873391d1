"""Figures: computed from the ledgers, never typed in; each opens down to its records."""
