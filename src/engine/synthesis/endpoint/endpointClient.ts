import { setTimeout as sleep } from 'node:timers/promises';
import type { SynthesisLimits } from '../../../protocol/synthesis.ts';
import { cancelledError, EngineError } from '../../jobs/engineError.ts';
import { UnusableAnswer } from './languageModel.ts';
import { type Secret, safeExcerpt } from './secret.ts';
import type { Spending } from './spending.ts';

/** Attempts and seconds per request where the call does not say. */
export const defaultAttempts = 5;
const defaultTimeoutSeconds = 120;
/** First pause; doubled per attempt, half of it by chance so that many callers do not come back together. */
const firstPauseMs = 500;
const longestPauseMs = 60_000;
/** A server that wants more patience is told about instead of waited for. */
const longestRetryAfterMs = 600_000;
/** Bytes of an error's body that are looked at. */
const errorBodyBytes = 64 * 1024;

export interface EndpointOptions {
  /** Base address, checked by `endpointBase`. */
  readonly base: URL;
  readonly secret: Secret | undefined;
  readonly limits: SynthesisLimits;
  readonly spending: Spending;
}

/** What went wrong with one attempt. `again`: another attempt may help; `stop`: no request of this call can succeed. */
class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
  readonly next: 'again' | 'giveUp' | 'stop';
  readonly waitMs: number | undefined;

  constructor(next: 'again' | 'giveUp' | 'stop', message: string, waitMs?: number) {
    super(message);
    this.next = next;
    this.waitMs = waitMs;
  }
}

/**
 * The base address of an endpoint: http or https, nothing secret in it.
 * @throws EngineError `usage`
 */
export function endpointBase(text: string, option = 'endpoint'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fail = (why: string): EngineError =>
    new EngineError('usage', `--${option} ${why}. Give the base address, e.g. http://localhost:8000/v1.`, { option });
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw fail('is no http or https address');
  if (url.username || url.password) throw fail('holds a user or password; keys come from the environment');
  if (url.search || url.hash) throw fail('has a query or a fragment, which may hold secrets');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Posts to an OpenAI-compatible endpoint: time-outs, size limits, retries with back-off, `Retry-After`, pace and limits. */
export class EndpointClient {
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  get spending(): Spending {
    return this.#options.spending;
  }

  /**
   * @param accept makes a value of the parsed answer; an `UnusableAnswer` is asked for again
   * @param body of the n-th attempt, from 0: JSON, or a form
   * @throws EngineError `synthesis.endpoint` when no request can succeed; UnusableAnswer when this one does not; LimitReached
   */
  async post<T>(
    path: string,
    body: (attempt: number) => object | FormData,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
    accept: (answer: unknown) => T,
  ): Promise<T> {
    const attempts = this.#options.limits.attempts ?? defaultAttempts;
    for (let attempt = 0; ; attempt++) {
      await this.#options.spending.beforeRequest(signal).catch((error: unknown) => {
        throw signal.aborted ? cancelledError() : error;
      });
      try {
        return accept(await this.#attempt(path, body(attempt), maxBytes, signal));
      } catch (error) {
        if (signal.aborted) throw cancelledError();
        const again = error instanceof UnusableAnswer || (error instanceof AttemptFailed && error.next === 'again');
        if (!again) throw this.#finalError(error);
        if (attempt + 1 >= attempts) throw new UnusableAnswer(`${error.message} (${attempts} attempt${attempts === 1 ? '' : 's'})`);
        await this.#pause(attempt, error instanceof AttemptFailed ? error.waitMs : 0, signal);
      }
    }
  }

  #finalError(error: unknown): unknown {
    if (!(error instanceof AttemptFailed)) return error;
    if (error.next === 'giveUp') return new UnusableAnswer(error.message);
    return new EngineError('synthesis.endpoint', `${this.#options.base.origin} ${error.message}`, { endpoint: this.#options.base.origin });
  }

  async #pause(attempt: number, waitMs: number | undefined, signal: AbortSignal): Promise<void> {
    const backOff = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
    const pause = waitMs ?? backOff / 2 + (Math.random() * backOff) / 2;
    if (waitMs !== undefined && waitMs > 0) this.#options.spending.pauseFor(waitMs);
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw cancelledError();
  }

  async #attempt(path: string, body: object | FormData, maxBytes: number, signal: AbortSignal): Promise<unknown> {
    const { base, secret, limits } = this.#options;
    const seconds = limits.timeout ?? defaultTimeoutSeconds;
    const timeout = AbortSignal.timeout(seconds * 1000);
    const isForm = body instanceof FormData;
    try {
      const response = await fetch(new URL(path, base), {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
        headers: {
          accept: 'application/json',
          ...(isForm ? {} : { 'content-type': 'application/json' }),
          ...(secret ? { authorization: `Bearer ${secret.reveal()}` } : {}),
        },
        body: isForm ? body : JSON.stringify(body),
      });
      if (!response.ok) throw await this.#refusal(response);
      return parseJson(await readBody(response, maxBytes));
    } catch (error) {
      if (error instanceof AttemptFailed || error instanceof UnusableAnswer || signal.aborted) throw error;
      if (timeout.aborted) throw new AttemptFailed('again', `no complete answer within ${seconds} seconds`);
      throw new AttemptFailed('again', `the connection failed: ${networkReason(error)}`);
    }
  }

  /** The status decides; of the body only a harmless excerpt is told. */
  async #refusal(response: Response): Promise<AttemptFailed> {
    const { status } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel().catch(() => undefined);
      return new AttemptFailed('stop', `redirects (${status}); give the final address, so that no key goes astray.`);
    }
    const text = await readBody(response, errorBodyBytes).then(
      (bytes) => safeExcerpt(bytes.toString('utf8'), this.#options.secret),
      () => '',
    );
    const answer = `answered ${status}${text ? `: ${text}` : ''}`;
    if (status === 429 || status === 408 || status === 425 || status >= 500) {
      const waitMs = retryAfter(response.headers.get('retry-after'));
      if (waitMs !== undefined && waitMs > longestRetryAfterMs)
        return new AttemptFailed('stop', `asks to come back in ${Math.round(waitMs / 60_000)} minutes. Run the same command again then.`);
      return new AttemptFailed('again', answer, waitMs);
    }
    if (status === 401 || status === 403)
      return new AttemptFailed('stop', `${answer}. Is the key right? It is read from the environment (--key-variable).`);
    if (status === 404 || status === 405) return new AttemptFailed('stop', `${answer}. Are address and model right?`);
    // 400, 413, 422 and their kin are about this request; another item may fare better.
    return new AttemptFailed('giveUp', answer);
  }
}

/** Milliseconds of a `Retry-After` header: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): AttemptFailed => new AttemptFailed('giveUp', `answered with more than ${maxBytes} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel().catch(() => undefined);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (!response.body) return Buffer.alloc(0);
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(); // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UnusableAnswer('the answer is not JSON');
  }
}

/** System code of a failed connection; never the message, which may name what was sent. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown reason';
}
