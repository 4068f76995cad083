import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { htmlPage } from './html-page.js';

const hostile = `</script><script>alert(1)</script> " ' & <b>`;
const digests = (page: string, element: 'script' | 'style') =>
  [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))].map(
    ([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
  );

test('escapes text, and data for the script', () => {
  const page = htmlPage({
    title: hostile,
    subtitle: hostile,
    body: '<p>body</p>',
    data: { told: [hostile] },
  });
  expect(page).not.toContain(hostile);
  expect(page).not.toMatch(/alert\(1\)<\/script>|<b>/);
  const [, json] = page.match(/<script type="application\/json" id="told">(.*)<\/script>/)!;
  expect(JSON.parse(json!)).toEqual([hostile]);
});

test('allows its own style and script, and nothing that has to be fetched', () => {
  const page = htmlPage({ title: 'a', body: '', style: 'p { margin: 0; }', script: 'document.title += 1;' });
  const [, policy] = page.match(/Content-Security-Policy" content="([^"]*)"/)!;
  expect(policy!.split('; ')).toEqual([
    "default-src 'none'",
    'img-src data:',
    `style-src ${digests(page, 'style')[0]}`,
    `script-src ${digests(page, 'script')[0]}`,
  ]);
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import/);
});

test('has no script unless it is given one', () => {
  const page = htmlPage({ title: 'a', body: '' });
  expect(page).not.toContain('script');
});
