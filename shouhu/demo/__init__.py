"""
The invented district 望澜区 (area code 990102): pure, the same for the same seed and day,
used by the example, the tests and the bench.

Nothing in it is real: no province has codes that begin with 99, no telephone number can be dialled.
"""
