"""This module chooses, before anything is compared, the places of the gallery that a probe is compared with (pure).

What is left out cannot be found, so that only what is certain leaves anything out: the system that a record is of, and,
where a request says so, that two fingers whose positions are known are not the same one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.gallery import Enrolled, Snapshot
from contracts.records import FingerPosition
from contracts.references import SystemName

Places = NDArray[np.int32]
"""Places of a snapshot, rising."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is restricted to.

    Attributes:
        may_see: whether the one who asks may know of a system, and asks for it.
        like: the finger that a probe is of, where unlike ones are left out; `UNKNOWN` leaves out none.
    """

    may_see: Callable[[SystemName], bool]
    like: FingerPosition = FingerPosition.UNKNOWN

    def places(self, seen: Snapshot) -> Places | None:
        """Give the places that are compared; nothing where they are all."""
        if not self.like and all(self.may_see(system) for system, count in seen.templates.items() if count):
            return None
        positions = {FingerPosition.UNKNOWN, self.like} if self.like else set(FingerPosition)
        visible = {system for system in seen.templates if self.may_see(system)}

        def is_wanted(owner: Enrolled | None) -> bool:
            return owner is not None and owner.system in visible and owner.position in positions

        return np.array([place for place, owner in enumerate(seen.owners) if is_wanted(owner)], dtype=np.int32)
