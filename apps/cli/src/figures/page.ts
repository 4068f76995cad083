import { escapeMarkup } from '@maxent/training/report';
import type { Figure } from './figure.js';
import { figureSvg } from './svg.js';

/** Figures are drawn on white; on a dark page they are inverted, with their hues kept. */
const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#f5f7fa, #14181d); color: light-dark(#1f2933, #e4e7eb); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 32px 20px 56px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0 0 16px; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin-bottom: 20px; }
td { padding: 2px 18px 2px 0; font-variant-numeric: tabular-nums; }
td:first-child { color: light-dark(#616e7c, #9aa5b1); }
section { display: flex; flex-wrap: wrap; gap: 14px; align-items: start; }
figure { margin: 0; padding: 10px; background: #fff; border: 1px solid #e4e7eb; border-radius: 10px; max-width: 100%; box-sizing: border-box; }
svg { display: block; max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { figure { filter: invert(0.9) hue-rotate(180deg); } }
`;

type Facts = readonly (readonly [name: string, value: string])[];

/** Facts and figures as one HTML page that needs neither network nor script. */
export function figurePage(title: string, facts: Facts, figures: readonly Figure[]): string {
  return htmlPage(title, facts, figures.map(figureSvg));
}

/** Facts and drawings, SVG elements on white, as one HTML page that needs neither network nor script. */
export function htmlPage(title: string, facts: Facts, drawings: readonly string[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<table>${rows.join('')}</table>
<section>
${drawings.map((drawing) => `<figure>${drawing}</figure>`).join('\n')}
</section>
</main>
</body>
</html>
`;
}
