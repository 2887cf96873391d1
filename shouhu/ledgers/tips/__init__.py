"""
线索: what people tell about elder-care fraud, from the first message to the archived answer.

Whoever takes a tip in writes it; the campaign office sorts and hands out; units verify and answer on a redacted copy
(001 二(一)二是; 003 三(一)1). The words, file names and what was read out of them lie sealed; who told lies in another
ledger under a key of its own.
"""
