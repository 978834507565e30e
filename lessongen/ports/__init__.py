"""The seams of the house: what the rooms ask of each other, as Protocols and the values that pass through them.

`store` and `parcels` are what the queue, the shelf of lessons and the desk ask of a database and of a provider;
`content`, `draft`, `attempt` and `encyclopedia` what a lesson is made of and by whom. They are apart because most
commands need the first alone.
"""
