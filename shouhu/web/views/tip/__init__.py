"""线索: the list, one tip with all that is known of it, a form for every act, the ledger of transfers, and who is barred."""
