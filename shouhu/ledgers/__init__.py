"""The ledgers: each room owns its tables and is the only writer of them; upper rooms may read lower ones."""
