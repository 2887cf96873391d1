"""专项行动: which campaign runs, under which leading rule set, and which days are worked (节假日与调休)."""
