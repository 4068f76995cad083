import { require } from './resolve-package.js';

// tfjs-core calls `require` while it loads in Node. In a bundle that is an ES module there is none, and bundlers then
// call a global one. It is lent until tfjs-core is loaded: see index.ts.
const scope = globalThis as { require?: NodeJS.Require };
const lent = scope.require === undefined;
if (lent) scope.require = require;

export function takeRequireBack(): void {
  if (lent) delete scope.require;
}
