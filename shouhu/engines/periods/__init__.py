"""
Periods: working days with 调休, deadlines and the days of plans that say how they were computed, reporting weeks, recurring reports.

Nothing here reads the clock or stores anything: whoever changes the calendar computes open deadlines anew.
"""
