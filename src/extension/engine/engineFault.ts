import type { ErrorReport } from '../../protocol/errors.ts';

export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when the program could not be started at all (no such file, not executable). */
  readonly spawnError?: string;
}

/** Everything that can become of a request instead of a result. */
export type EngineFault =
  | { readonly kind: 'report'; readonly report: ErrorReport }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'crashed'; readonly exit: EngineExit }
  | {
      readonly kind: 'cannotStart';
      readonly reason: 'spawn' | 'exit' | 'timeout' | 'protocol';
      readonly detail: string;
      readonly attempts: number;
    }
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'notLocal'; readonly scheme: string };

export class EngineRequestError extends Error {
  readonly fault: EngineFault;

  constructor(fault: EngineFault, options?: ErrorOptions) {
    super(summary(fault), options);
    this.name = 'EngineRequestError';
    this.fault = fault;
  }
}

/** English, for the log; people read the sentence of the error catalogue. */
function summary(fault: EngineFault): string {
  switch (fault.kind) {
    case 'report':
      return `${fault.report.code}: ${fault.report.message}`;
    case 'cancelled':
      return 'cancelled';
    case 'crashed':
      return `engine ended during the request (${describeExit(fault.exit)})`;
    case 'cannotStart':
      return `engine cannot start (${fault.reason}, ${fault.attempts} attempts): ${fault.detail}`;
    case 'untrusted':
      return 'engine is off in an untrusted workspace';
    case 'notLocal':
      return `engine cannot read ${fault.scheme} files`;
  }
}

export function describeExit(exit: EngineExit): string {
  return exit.spawnError ?? exit.signal ?? `exit code ${exit.code}`;
}
