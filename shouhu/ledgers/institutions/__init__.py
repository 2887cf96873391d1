"""
Who is watched: institutions, unregistered sites, their places, operators and people, with every fact ever recorded.

A change never overwrites: each is a new version with its cause; each fact keeps where and when it was learnt (001 二(二)一是).
"""
