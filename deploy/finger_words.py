"""This module says in the words of the command line what the readers of fingers, and their service, advise."""

_TYPED = {
    "say its dpi, or ask for an estimate": "say it with --dpi, or estimate it with --estimate",
    "say the true resolution, or ask for an estimate": "say the true one with --dpi, or estimate it with --estimate",
    "say its dpi": "say it with --dpi",
    "give the true dpi": "give the true --dpi",
    "send the true dpi": "say the true one with --dpi",
    "and the true dpi": "with the true --dpi",
    "say which is meant": "say with --finger which is meant",
    "say its position": "say with --finger which",
    "say width and height": "say --width and --height",
    "`best_available`": "`--best-available`",
}
"""What is advised to who calls, and what can be typed for it; the longer of two that begin alike comes first."""


def as_typed(sentence: str) -> str:
    """Give a refusal whose advice can be typed."""
    for advice, typed in _TYPED.items():
        sentence = sentence.replace(advice, typed)
    return sentence
