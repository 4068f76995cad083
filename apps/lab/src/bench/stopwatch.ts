/** Calls `work` at least `calls` times and for at least `milliseconds`: V8 compiles hot code while it runs. */
export function warmFor(milliseconds: number, calls: number, work: () => void): void {
  const end = performance.now() + milliseconds;
  for (let i = 0; i < calls || performance.now() < end; i++) work();
}

/** Mean milliseconds of `calls` calls of `work`, `finish` included, which waits for results that are under way. */
export function millisecondsPerCall(calls: number, work: () => void, finish: () => void): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) work();
  finish();
  return (performance.now() - start) / calls;
}
