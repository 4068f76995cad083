import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A large fixture, which `gymnasium_classic_fixtures.py` of apps/lab/peers has written gzipped. */
export function readFixture<Content>(name: string): Content {
  const file = new URL(`../fixtures/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}
