"""
留痕: the append-only, hash-chained record of every act, every refusal and every read of sealed data.

An entry names the verb, the subject, the names of the changed fields and keyed hashes of their old and new values, never
the values. Every ledger writes here inside its own transaction: if the entry cannot be written, the act does not happen.
"""
