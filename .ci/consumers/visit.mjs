// Pages of a consumer in a real browser.
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const TIMEOUT = 180_000;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The text of a page that loads a module. */
export const pageOf = (script) =>
  `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

/**
 * Opens a page and waits for the JSON that it logs; asking it would be against a Content-Security-Policy. Throws the first
 * error that nobody caught, with what the page complained of.
 */
export async function visit(url) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const complaints = [];
  try {
    const tab = await browser.newPage();
    return await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('the page said nothing for 3 minutes')), TIMEOUT);
      tab.on('pageerror', reject);
      tab.on('console', (message) => {
        if (message.type() !== 'log') complaints.push(message.text());
        else if (message.text().startsWith('{')) resolve(JSON.parse(message.text()));
      });
      tab.goto(url).catch(reject);
      tab.on('close', () => clearTimeout(limit));
    });
  } catch (error) {
    throw new Error([error.message, ...complaints].join('\n'));
  } finally {
    await browser.close();
  }
}

/** Serves the files of a directory and visits its page. */
export async function visitDirectory(directory, headers = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url.split('?', 1)[0]));
    const file = join(directory, path === '/' ? 'index.html' : path);
    const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    response.writeHead(isThere ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      ...headers,
    });
    response.end(isThere ? readFileSync(file) : undefined);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  try {
    return await visit(`http://localhost:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
