// `@maxent/core/node`: how our packages find files of theirs, and load machine code, in Node, Bun and Deno.
export { type Addon, type Availability, type FoundAddon, loadAddon } from './load-addon.js';
export { resolveFrom, urlOfFile } from './url-of-file.js';
