import { setTimeout as sleep } from 'node:timers/promises';
import type { SynthesisLimits, SynthesisUsage } from '../../../protocol/synthesis.ts';
import { addUsage, noUsage } from './languageModel.ts';

/** A limit of the request was reached: nothing more is asked, what was made stays. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly limit: 'requests' | 'cost';

  constructor(limit: 'requests' | 'cost') {
    super(`The limit of ${limit} is reached.`);
    this.limit = limit;
  }
}

/** Requests, tokens and images of one call, shared by all that ask; holds its limits and its pace. */
export class Spending {
  readonly #limits: SynthesisLimits;
  #usage: SynthesisUsage = noUsage;
  #sent = 0;
  /** Earliest moment of the next request, on the clock of `performance.now`. */
  #next = 0;

  constructor(limits: SynthesisLimits) {
    this.#limits = limits;
  }

  get usage(): SynthesisUsage {
    return { ...this.#usage, requests: this.#sent };
  }

  get cost(): number {
    return costOf(this.#usage, this.#limits);
  }

  /** Waits for the request's turn and counts it. @throws LimitReached, before anything is sent */
  async beforeRequest(signal: AbortSignal): Promise<void> {
    this.assertRoom();
    this.#sent++;
    const { requestsPerMinute } = this.#limits;
    const now = performance.now();
    const start = Math.max(now, this.#next);
    if (requestsPerMinute !== undefined) this.#next = start + 60_000 / requestsPerMinute;
    if (start > now) await sleep(start - now, undefined, { signal });
  }

  /** @throws LimitReached */
  assertRoom(): void {
    const { maxRequests, maxCost } = this.#limits;
    if (maxRequests !== undefined && this.#sent >= maxRequests) throw new LimitReached('requests');
    if (maxCost !== undefined && this.cost >= maxCost) throw new LimitReached('cost');
  }

  /** The server asked everybody to wait. */
  pauseFor(milliseconds: number): void {
    this.#next = Math.max(this.#next, performance.now() + milliseconds);
  }

  add(usage: SynthesisUsage): void {
    this.#usage = addUsage(this.#usage, usage);
  }
}

/** In the unit of the prices; 0 where none is given. */
export function costOf(usage: Pick<SynthesisUsage, 'inputTokens' | 'outputTokens' | 'images'>, limits: SynthesisLimits): number {
  const { priceInput = 0, priceOutput = 0, priceImage = 0 } = limits;
  return (usage.inputTokens * priceInput + usage.outputTokens * priceOutput) / 1e6 + usage.images * priceImage;
}
