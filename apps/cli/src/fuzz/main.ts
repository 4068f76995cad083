import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InvalidInputError, showValue } from '@maxent/core';
import { PIPE } from './document.js';
import { type FuzzOptions, fuzz } from './fuzz.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    documents: { type: 'string', default: '4000' },
    from: { type: 'string', default: '0' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
/** The beginning of an altered file. */
function shown(content: string | null): string {
  if (content === null || content === PIPE) return content ?? 'absent';
  return JSON.stringify(Buffer.from(content, 'base64').toString('utf8')).slice(0, 1500);
}

/** A count given by an option; a run without documents would always pass. */
function countOf(option: 'seed' | 'documents' | 'from' | 'workers', least: number): number {
  const count = Number(values[option]);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new InvalidInputError(
    `--${option}`,
    `expected an integer of at least ${least}, got ${showValue(values[option])}`,
  );
}

function onlyOf(only: string | undefined): FuzzOptions['only'] {
  if (only === undefined || only === 'runs' || only === 'inputs') return only;
  throw new InvalidInputError('--only', `expected runs or inputs, got ${showValue(only)}`);
}

const seed = countOf('seed', 0);
const options = {
  seed,
  documents: countOf('documents', 1),
  from: countOf('from', 0),
  workers: countOf('workers', 1),
  only: onlyOf(values.only),
};
const directory = await mkdtemp(join(tmpdir(), 'maxent-fuzz-'));
try {
  const failures = await fuzz({
    ...options,
    program: fileURLToPath(new URL('./fuzz-child.js', import.meta.url)),
    directory,
    onFailure: ({ index, document, fault }) => {
      process.stdout.write(
        `\n${document.name}\n  fault: ${fault}\n  again: pnpm fuzz --seed ${seed} --from ${index} --documents 1${values.only === undefined ? '' : ` --only ${values.only}`}\n` +
          `  maxent ${document.args.map((argument) => argument.slice(0, 300)).join(' ')}\n` +
          `  input: ${(document.input ?? '').slice(0, 1500)}\n` +
          Object.entries(document.run?.files ?? {})
            .map(([name, content]) => `  ${name}: ${shown(content)}\n`)
            .join(''),
      );
    },
  });
  process.stdout.write(`\n${options.documents} documents, ${failures.length} at fault\n`);
  process.exitCode = failures.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true, force: true });
}
