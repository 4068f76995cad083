import { selectBackend } from '@maxent/backend';
import { decodeSafetensors } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { mean } from '../../statistics.js';
import { Subject } from './subject.js';
import { REPLAY_ROWS, type Workload, workloads } from './workloads.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const tables = ['q-learning', 'soft-q-learning'];

describe.each(Object.entries<Workload>(workloads))('%s', (name, workload) => {
  const small = tables.includes(name) ? {} : { hiddenSizes: [8], batchSize: 4 };

  it('hands over what it learns from, and answers with finite numbers', async () => {
    const subject = await Subject.make({ ...workload, settings: { ...workload.settings, ...small } });
    const { tensors, metadata } = decodeSafetensors(subject.exchanged());
    const column = (field: string) => tensors[`replay/${field}`]!;
    expect(column('observations').shape).toEqual(column('nextObservations').shape);
    for (const field of ['observations', 'actions', 'rewards', 'terminated']) {
      expect(column(field).shape[0]).toBe(REPLAY_ROWS);
    }
    const rewards = Array.from(column('rewards').data);
    expect(Math.abs(mean(rewards) - 1)).toBeLessThan(0.05);
    expect(metadata.agent).toBe(workload.definition.name);
    expect(JSON.parse(metadata.config!)).toMatchObject({ ...workload.settings, ...small });
    const answer = Object.values(subject.answer(3));
    expect(answer.length).toBeGreaterThan(1);
    expect(answer.every(Number.isFinite)).toBe(true);
    const { updates, seconds } = subject.updateFor(0.01);
    expect(updates).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThanOrEqual(0.01);
    subject.dispose();
  });
});
