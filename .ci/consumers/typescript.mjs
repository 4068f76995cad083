// Strict TypeScript, with skipLibCheck off: the program compiles, the mistakes in it do not, and it runs.
import { checkAnswer, machineCode, typedProgram } from './programs.mjs';

/** By `moduleResolution`; the first two come with their own. */
const modules = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' };

function configuration(resolution) {
  return {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2022', 'DOM'],
      module: modules[resolution],
      moduleResolution: resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: [],
      rootDir: '.',
      outDir: resolution,
    },
    files: ['program.mts'],
  };
}

async function compile(project, resolution) {
  try {
    await project.run('tsc', '--pretty', 'false', '-p', `tsconfig.${resolution}.json`);
  } catch (error) {
    const errors = (error.stdout ?? '').split('\n').filter((line) => /error TS\d+/.test(line));
    // Those in declarations of others are theirs; `.ci/check-packages.mjs` counts them.
    const ours = errors.filter((line) => !/^node_modules\/(?!@?maxent\/)/.test(line));
    if (errors.length === 0 || ours.length > 0)
      throw errors.length === 0 ? error : new Error(ours.join('\n'));
  }
}

function project(release) {
  return {
    tools: [`typescript@${release}`],
    files: {
      'program.mts': typedProgram,
      ...Object.fromEntries(
        Object.keys(modules).map((resolution) => [
          `tsconfig.${resolution}.json`,
          JSON.stringify(configuration(resolution)),
        ]),
      ),
    },
    consumers: Object.fromEntries(
      Object.keys(modules).map((resolution) => [
        `TypeScript ${release}, ${resolution}`,
        async (project) => {
          await compile(project, resolution);
          return checkAnswer(await project.answer('node', `${resolution}/program.mjs`), machineCode);
        },
      ]),
    ),
  };
}

export const projects = [project('5.9'), project('6.0')];
