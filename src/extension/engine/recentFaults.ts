import type { EngineFault } from './engineFault.ts';

export interface RecentFault {
  readonly method: string;
  readonly fault: EngineFault;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const kept = 20;

/** The last faults of requests, the newest first; a cancelled request is none. */
export class RecentFaults {
  readonly #faults: RecentFault[] = [];

  get all(): readonly RecentFault[] {
    return this.#faults;
  }

  add(method: string, fault: EngineFault, at = Date.now()): void {
    if (fault.kind === 'cancelled') return;
    this.#faults.unshift({ method, fault, at });
    this.#faults.splice(kept);
  }
}
