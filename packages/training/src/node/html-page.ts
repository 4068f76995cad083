import { createHash } from 'node:crypto';
import { escapeMarkup } from '../report/markup.js';
import { PAGE_STYLE } from './page-style.js';

/** What a page shows. Markup, style and script are trusted; text from elsewhere goes through `escapeMarkup`. */
export interface HtmlPage {
  readonly title: string;
  /** A line of text below the title. */
  readonly subtitle?: string;
  /** Markup below both. */
  readonly body: string;
  /** Rules that this page needs on top of those that all pages share. */
  readonly style?: string;
  /** Runs once the page is there. It can use what the page itself holds, nothing else. */
  readonly script?: string;
  /** What the script reads, each as the JSON text of the element with its name as id. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * A self-contained HTML document, light or dark as the reader's system and as wide as the screen. Its content security
 * policy allows only its own style and script, and pictures that it holds: nothing is fetched, and markup that came in
 * by mistake cannot run.
 */
export function htmlPage({ title, subtitle, body, style = '', script, data = {} }: HtmlPage): string {
  const rules = PAGE_STYLE + style;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${digest(rules)}'`,
    ...(script === undefined ? [] : [`script-src '${digest(script)}'`]),
  ];
  // A closing tag inside of the data would end the script element.
  const stored = Object.entries(data).map(
    ([id, value]) =>
      `<script type="application/json" id="${id}">${JSON.stringify(value).replace(/</g, '\\u003c')}</script>\n`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${rules}</style>
</head>
<body>
<main>
<header><h1>${escapeMarkup(title)}</h1>${subtitle === undefined ? '' : `<p>${escapeMarkup(subtitle)}</p>`}</header>
${body}
</main>
${stored.join('')}${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
