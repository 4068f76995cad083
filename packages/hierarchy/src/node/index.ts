export { originOf, readCarried } from './carried-state.js';
export { holdsLevels, levelDirectory, PLAN_FILE, readTopRun, startedLevels } from './hierarchy-directory.js';
export { levelsBelowFile, readLevelsBelow } from './levels-below.js';
