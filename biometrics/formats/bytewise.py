"""This module reads binary records from their first byte on, and never past their last."""

from hub.errors import Rejected


class Bytes:
    """Gives numbers (big-endian) and blocks of a record one after the other.

    Args:
        data: the record.
        refusal: what is raised where the record ends before what it announces.
    """

    def __init__(self, data: bytes, refusal: Rejected) -> None:
        self._data = data
        self._refusal = refusal
        self.at = 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self.at

    def take(self, count: int) -> bytes:
        """Give the next bytes.

        Raises:
            Rejected: there are fewer.
        """
        if count < 0 or count > self.left:
            raise self._refusal
        start, self.at = self.at, self.at + count
        return self._data[start : self.at]

    def number(self, size: int) -> int:
        """Give the next `size` bytes as a number.

        Raises:
            Rejected: there are fewer.
        """
        return int.from_bytes(self.take(size))

    def next_number(self, size: int) -> int:
        """Give the next `size` bytes as a number, and leave them; nothing is raised where there are fewer."""
        return int.from_bytes(self._data[self.at : self.at + size])

    def part(self, size: int) -> "Bytes":
        """Give the next `size` bytes as a record within this one.

        Raises:
            Rejected: there are fewer.
        """
        return Bytes(self.take(size), self._refusal)
