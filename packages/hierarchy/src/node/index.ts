export { holdsLevels, levelDirectory, PLAN_FILE, startedLevels } from './hierarchy-directory.js';
export { levelsBelowFile, readLevelsBelow } from './levels-below.js';
