/** What a report adds to the style of all pages. Curves have Okabe and Ito's colors, paler on a dark page. */
export const REPORT_STYLE = `
:root { --c0: #6b7885; --c1: #0072b2; --c2: #c04f00; --c3: #00805d; --c4: #a8497f; --c5: #8a6200; --c6: #2a78a8; }
@media (prefers-color-scheme: dark) { :root { --c0: #93a0ac; --c1: #56b4e9; --c2: #f08a4b; --c3: #33c296; --c4: #dd93bb; --c5: #e0b040; --c6: #9ccdf0; } }
h3, figcaption h2 { font-size: 14.5px; margin: 0; overflow-wrap: anywhere; }
.warning { background: var(--notice); border: 1px solid var(--notice-edge); border-radius: 10px; padding: 10px 16px; overflow-wrap: anywhere; margin: 0 0 12px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 12px; }
.tile b { display: block; font-size: 21px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { color: var(--quiet); font-size: 13px; }
.controls { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; background: var(--paper); padding: 8px 0; }
.controls[hidden] { display: none; }
.controls input { flex: 0 1 200px; }
.controls output { min-width: 2.6em; font-variant-numeric: tabular-nums; }
.controls button { min-width: 36px; }
.controls button:disabled { opacity: 0.55; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(330px, 100%), 1fr)); gap: 12px; }
figure { margin: 0; display: flex; flex-direction: column; }
figcaption p { margin: 2px 0 0; color: var(--quiet); font-size: 13px; line-height: 1.35; }
figcaption ul { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 0; padding: 0; font-size: 13px; color: var(--quiet); }
figcaption li svg { display: inline-block; vertical-align: middle; margin-right: 6px; }
.chart { width: calc(100% - 62px); height: 150px; margin: auto 14px 42px 48px; overflow: visible; touch-action: pan-y; cursor: crosshair; border-radius: 2px; }
figcaption { margin-bottom: 12px; }
.chart.large { height: 290px; }
.axis, .plot { width: 100%; height: 100%; }
.axis, .plot { overflow: visible; }
.zoomed .plot { overflow: hidden; }
.chart text { font-size: 11.5px; fill: var(--quiet); }
.axis line { stroke: var(--edge); }
.axis .base { stroke: var(--quiet); }
.plot path, .plot line, li path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-width: 2; }
.plot .raw { stroke-width: 1.2; stroke-opacity: 0.45; }
.plot .mark { stroke-width: 6; stroke-linecap: round; }
.plot .band { stroke: none; fill-opacity: 0.16; }
${[0, 1, 2, 3, 4, 5, 6].map((i) => `.c${i} { stroke: var(--c${i}); } .band.c${i} { fill: var(--c${i}); }`).join(' ')}
.plot .cursor { stroke: var(--text); stroke-width: 1; stroke-dasharray: 4 3; }
.plot .area { fill: transparent; }
.plot .chosen { fill: var(--soft); }
.values { margin: 2px 0 0; font-size: 13px; min-height: 19px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.chart.large + .values { min-height: 38px; }
.chart:focus:not(:focus-visible) { outline: none; }
.empty { color: var(--quiet); text-align: center; padding: 50px 0; margin: 0; }
.strip { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 10px; margin: 10px 0 0; padding: 0; }
.strip img { display: block; width: 100%; height: auto; border-radius: 6px; border: 1px solid var(--edge); }
.strip span, .note { color: var(--quiet); font-size: 13px; }
.note { margin: 2px 0 0; }
.commands { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 16px; margin: 10px 0 0; }
.commands dt { color: var(--quiet); }
.commands dd { margin: 0; }
code { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
a { color: var(--accent); overflow-wrap: anywhere; }
.tables { columns: 2 380px; column-gap: 12px; }
.tables .card { break-inside: avoid; margin-bottom: 12px; }
.tables h3 { margin: 0 8px 6px; }
table { width: 100%; font-size: 13.5px; }
td, th { padding: 4px 8px; border-top: 1px solid var(--edge); font-weight: 400; }
tr:first-child > td, tr:first-child > th { border-top: 0; }
th[scope="row"] { color: var(--quiet); width: 44%; }
.number { text-align: right; white-space: nowrap; }
.wide { overflow-x: auto; margin-top: 6px; }
summary { cursor: pointer; padding: 8px; color: var(--quiet); }
.help p { margin: 0 8px 8px; max-width: 880px; }
@media (max-width: 560px) { .controls { flex-wrap: nowrap; font-size: 13px; gap: 6px; } .controls button { padding: 4px 9px; white-space: nowrap; } .controls input { flex: 1 1 60px; } .tiles { grid-template-columns: 1fr 1fr; } .chart.large { height: 220px; } .commands { grid-template-columns: minmax(0, 1fr); gap: 2px; } .commands dd { margin-bottom: 8px; } }
`;
