"""
The vault: keys, sealed columns and sealed files.

Personal data lies in the database and on disk only as AES-256-GCM under a key of the key ring; looking something up by its
exact value goes through a keyed hash. Whoever holds the disk without ``keys/`` holds nothing.
"""
