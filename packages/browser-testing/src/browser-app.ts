import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, createServer, defaultClientConditions, type InlineConfig, preview } from 'vite';
import { type Visit, visit } from './visit.js';

const page = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>';

export interface BrowserProgram {
  /** The directory of the package under test. */
  readonly packageDirectory: string;
  /** Packages that the program imports next to that one, among the package's own dependencies. */
  readonly dependencies?: readonly string[];
  /** A JavaScript module that puts a promise of JSON into `window.result`. */
  readonly program: string;
  /** More arguments for Chromium. */
  readonly browserArguments?: readonly string[];
}

/** A program in a directory of its own, which depends on our packages; nothing is configured, no path set by hand. */
export interface BrowserApp<Result> {
  /** Runs the program on Vite's development server. */
  serve(): Promise<Visit<Result>>;
  /** Runs Vite's production build of the program. */
  build(): Promise<Visit<Result>>;
  remove(): void;
}

const config: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  // The sources instead of dist, so that the test needs no build and sees the current code.
  resolve: { conditions: ['@maxent/source', ...defaultClientConditions] },
};

export function makeBrowserApp<Result>(options: BrowserProgram): BrowserApp<Result> {
  const { packageDirectory, dependencies = [], program, browserArguments = [] } = options;
  const root = mkdtempSync(join(tmpdir(), 'maxent-browser-'));
  const link = (name: string, target: string) => {
    const place = join(root, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place, 'dir');
  };
  writeFileSync(join(root, 'index.html'), page);
  writeFileSync(join(root, 'main.js'), program);
  link(nameOf(packageDirectory), packageDirectory);
  for (const name of dependencies) link(name, join(packageDirectory, 'node_modules', name));

  return {
    async serve() {
      const workspace = dirname(dirname(packageDirectory));
      const server = await createServer({
        ...config,
        root,
        server: { port: 0, fs: { allow: [root, workspace] } },
      });
      try {
        await server.listen();
        return await visit<Result>(server.resolvedUrls!.local[0]!, browserArguments);
      } finally {
        await server.close();
      }
    },
    async build() {
      await build({ ...config, root });
      const server = await preview({ ...config, root, preview: { port: 0 } });
      try {
        return await visit<Result>(server.resolvedUrls!.local[0]!, browserArguments);
      } finally {
        await server.close();
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function nameOf(packageDirectory: string): string {
  return JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')).name;
}
