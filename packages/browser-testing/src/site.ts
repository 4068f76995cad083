import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Visit, visit } from './visit.js';

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  wasm: 'application/wasm',
};

export interface Site {
  /** By path, such as `/main.js`; the ending gives the content type. `/` is a page that loads `/main.js`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The Content-Security-Policy of every answer. */
  readonly policy?: string;
  /** What is answered to a path that is not there: 404, or the page, as servers of single-page apps do. */
  readonly unknownPath?: 'not found' | 'page';
  /** How the page loads `/main.js`. */
  readonly script?: 'module' | 'classic';
}

/** Serves the files and visits the page, whose script puts a promise of JSON into `window.result`. */
export async function visitSite<Result>(site: Site): Promise<Visit<Result>> {
  const { files, policy, unknownPath = 'not found', script = 'module' } = site;
  const kind = script === 'module' ? 'type="module"' : 'defer';
  const page = `<!doctype html><link rel="icon" href="data:,"><script ${kind} src="/main.js"></script>`;
  const server = createServer((request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    const isPage = path === '/' || (files[path] === undefined && unknownPath === 'page');
    const body = isPage ? page : files[path];
    const ending = isPage ? 'html' : path.split('.').at(-1)!;
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': types[ending] ?? 'application/octet-stream',
      ...(policy !== undefined && { 'content-security-policy': policy }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  try {
    return await visit<Result>(`http://localhost:${(server.address() as AddressInfo).port}/`, []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
