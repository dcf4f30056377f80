"""This module is the look of the account's page, on screens and on paper."""

STYLE = """
:root { --ink: #1d2733; --soft: #5a6875; --line: #d5dce3; --paired: #b3145c; --single: #2b6ea6;
  --match: #1b7340; --no-match: #8a4b08; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 68rem; color: var(--ink); background: #fff;
  font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .2rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .3rem 0; max-width: 52rem; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
.verdict { display: inline-block; margin: .9rem 0 .2rem; padding: .15rem .7rem; border: 2px solid; border-radius: .4rem;
  font-weight: 700; font-size: 1.15rem; }
.verdict.match { color: var(--match); } .verdict.no-match { color: var(--no-match); }
figure { margin: 1rem 0; }
svg.prints { width: 100%; height: auto; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem; }
svg.bar { width: 100%; max-width: 40rem; height: auto; display: block; }
svg text { font-family: inherit; font-size: 11px; fill: var(--ink); }
svg .strong { font-weight: 700; }
svg .name { font-weight: 600; font-size: 9px; }
.track { fill: #e9edf1; } .score.match { fill: var(--match); } .score.no-match { fill: var(--no-match); }
.threshold { stroke: var(--ink); stroke-width: 2; }
.paper { fill: #fff; stroke: var(--line); } svg image { opacity: .5; }
.edges line { stroke: var(--paired); stroke-width: 1.4; opacity: .4; }
.across line { stroke: var(--paired); stroke-width: .6; opacity: .3; }
.mark { fill: none; } .mark * { stroke-width: 1.2; }
.mark.single * { stroke: var(--single); } .mark.paired * { stroke: var(--paired); stroke-width: 2; }
.mark.paired circle, .mark.paired rect { fill: #fff; }
svg .number { font-size: 8px; font-weight: 700; fill: var(--paired); text-anchor: middle; stroke: #fff;
  stroke-width: 2.6; paint-order: stroke; stroke-linejoin: round; }
.key { width: 1.3rem; height: 1.3rem; vertical-align: -.3rem; margin-right: .25rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin: .4rem 0; padding: 0;
  font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); } th { font-weight: 600; }
.right { text-align: right; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; color: var(--soft);
  font-size: .85rem; }
@media print { @page { margin: 14mm; } body { padding: 0; max-width: none; font-size: 9.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure, tr, .verdict { break-inside: avoid; } h2 { break-after: avoid; } svg.prints { border: 0; padding: 0; } }
"""
