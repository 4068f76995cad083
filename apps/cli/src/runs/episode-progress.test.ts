import { expect, test } from 'vitest';
import { EventStream } from '../events/event-stream.js';
import type { CommandIo } from '../process/command-io.js';
import { EpisodeProgress } from './episode-progress.js';

test('counts episodes, estimates from the second one on, and writes events', () => {
  const [lines, events]: [string[], unknown[]] = [[], []];
  const io = {
    terminalColumns: 80,
    writeError: (text: string) => void lines.push(text.replace('\r\u001b[K', '')),
    writeOut: (text: string) => void events.push(JSON.parse(text)),
  } as unknown as CommandIo;
  const clock = { now: 0 };
  const progress = new EpisodeProgress({ io, events: new EventStream(io) }, 4, () => clock.now);
  for (const [episode, seconds] of [60, 65, 70].entries()) {
    clock.now = 1000 * seconds;
    progress.onEpisode({ episodeReturn: episode, length: 10 }, episode);
  }
  progress.end();
  expect(lines).toEqual([
    '1/4 episodes (25%) | mean return 0.000',
    '2/4 episodes (50%) | ETA 10 s | mean return 0.500',
    '3/4 episodes (75%) | ETA 5 s | mean return 1.00',
    '',
  ]);
  expect(events[1]).toMatchObject({ type: 'episode', episode: 2, totalEpisodes: 4, return: 1, length: 10 });
});
