"""The seams of the house: what the rooms ask of each other, as Protocols and the values that pass through them.

`store` is what the queue and the shelf of lessons ask of a database; `content` what a lesson is made of and by whom.
They are apart because most commands need the first alone.
"""
