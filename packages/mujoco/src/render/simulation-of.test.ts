import { type Environment, InvalidInputError } from '@maxent/core';
import { expect, it } from 'vitest';
import { simulationOf } from './simulation-of.js';

/** Objects that are not of our classes, like those from another copy of the packages. */
const simulation = { arrays: {} };
const world = { step: () => {}, simulation };
const wrapped = { step: () => {}, inner: { step: () => {}, inner: world } };

it.each([world, wrapped])('finds the simulation without looking at classes', (environment) => {
  expect(simulationOf(environment as unknown as Environment)).toBe(simulation);
});

it.each([{ step: () => {} }, { step: () => {}, inner: { step: () => {} } }, { simulation: 3 }])(
  'says that there is none in %o',
  (environment) => {
    expect(() => simulationOf(environment as unknown as Environment)).toThrow(InvalidInputError);
  },
);
