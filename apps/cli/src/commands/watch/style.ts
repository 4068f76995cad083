/** The page's style: light or dark as the reader's system, and one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #f5f7fa; --card: #fff; --text: #1f2933; --quiet: #52606d; --edge: #d5dbe2; --accent: #0072b2; --soft: #0072b240; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161b; --card: #1a2027; --text: #e4e9ee; --quiet: #a5b1bd; --edge: #34404b; --accent: #56b4e9; --soft: #56b4e955;
    --maxent-sky: #1a2129; --maxent-ground: #2b3641; --maxent-line: #465462; --maxent-ink: #dfe6ed; --maxent-wall: #8795a3; --maxent-agent: #4aa8e0;
    --maxent-part: #e3a463; --maxent-dark: #0b0f14; --maxent-shine: #f7fafc; --maxent-goal: #33c296; --maxent-danger: #e8705f; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 20px 16px 40px; display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
header, footer { grid-column: 1 / -1; }
h1 { font-size: 22px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 14px; margin: 0 0 8px; }
p { margin: 4px 0 0; color: var(--quiet); }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 12px; min-width: 0; }
.stack { display: grid; gap: 14px; align-content: start; min-width: 0; }
#picture svg { display: block; width: 100%; height: auto; max-height: 62vh; border-radius: 6px; }
.controls { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 10px; }
.controls input { flex: 1 1 100%; accent-color: var(--accent); min-width: 0; }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; padding: 6px 12px; min-height: 36px; }
#play { min-width: 76px; font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl { display: flex; flex-wrap: wrap; gap: 6px 26px; margin: 12px 0 0; }
dt { font-size: 12.5px; color: var(--quiet); }
dd { margin: 0; font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; }
.row { display: grid; grid-template-columns: minmax(64px, auto) minmax(40px, 1fr) minmax(72px, auto); gap: 10px; align-items: center; font-size: 13.5px; padding: 2px 4px; border-radius: 6px; }
.row output { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.row[data-taken] { background: var(--soft); font-weight: 600; }
.bar { width: 100%; height: 12px; display: block; background: var(--paper); border-radius: 3px; }
.band { fill: var(--soft); } [data-row="probability"] .band, .mark { fill: var(--accent); }
.rows { max-height: 300px; overflow: auto; }
.chart { display: block; width: 100%; height: 92px; cursor: pointer; overflow: visible; }
.chart path { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.chart line { vector-effect: non-scaling-stroke; stroke: var(--edge); }
.chart .cursor { stroke: var(--text); stroke-width: 1.5; }
.range { display: flex; justify-content: space-between; font-size: 12.5px; color: var(--quiet); font-variant-numeric: tabular-nums; }
@media (max-width: 760px) { main { grid-template-columns: minmax(0, 1fr); padding: 14px 10px 30px; } #picture svg { max-height: 46vh; } }
`;
