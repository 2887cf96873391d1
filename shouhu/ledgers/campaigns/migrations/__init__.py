"""Migrations of this ledger."""
