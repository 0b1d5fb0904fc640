/** The report's whole look. It loads nothing, so that the file can be kept and sent as it is. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f5f6f8; --ink: #1c2128; --soft: #57606a; --line: #d5d9df;
  --ours: #0b62c4; --plain: #8a929c; --missing: #b42318; --missing-ground: #fdecea; --surplus: #1a7031; --surplus-ground: #e7f5ea; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1d2127; --ink: #e4e7eb; --soft: #a3abb5;
  --line: #363c45; --ours: #62aaff; --plain: #8b94a0; --missing: #ff9d94; --missing-ground: #3a1d1b; --surplus: #7fd694;
  --surplus-ground: #17301d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.75rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
p { margin: .4rem 0; max-width: 46rem; }
a { color: var(--ours); overflow-wrap: anywhere; }
.soft, figcaption { color: var(--soft); font-size: .875rem; }
.scroll { overflow-x: auto; }
table { margin: .75rem 0; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
th[colspan] { text-align: center; }
td.lead { font-weight: 700; color: var(--ours); }
.share { display: inline-block; width: 4.5rem; height: .5rem; margin-left: .6rem; background: var(--raised);
  border-radius: .25rem; overflow: hidden; vertical-align: middle; }
.share i { display: block; height: 100%; background: var(--plain); }
.share.ours i { background: var(--ours); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.5rem 2.5rem; }
figure { margin: 0; }
figure svg { display: block; width: 100%; max-width: 30rem; height: auto; overflow: visible; font: 11px system-ui, sans-serif; }
svg text { fill: var(--soft); }
svg .axis { stroke: var(--line); fill: none; }
svg .even { stroke: var(--soft); stroke-dasharray: 3 3; }
svg .point { fill: var(--ours); fill-opacity: .5; stroke: var(--ours); stroke-width: .75; }
svg a .point { fill-opacity: 1; }
svg .point:hover { fill-opacity: 1; stroke: var(--ink); stroke-width: 2; }
svg .ours { fill: var(--ours); }
svg .plain { fill: var(--plain); }
.key { display: inline-block; width: .7rem; height: .7rem; margin-right: .3rem; border-radius: .15rem; background: var(--plain); }
.key.ours { background: var(--ours); }
details { margin: .6rem 0; border: 1px solid var(--line); border-radius: .4rem; }
details:target { border-color: var(--ours); }
summary { padding: .6rem .9rem; cursor: pointer; overflow-wrap: anywhere; }
summary b { margin-right: .8rem; word-break: break-all; }
details > :not(summary) { margin-left: .9rem; margin-right: .9rem; }
.diff { margin: .6rem 0 .9rem; padding: 0; list-style: none; font-size: .9rem; }
.diff li { margin: .2rem 0; padding: .3rem .7rem .3rem 1.7rem; border-radius: .25rem; text-indent: -1rem; overflow-wrap: anywhere; }
.diff li::before { display: inline-block; width: 1rem; text-indent: 0; font-weight: 700; content: attr(data-sign); }
.diff del, .diff ins { text-decoration: none; }
.diff .missing { color: var(--missing); background: var(--missing-ground); }
.diff .surplus { color: var(--surplus); background: var(--surplus-ground); }
.field { margin-bottom: .9rem; }
.notice { padding: .6rem .9rem; background: var(--raised); border-left: .25rem solid var(--missing); border-radius: .25rem; }
@media (max-width: 40rem) { th, td { padding: .3rem .5rem; } .share { display: none; } }
@media print { details { break-inside: avoid; } }
`;
