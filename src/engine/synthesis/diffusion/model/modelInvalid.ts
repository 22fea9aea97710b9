import { EngineError } from '../../../jobs/engineError.ts';

/** A model folder that cannot be used. @param where file or folder @param what rest of the sentence: what is wrong with it, and what to do */
export function modelInvalid(where: string, what: string, cause?: unknown): EngineError {
  return new EngineError('model.invalid', `${where} ${what}`, { path: where }, cause === undefined ? {} : { cause });
}
