import { cancelledError } from './engineError.ts';

/** Lets one caller in at a time, in the order of asking. A caller that is cancelled leaves the row. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Disposal ends the turn. @throws EngineError `run.cancelled` */
  async take(signal: AbortSignal): Promise<Disposable> {
    const before = this.#last;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last = before.then(() => ended);
    try {
      await unlessAborted(before, signal);
    } catch (error) {
      end();
      throw error;
    }
    return { [Symbol.dispose]: end };
  }
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelledError());
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
