"""The figures in the README's piece of the demo are those of today's weights; the demo itself proves its words."""

import datetime as dt
import inspect
import re

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from deploy.cli_demo import demo
from deploy.demo.population.population import build_population
from deploy.local.home import CHECKOUT
from search.commonness import Commonness, words_asked
from search.reasons import Aspect
from search.score import score

TRANSCRIPT = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]


def shown(option):
    return re.search(rf"{option} ('[^']+'|\S+)", TRANSCRIPT).group(1).strip("'")


def named_records():
    """How many records name somebody in a demo as it is started by default."""
    defaults = {name: each.default for name, each in inspect.signature(demo).parameters.items()}
    held = build_population(defaults["persons"], defaults["seed"], dt.date(2026, 4, 2)).holdings
    return len(held.travellers) + len(held.applicants) + len(held.alerts)


def test_the_reasons_of_the_readme_weigh_what_they_weigh_today():
    (written,) = re.findall(r"╭─ 1\. (.+?)   born (\S+) ─", TRANSCRIPT)
    date = PartialDate.parse(shown("--born"))
    criteria = Criteria(names=(PersonName(full=shown("--name")),), birth_date=date)
    alert = IdentityData(names=(PersonName(full=written[0]),), birth_dates=(PartialDate.parse(written[1]),))
    alone = Commonness(named_records(), dict.fromkeys(words_asked(criteria), 1))  # nobody else bears a word of it
    reasons = sorted(score(criteria, alert, (), alone).reasons, key=lambda reason: -reason.weight)
    sign = {Aspect.NAME: "≈", Aspect.BIRTH_DATE: "="}
    told = [
        f"{each.weight:+.1f} {each.aspect} "
        + (each.held if each.aspect is Aspect.RARITY else f"{each.asked} {sign[each.aspect]} {each.held}")
        for each in reasons
    ]
    plain = " ".join(TRANSCRIPT.replace("│", " ").split())
    assert f"why {'; '.join(told)}" in plain
