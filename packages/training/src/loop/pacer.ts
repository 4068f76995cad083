/** Longest time that a loop works without giving signals, timers and a browser's painting a turn. */
const WORK_MILLISECONDS = 50;

/** Tells a loop when to give the event loop a turn. */
export class Pacer {
  private workingSince = performance.now();

  get due(): boolean {
    return performance.now() - this.workingSince >= WORK_MILLISECONDS;
  }

  async pause(): Promise<void> {
    await eventLoopTurn();
    this.workingSince = performance.now();
  }
}

/** Unlike a timer, a message is delivered without the delay that browsers add to nested or background timers. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
