import { cancelledError, EngineError } from '../jobs/engineError.ts';
import { RuntimeUnavailable } from '../runtime/runtimeUnavailable.ts';
import { UnreadableParquet } from '../runtime/unreadableParquet.ts';

/** Runs a request; what the native modules throw becomes an `EngineError`, an abort of theirs the job's cancellation. */
export async function withRuntimeErrors<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (signal.aborted) throw cancelledError();
    if (error instanceof RuntimeUnavailable) {
      const code = error.module === 'sharp' ? 'device.unavailable' : 'dataset.noParquetReader';
      throw new EngineError(code, error.message, { module: error.module }, { cause: error });
    }
    if (error instanceof UnreadableParquet) {
      // A reader may add its SQL and a caret below; the first line says it all.
      throw new EngineError(
        'dataset.unreadable',
        `${error.message.split('\n')[0]}. Is the file complete?`,
        { path: error.path },
        { cause: error },
      );
    }
    throw error;
  }
}
