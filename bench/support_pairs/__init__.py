"""Pairs of a sentence and its quotes, honest and faulty, made by rule from Wikipedia articles of gensim's sample.

Nothing of the articles is kept in the repository (CC BY-SA): the sample is found or fetched with pip, read once, and
the pairs are made anew from a seed at each run.
"""
