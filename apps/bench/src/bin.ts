#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { isMaxentError, UnknownNameError } from '@maxent/core';
import { benchmarks, formatBenchAnswer } from './index.js';

const usage = `Usage: pnpm --filter @maxent/bench bench NAME [--json] [--python PATH]

${Object.entries(benchmarks)
  .map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`)
  .join('\n')}
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, python: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [name] = positionals;
  if (values.help === true || name === undefined) {
    process.stdout.write(usage);
    return;
  }
  const benchmark = benchmarks[name];
  if (benchmark === undefined) throw new UnknownNameError('benchmark', name, Object.keys(benchmarks));
  const progress = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const answer = await benchmark.run({ python: values.python, progress });
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : formatBenchAnswer(answer));
  const { failures = [] } = answer;
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!isMaxentError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.code === 'BENCHMARK_FAILED' ? 1 : 2;
}
