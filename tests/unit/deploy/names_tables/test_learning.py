"""Learning what the units of a script cost in Latin spellings, from half of the pairs."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

from deploy.names_tables.learning import is_learned_from, learn, pairs_of, priced


def test_what_is_learned_prefers_the_usual_spelling_and_prices_the_rare_one():
    lines = [f"{latin}\t{native}\t8\n" for latin, native in PAIRS]
    pairs = [pair for half in (True, False) for pair in pairs_of(lines, "Cyrl", learned=half)]
    shares, seen = learn(pairs * 3, 3)
    costs = priced(shares, seen, "Cyrl")["в"]
    assert costs["v"] < costs["w"]


PAIRS = [("vada", "вада"), ("vada", "вада"), ("vana", "вана"), ("wana", "вана"), ("nava", "нава"), ("davan", "даван")]


def test_each_pair_belongs_to_one_half():
    halves = [list(pairs_of(["vada\tвада\t1\n"], "Cyrl", learned=half)) for half in (True, False)]
    assert sorted(map(len, halves)) == [0, 1]
    assert bool(halves[0]) is is_learned_from("vada", "вада")
