"""
摸排: questionnaires, rounds, assignments, answer sheets and photos (001 二(二)一是, 002-10 三(二)1).

Questions come from the declared facts. An accepted sheet is frozen and becomes a version of the institution's facts; a later
edit is another sheet.
"""
