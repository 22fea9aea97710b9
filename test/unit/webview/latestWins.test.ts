import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatestWins } from '../../../webview-ui/selection/latestWins.ts';

interface Question {
  readonly id: number;
  /** Questions of the same kind share their work. */
  readonly kind: number;
}

function lab() {
  const waiting: { question: Question; signal: AbortSignal; answer: () => void; fail: (error: Error) => void }[] = [];
  const asked: Question[] = [];
  const answered: number[] = [];
  const failures: string[] = [];
  const busy: boolean[] = [];
  const requests = new LatestWins<Question, number>({
    ask: (question, signal) => {
      asked.push(question);
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
        waiting.push({ question, signal, answer: () => resolve(question.id), fail: reject });
      });
    },
    sharesWork: (a, b) => a.kind === b.kind,
    onAnswer: (result) => answered.push(result),
    onFailure: (error) => failures.push(error instanceof Error ? error.message : String(error)),
    onBusy: (now) => busy.push(now),
  });
  return { requests, waiting, asked, answered, failures, busy };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('LatestWins', () => {
  it('asks one at a time and forgets all but the newest', async () => {
    const { requests, waiting, asked, answered, busy } = lab();
    for (let id = 0; id < 50; id++) requests.ask({ id, kind: 0 });
    expect(asked.map(({ id }) => id)).toEqual([0]);
    waiting[0]?.answer();
    await settled();
    expect(asked.map(({ id }) => id)).toEqual([0, 49]);
    expect(requests.isBusy).toBe(true);
    waiting[1]?.answer();
    await settled();
    expect(answered).toEqual([0, 49]);
    expect(busy).toEqual([true, false]);
  });

  it('breaks off what the newer question cannot use, without a failure', async () => {
    const { requests, waiting, asked, answered, failures } = lab();
    requests.ask({ id: 1, kind: 0 });
    requests.ask({ id: 2, kind: 1 });
    expect(waiting[0]?.signal.aborted).toBe(true);
    await settled();
    waiting[1]?.answer();
    await settled();
    expect([asked.map(({ id }) => id), answered, failures]).toEqual([[1, 2], [2], []]);
  });

  it('tells a failure and a cancel, and goes on after both', async () => {
    const { requests, waiting, answered, failures } = lab();
    requests.ask({ id: 1, kind: 0 });
    waiting[0]?.fail(new Error('gone'));
    await settled();
    requests.ask({ id: 2, kind: 0 });
    requests.ask({ id: 3, kind: 0 });
    requests.cancel();
    await settled();
    expect(failures).toEqual(['gone', 'cancelled']);
    expect(requests.isBusy).toBe(false);
    requests.ask({ id: 4, kind: 0 });
    waiting[2]?.answer();
    await settled();
    expect(answered).toEqual([4]);
  });

  it('always ends with the answer to the last question', async () => {
    const step = fc.oneof(
      fc.record({ ask: fc.integer({ min: 0, max: 2 }) }),
      fc.constant({ answer: true as const }),
      fc.constant({ fail: true as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { requests, waiting, asked, answered, failures } = lab();
        let id = 0;
        const open = () => waiting.findLast(({ signal }) => !signal.aborted);
        for (const one of steps) {
          if ('ask' in one) requests.ask({ id: ++id, kind: one.ask });
          else if ('answer' in one) open()?.answer();
          else open()?.fail(new Error('no'));
          await settled();
        }
        for (let i = 0; requests.isBusy && i < 5; i++) {
          open()?.answer();
          await settled();
        }
        expect(requests.isBusy).toBe(false);
        if (id > 0) expect(asked.at(-1)?.id).toBe(id);
        // The last word is about the last question: its answer, or that it failed.
        if (id > 0 && answered.at(-1) !== id) expect(failures.length).toBeGreaterThan(0);
        expect([...answered].sort((a, b) => a - b)).toEqual(answered);
      }),
      { numRuns: 30 },
    );
  });
});
