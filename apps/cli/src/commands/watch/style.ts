/** What the page adds to the style of all pages: two columns, and one on a phone. */
export const STYLE = `
main { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
header, footer { grid-column: 1 / -1; }
header { margin: 0; }
h2 { font-size: 14px; margin: 0 0 8px; }
p { margin: 4px 0 0; color: var(--quiet); }
.stack { display: grid; gap: 14px; align-content: start; min-width: 0; }
noscript { display: grid; gap: 8px; grid-template-columns: 1fr 1fr; } figure { margin: 0; } figcaption { font-size: 12.5px; color: var(--quiet); }
#picture svg, figure svg { display: block; width: 100%; height: auto; max-height: 62vh; border-radius: 6px; }
.controls { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 10px; }
.controls input { flex: 1 1 100%; }
#play { min-width: 76px; font-weight: 600; }
dl { display: flex; flex-wrap: wrap; gap: 6px 26px; margin: 12px 0 0; }
dt { font-size: 12.5px; color: var(--quiet); }
dd { margin: 0; font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; }
.row { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: center; font-size: 13.5px; padding: 2px 4px; border-radius: 6px; }
.row output { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.row[data-taken] { background: var(--soft); font-weight: 600; }
.bar { width: 100%; height: 12px; display: block; background: var(--paper); border-radius: 3px; }
.band { fill: var(--soft); } [data-row="probability"] .band, .mark { fill: var(--accent); }
.rows { display: grid; grid-template-columns: minmax(64px, auto) minmax(40px, 1fr) minmax(72px, auto); column-gap: 10px; max-height: 300px; overflow: auto; } .rows > p { grid-column: 1 / -1; }
.chart { display: block; width: 100%; height: 92px; cursor: pointer; overflow: visible; }
.chart path { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.chart line { vector-effect: non-scaling-stroke; stroke: var(--edge); }
.chart .cursor { stroke: var(--text); stroke-width: 1.5; }
.range { display: flex; justify-content: space-between; font-size: 12.5px; color: var(--quiet); font-variant-numeric: tabular-nums; }
@media (max-width: 760px) { main { grid-template-columns: minmax(0, 1fr); } #picture svg { max-height: 46vh; } }
`;
