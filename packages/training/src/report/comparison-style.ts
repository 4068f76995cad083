/** Colors of `REPORT_STYLE` for curves; the first of them is for what lies behind others. */
const COLORS = 6;
/** Dashes of the second and third curve of a color. */
const DASHES = ['7 4', '2 4'];

/** The class of a group's color, `c<N>`: more groups than colors are told apart by dashes. */
export function curveClass(group: number): number {
  return 1 + (group % (COLORS * (1 + DASHES.length)));
}

const dashed = DASHES.flatMap((dashes, round) =>
  Array.from({ length: COLORS }, (_, i) => {
    const [name, color] = [1 + COLORS * (round + 1) + i, `var(--c${1 + i})`];
    return `.c${name} { stroke: ${color}; stroke-dasharray: ${dashes}; } .mark.c${name} { stroke-dasharray: none; } .band.c${name} { fill: ${color}; }`;
  }),
);

/** What a page of compared runs adds to the style of a report. Evaluations are not smoothed, and profiles have no marks: they
 * bend where runs are, their own or those of other groups. */
export const COMPARISON_STYLE = `
${dashed.join(' ')}
.controls label, .controls input, .controls output { display: none; }
.verdict { font-size: 17px; margin: 0 0 14px; max-width: 880px; overflow-wrap: anywhere; }
figure { margin-bottom: 12px; }
figure + figure .mark { display: none; }
.compared svg { display: inline-block; vertical-align: middle; margin-right: 7px; }
.compared path { fill: none; stroke-width: 4; }
.compared caption { text-align: left; color: var(--quiet); font-size: 13px; padding: 0 8px 6px; }
.compared thead th { color: var(--quiet); border-top: 0; }
.compared th[scope="row"] { color: inherit; width: auto; }
.compared tbody tr:first-child > * { border-top: 1px solid var(--edge); }
.compared b { display: block; font-size: 16px; font-weight: 650; }
.compared small { display: block; font-size: 12.5px; color: var(--quiet); }
@media (max-width: 700px) {
  .compared, .compared caption, .compared tbody, .compared tr, .compared th[scope="row"] { display: block; }
  .compared thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .compared tr { border-top: 1px solid var(--edge); padding: 8px 0; }
  .compared tbody tr > *, .compared tbody tr:first-child > * { border-top: 0; }
  .compared th[scope="row"] { font-weight: 600; }
  .compared td { display: grid; grid-template-columns: 2fr 3fr; gap: 0 10px; padding: 3px 8px; }
  .compared td::before { content: attr(data-name); color: var(--quiet); font-size: 13px; }
  .compared td > * { min-width: 0; }
}
`;
