import { cancelledError } from './engineError.ts';

/** What the promise gives; after an abort nobody waits for it any longer. @throws EngineError `run.cancelled` */
export function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(cancelledError());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(
      () => signal.removeEventListener('abort', abort),
      () => signal.removeEventListener('abort', abort),
    );
  });
  return Promise.race([promise, aborted]);
}
