import type { FailureReason } from '../../protocol/page.ts';
import { EngineRequestError } from '../engine/engineFault.ts';

/** What a page can do about an error; undefined when nothing but reading its sentence. */
export function failureReason(error: unknown): FailureReason | undefined {
  if (!(error instanceof EngineRequestError)) return undefined;
  const { fault } = error;
  if (fault.kind === 'crashed' || fault.kind === 'cannotStart') return 'engine';
  if (fault.kind !== 'report') return undefined;
  if (fault.report.code === 'dataset.notFound') return 'gone';
  return fault.report.code === 'dataset.changed' ? 'changed' : undefined;
}
