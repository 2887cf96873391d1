"""
Periods: working days with 调休, deadlines that say how they were computed, reporting weeks.

Nothing here reads the clock or stores anything: whoever changes the calendar computes open deadlines anew.
"""
