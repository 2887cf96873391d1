"""分类处置: the list, one disposal with its measures, a form for every act, approvals, and the calendar of worked days."""
