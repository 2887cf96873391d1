"""摸排: rounds, assignments, answer sheets and photos; an accepted answer is frozen (001 二(二)一是, 002-10 三(二))."""
