"""How two texts are judged as names: their score, and the keys by which a name alone finds the other."""

from search.names.compare import compare
from search.names.keys import keys_of_text, tells_name
from search.names.parse import parse


def score(one, other):
    return compare(parse(one), parse(other)).score


def shared(one, other):
    """Give the keys of more than one word that two names share: by these a name alone is found."""
    return {key for key in keys_of_text(one).skeletons if tells_name(key)} & set(keys_of_text(other).skeletons)
