"""
Draws that anyone can verify (双随机): which objects are inspected, and by whom.

Pool and seed are sealed before the draw: only their fingerprint, the commitment, is published. Then witnesses give words. The
draw is a pure function of pool, seed and words, so nobody can steer it after the commitment, and with words of somebody who does
not know the seed nobody could have steered it before. ``docs/files.md`` tells the published file to whoever writes a verifier.
"""
