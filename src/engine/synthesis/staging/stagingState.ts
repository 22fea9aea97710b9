import * as v from 'valibot';
import type { CandidateStatus, GateResult, StagedCandidate, StagingCounts } from '../../../protocol/synthesis.ts';
import { type Decision, eventSchema, type MadeCandidate, type StagingEvent } from './events.ts';

/** Reasons that are offered again. */
const listedReasons = 8;

interface Verdict {
  readonly status: CandidateStatus;
  readonly reason: string | null;
  readonly by: 'person' | 'gates' | null;
}

/** What the events of a staging journal add up to. Takes events as they come and can go on at any time. */
export class StagingState {
  readonly #made = new Map<string, MadeCandidate>();
  readonly #gates = new Map<string, readonly GateResult[]>();
  readonly #looks = new Map<string, string>();
  readonly #failed = new Map<string, Extract<StagingEvent, { readonly event: 'failed' }>>();
  readonly #planned = new Map<string, number>();
  readonly #seconds = new Map<string, { readonly sum: number; readonly count: number }>();
  #decisions: Decision[] = [];
  #verdicts: Map<string, Verdict> | undefined;
  /** Lines that are no event of this version; they change nothing. */
  unknown = 0;

  take(events: readonly unknown[]): void {
    for (const event of events) {
      const parsed = v.safeParse(eventSchema, event);
      if (parsed.success) this.#take(parsed.output);
      else this.unknown++;
    }
  }

  /** Ids of judged candidates in the order of their judging, which is the order they were planned in, then those still unjudged. */
  get ids(): readonly string[] {
    this.#ids ??= [...new Set([...this.#gates.keys(), ...this.#made.keys()])];
    return this.#ids;
  }
  #ids: readonly string[] | undefined;

  made(id: string): MadeCandidate | undefined {
    return this.#made.get(id);
  }

  gates(id: string): readonly GateResult[] | undefined {
    return this.#gates.get(id);
  }

  /** Base64 of the picture's look; undefined when it has no picture of its own. */
  look(id: string): string | undefined {
    return this.#looks.get(id);
  }

  candidate(id: string): StagedCandidate | undefined {
    const made = this.#made.get(id);
    if (!made) return undefined;
    const { status, reason, by } = this.#verdictOf(id);
    return { ...made, status, gates: this.#gates.get(id) ?? [], reason, decidedBy: by };
  }

  get candidates(): readonly StagedCandidate[] {
    return this.ids.flatMap((id) => this.candidate(id) ?? []);
  }

  /** Pending candidates that are through all gates. */
  get acceptable(): readonly string[] {
    return this.ids.filter((id) => passedAll(this.#gates.get(id)) && this.#made.has(id) && this.#verdictOf(id).status === 'pending');
  }

  /** Reasons that persons gave, the latest first, each once. */
  get reasons(): readonly string[] {
    const reasons = new Set<string>();
    for (let i = this.#decisions.length - 1; i >= 0 && reasons.size < listedReasons; i--) {
      const { reason, by } = this.#decisions[i] as Decision;
      if (by === 'person' && reason !== null && reason.trim() !== '') reasons.add(reason);
    }
    return [...reasons];
  }

  /** The decision that an undo takes back. */
  get lastDecision(): Decision | undefined {
    return this.#decisions.at(-1);
  }

  get nextDecision(): number {
    return this.#highest + 1;
  }
  #highest = 0;

  get counts(): StagingCounts {
    const counts = { planned: 0, made: this.#made.size, failed: 0, gated: 0, pending: 0, accepted: 0, rejected: 0 };
    for (const planned of this.#planned.values()) counts.planned += planned;
    for (const id of this.#failed.keys()) if (!this.#made.has(id)) counts.failed++;
    for (const id of this.#made.keys()) {
      if (passedAll(this.#gates.get(id))) counts.gated++;
      counts[this.#verdictOf(id).status]++;
    }
    return counts;
  }

  /** Mean seconds that a candidate of the method took; undefined when none was made. */
  secondsOf(method: string): number | undefined {
    const known = this.#seconds.get(method);
    return known && known.sum / known.count;
  }

  #take(event: StagingEvent): void {
    switch (event.event) {
      case 'run':
        this.#planned.set(event.plan, event.planned);
        break;
      case 'made': {
        const { method, id } = event.candidate;
        const known = this.#seconds.get(method) ?? { sum: 0, count: 0 };
        this.#seconds.set(method, { sum: known.sum + event.seconds, count: known.count + 1 });
        this.#made.set(id, event.candidate);
        this.#ids = undefined;
        break;
      }
      case 'gated':
        this.#gates.set(event.id, event.gates);
        if (event.look !== null) this.#looks.set(event.id, event.look);
        this.#ids = undefined;
        this.#verdicts = undefined;
        break;
      case 'failed':
        this.#failed.set(event.id, event);
        break;
      case 'decided':
        this.#highest = Math.max(this.#highest, event.number);
        this.#decisions.push(event);
        if (this.#verdicts) decide(this.#verdicts, event);
        break;
      case 'undone':
        this.#decisions = this.#decisions.filter(({ number }) => number !== event.number);
        this.#verdicts = undefined;
        break;
    }
  }

  #verdictOf(id: string): Verdict {
    this.#verdicts ??= this.#allVerdicts();
    return this.#verdicts.get(id) ?? { status: 'pending', reason: null, by: null };
  }

  #allVerdicts(): Map<string, Verdict> {
    const verdicts = new Map<string, Verdict>();
    for (const [id, gates] of this.#gates) {
      const stop = gates.find(({ verdict }) => verdict === 'failed');
      if (stop) verdicts.set(id, { status: 'rejected', reason: stop.gate, by: 'gates' });
    }
    for (const decision of this.#decisions) decide(verdicts, decision);
    return verdicts;
  }
}

function decide(verdicts: Map<string, Verdict>, { ids, status, reason, by }: Decision): void {
  for (const id of ids) verdicts.set(id, status === 'pending' ? { status, reason: null, by: null } : { status, reason, by });
}

/** True when the gates have judged and none stopped it. */
export function passedAll(gates: readonly GateResult[] | undefined): boolean {
  return gates !== undefined && gates.length > 0 && gates.every(({ verdict }) => verdict !== 'failed');
}
