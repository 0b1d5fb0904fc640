/** The dashboard's only style sheet. Its colours have a contrast of 4.5:1 in both schemes (WCAG 2.2, 1.4.3). */
export const STYLE = `
:root { color-scheme: light dark; --bg: #fbfaf8; --card: #fff; --ink: #1d1b18; --soft: #5c574f; --line: #d9d4cb; --accent: #0b5c6b;
  --good: #1c6b36; --warn: #7d5300; --bad: #a3211c; }
@media (prefers-color-scheme: dark) { :root { --bg: #161719; --card: #1f2124; --ink: #ece9e4; --soft: #aaa59c; --line: #3a3d42;
  --accent: #6fc7d8; --good: #7ccf94; --warn: #e3b35c; --bad: #ff948c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; }
header.top { border-bottom: 1px solid var(--line); background: var(--card); }
.bar { max-width: 90rem; margin: 0 auto; padding: .5rem 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; }
.bar strong { font-size: 1.1rem; }
.bar nav { display: flex; flex-wrap: wrap; gap: 0 1rem; flex: 1; }
.bar nav a { padding: .4rem 0; text-decoration: none; }
.bar nav a[aria-current] { color: var(--ink); border-bottom: 2px solid var(--accent); }
main { max-width: 90rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; font-weight: 400; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.tiles dt { color: var(--soft); font-size: .875rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.tiles dd small { font-size: .875rem; display: block; color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
svg { width: 100%; height: auto; display: block; }
.grid line { stroke: var(--line); }
.grid text, text.grid { fill: var(--soft); font: 12px system-ui, sans-serif; }
rect.column { fill: var(--accent); }
path.line { fill: none; stroke: var(--accent); stroke-width: 2; }
circle.dot { fill: var(--accent); }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.text { white-space: normal; min-width: 16rem; overflow-wrap: anywhere; }
th.name { white-space: normal; min-width: 9rem; }
tr:last-child > * { border-bottom: 0; }
thead th { font-size: .875rem; color: var(--soft); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
form.inline { display: inline; }
button { font: inherit; font-size: .875rem; min-height: 2rem; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--bg); color: var(--accent); cursor: pointer; }
button.main { background: var(--accent); color: var(--bg); border-color: var(--accent); min-height: 2.5rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--accent); padding: .5rem .8rem; border-radius: .3rem; }
.note.bad { border-left-color: var(--bad); color: inherit; }
.login { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }
.login label { display: block; font-weight: 600; }
.login input { width: 100%; font: inherit; padding: .5rem; margin: .25rem 0 1rem; border: 1px solid var(--soft); border-radius: .4rem;
  background: var(--card); color: var(--ink); }
.states { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
@media (max-width: 92rem) { th, td { padding-inline: .4rem; } }
@media (max-width: 40rem) {
  .bar nav { order: 3; flex-basis: 100%; }
  .bar strong { flex: 1; }
  table.cards thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table.cards tr { display: block; padding: .5rem .7rem; border-bottom: 1px solid var(--line); }
  table.cards tr:last-child { border-bottom: 0; }
  table.cards th, table.cards td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .1rem 0; white-space: normal;
    text-align: right; overflow-wrap: anywhere; min-width: 0; }
  table.cards th { display: block; text-align: left; font-size: 1.05rem; }
  .grid text, text.grid { font-size: 20px; }
  table.cards td[data-head]::before { content: attr(data-head); color: var(--soft); text-align: left; flex: none; }
  table.cards td.text { display: block; text-align: left; }
  table.cards td.text::before { display: block; }
  table.cards td:not([data-head]) { justify-content: flex-start; gap: .5rem; }
  table.cards td:empty { display: none; }
}
`;
