import { describe, expect, it } from 'vitest';
import {
  BackendUnavailableError,
  DamagedDataError,
  DivergenceError,
  EnvironmentFaultError,
  InvalidInputError,
  InvalidStateError,
  isMaxentError,
  MaxentError,
  nearestNames,
  PluginError,
  SnapshotMismatchError,
  SpaceMismatchError,
  UnknownNameError,
  WasmLoadError,
} from './errors.js';

describe('errors', () => {
  it.each([
    [new InvalidInputError('a.b', 'expected 1'), 'InvalidInputError', 'INVALID_INPUT'],
    [new SpaceMismatchError('m'), 'SpaceMismatchError', 'SPACE_MISMATCH'],
    [new UnknownNameError('agent', 'x', []), 'UnknownNameError', 'UNKNOWN_NAME'],
    [new PluginError('m'), 'PluginError', 'PLUGIN'],
    [new InvalidStateError('m'), 'InvalidStateError', 'INVALID_STATE'],
    [new EnvironmentFaultError('m'), 'EnvironmentFaultError', 'ENVIRONMENT_FAULT'],
    [new DivergenceError('m'), 'DivergenceError', 'DIVERGENCE'],
    [new DamagedDataError('m'), 'DamagedDataError', 'DAMAGED_DATA'],
    [new SnapshotMismatchError('m'), 'SnapshotMismatchError', 'SNAPSHOT_MISMATCH'],
    [new BackendUnavailableError('m'), 'BackendUnavailableError', 'BACKEND_UNAVAILABLE'],
    [new WasmLoadError('m'), 'WasmLoadError', 'WASM_LOAD'],
  ])('%s has a stable name and code', (error, name, code) => {
    expect(error).toBeInstanceOf(MaxentError);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code]).toEqual([name, code]);
  });

  it('keep the cause', () => {
    const cause = new Error('below');
    expect(new DamagedDataError('above', { cause }).cause).toBe(cause);
    expect(new InvalidInputError('field', 'above', { cause }).cause).toBe(cause);
  });

  it('put the field before the problem', () => {
    const error = new InvalidInputError('transition[2][0]', 'expected a number, got "x"');
    expect(error.field).toBe('transition[2][0]');
    expect(error.message).toBe('transition[2][0]: expected a number, got "x"');
  });

  it.each([
    [['sac', 'sql'], 'sca', 'unknown agent "sca". Did you mean "sac"'],
    [
      ['HalfCheetah-v5', 'Hopper-v5'],
      'halfcheetah',
      'unknown agent "halfcheetah". Did you mean "HalfCheetah-v5"?',
    ],
    [['sac', 'sql'], 'transformer', 'unknown agent "transformer". Known: sac, sql.'],
    [[], 'sac', 'unknown agent "sac". None is registered.'],
  ])('answer an unknown name among %j', (known, requested, message) => {
    expect(new UnknownNameError('agent', requested, known).message).toContain(message);
  });
});

describe('isMaxentError', () => {
  it('knows errors by their mark and code', () => {
    const error: unknown = new InvalidInputError('a.b', 'expected 1');
    expect([
      isMaxentError(error),
      isMaxentError(error, 'INVALID_INPUT'),
      isMaxentError(error, 'PLUGIN'),
    ]).toEqual([true, true, false]);
    if (isMaxentError(error, 'INVALID_INPUT')) expect(error.field).toBe('a.b');
  });

  it('knows a subclass of somebody else', () => {
    class Mine extends MaxentError {
      readonly code = 'MINE';
    }
    expect([isMaxentError(new Mine('m')), isMaxentError(new Mine('m'), 'MINE')]).toEqual([true, true]);
  });

  it.each([undefined, null, 'INVALID_INPUT', { code: 'INVALID_INPUT' }, new Error('INVALID_INPUT')])(
    'does not take %o for one',
    (value) => {
      expect(isMaxentError(value)).toBe(false);
    },
  );

  it('leaves no trace of the mark in what is printed', () => {
    expect(Object.getOwnPropertySymbols(new PluginError('m'))).toEqual([]);
  });
});

describe('nearestNames', () => {
  it('puts names that contain the requested one first', () => {
    const known = ['learningStarts', 'actorLearningRate', 'criticLearningRate'];
    expect(nearestNames('learningRate', known)).toEqual([
      'actorLearningRate',
      'criticLearningRate',
      'learningStarts',
    ]);
  });

  it('finds nothing near an empty name or one of thousands of characters', () => {
    expect(nearestNames('', ['A', 'B'])).toEqual([]);
    expect(nearestNames('x'.repeat(100_000), ['x', 'B'])).toEqual([]);
  });

  it('orders by number of edits, whatever the case, and gives at most three', () => {
    expect(nearestNames('HOPER', ['Hopper', 'Hoper', 'Copper', 'Chopper', 'Swimmer'])).toEqual([
      'Hoper',
      'Hopper',
      'Chopper',
    ]);
  });

  it('finds longer names by their beginning', () => {
    expect(nearestNames('Inv', ['Hopper-v5', 'InvertedPendulum-v5'])).toEqual(['InvertedPendulum-v5']);
  });

  it('gives nothing rather than anything', () => {
    expect(nearestNames('zzzz', ['Hopper', 'Swimmer'])).toEqual([]);
  });
});
