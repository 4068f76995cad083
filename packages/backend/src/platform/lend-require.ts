import { require } from './resolve-package.js';

// tfjs-core calls `require` while it loads in Node. A bundle that is an ES module has no `require`, so bundlers fall
// back to a global one. We provide it until tfjs-core is loaded: see index.ts.
const scope = globalThis as { require?: NodeJS.Require };
const lent = scope.require === undefined;
if (lent) scope.require = require;

export function takeRequireBack(): void {
  if (lent) delete scope.require;
}
