"""This module tells what is typed wrongly apart from what is refused: nothing was done, and the exit status is 2."""

from hub.errors import Rejected


class Mistyped(Rejected):
    """What was typed cannot be meant, or is not as it is written."""

    code = "mistyped"
