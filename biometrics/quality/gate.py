"""This module is the gate: which quality an image of which finger needs for which use (pure)."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.records import FingerPosition

Score = Annotated[int, Field(ge=0, le=100)]
THUMBS = {FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB}
LITTLE_FINGERS = {FingerPosition.RIGHT_LITTLE, FingerPosition.LEFT_LITTLE}


class Use(StrEnum):
    """What an image is for."""

    ENROLMENT = "enrolment"
    VERIFICATION = "verification"
    IDENTIFICATION = "identification"


class Verdict(StrEnum):
    """What the gate says of an image."""

    GOOD = "good"
    POOR = "poor"
    REFUSED = "refused"


class Demand(BaseModel):
    """What is asked of one kind of finger, in NFIQ 2: below `least` an image is refused, below `wanted` it is poor.

    Where it has to be `faithful`, one that is seen to be inverted, of several fingers or upside down is refused,
    however good.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Score = 0
    wanted: Score = 0
    faithful: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Demand":
        if self.least > self.wanted:
            raise ValueError("what is wanted is at least what is refused below")
        return self


class Demands(BaseModel):
    """What is asked of each kind of finger; of a child, whatever the finger, no more than `child`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    thumb: Demand = Demand()
    finger: Demand = Demand()
    little: Demand = Demand()
    child: Demand = Demand()

    @property
    def any(self) -> bool:
        """Whether anything is asked at all; if not, nothing has to be measured."""
        demands = (self.thumb, self.finger, self.little, self.child)
        return any(demand.wanted or demand.faithful for demand in demands)


class Gate(BaseModel):
    """What is asked for each use.

    That there is a gate at enrolment, and none that refuses at verification, is Implementing Decision (EU) 2019/329,
    annex, 1.1.1; its thresholds are not published. `wanted` is what the MOSIP registration client ships for fingers and
    for thumbs: 40. The others are ours. `least` is low, because a refusal sends a person away, and a poor print tells
    more than none: of three public sets, the plain engine misses 19 of 20 comparisons with a print below 5, half of
    those from 5 to 9, and one of fourteen from 40 on. A thumb has more area to give, a little finger less.
    NFIQ 2 was trained on adults and says little of children (JRC, EUR 26193 EN): they are advised, and never refused.
    What is enrolled has to be faithful: the engine takes much of what is not, but it scores lower, and those who get
    templates from here may not. An image of two persons' fingers would match both, and join them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enrolment: Demands = Demands(
        thumb=Demand(least=8, wanted=40, faithful=True),
        finger=Demand(least=5, wanted=40, faithful=True),
        little=Demand(least=3, wanted=30, faithful=True),
        child=Demand(least=0, wanted=20),
    )
    verification: Demands = Demands()
    identification: Demands = Demands()

    def demands(self, use: Use) -> Demands:
        """Give what is asked for a use."""
        demands: Demands = getattr(self, use.value)
        return demands

    def demand(self, use: Use, finger: FingerPosition, *, child: bool = False) -> Demand:
        """Give what is asked of an image; a finger that nobody names counts as one that is neither thumb nor little."""
        demands = self.demands(use)
        asked = _of_finger(demands, finger)
        if not child:
            return asked
        return Demand(
            least=min(asked.least, demands.child.least),
            wanted=min(asked.wanted, demands.child.wanted),
            faithful=asked.faithful and demands.child.faithful,
        )


def _of_finger(demands: Demands, finger: FingerPosition) -> Demand:
    if finger in THUMBS:
        return demands.thumb
    return demands.little if finger in LITTLE_FINGERS else demands.finger


def judge(score: int | None, demand: Demand) -> Verdict:
    """Say whether a score is enough; an image without one, because it shows too little of a finger, counts as 0."""
    value = score or 0
    if value < demand.least:
        return Verdict.REFUSED
    return Verdict.POOR if value < demand.wanted else Verdict.GOOD
