import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { placeIn, resultsDirectory } from './results-directory.js';

it('gives a place below the results of a clone', () => {
  expect(resultsDirectory('pearl')).toMatch(/results.pearl$/);
  expect(existsSync(resultsDirectory('pearl'))).toBe(true);
});

it('says that a clone is needed where no results are stored', () => {
  expect(() => placeIn('/nowhere/results', ['pearl'])).toThrow(
    'the stored results in /nowhere/results, which are not part of the published package; run it in a clone of the repository',
  );
});
