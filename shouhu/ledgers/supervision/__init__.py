"""督导: orders to units with reply and escalation, circulars with receipts, talks, 回头看, 倒查, and 双随机 inspections (SUP-3 to SUP-6)."""
