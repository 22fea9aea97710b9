import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reviewDecide, reviewUndo } from '../../../src/engine/requests/reviewDecide.ts';
import { reviewCandidates, reviewIndex, reviewList } from '../../../src/engine/requests/reviewList.ts';
import type { MadeCandidate } from '../../../src/engine/synthesis/staging/events.ts';
import { StagingFolder } from '../../../src/engine/synthesis/staging/stagingFolder.ts';
import { candidateOf } from './candidates.ts';

const folder = mkdtempSync(join(tmpdir(), 'ballast-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const job = { signal: new AbortController().signal, threads: 1, report: () => undefined, log: () => undefined };
const id = (n: number): string => n.toString(16).padStart(16, '0');
const none = { score: null, lower: null, upper: null, finding: null, subject: null };
const target = (perspective: 'token' | 'object', entity: string): MadeCandidate['targets'][number] => ({
  perspective,
  entity,
  frequency: 1,
  want: 3,
  deficit: 2,
});

/** Lines of a journal as a synthesis writes them; `made` says what is special about a candidate, and which gate stopped it. */
function journalOf(
  count: number,
  made: (n: number) => Partial<MadeCandidate> & { readonly stop?: 'newText' | 'decodes' } = () => ({}),
): string {
  return Array.from({ length: count }, (_, n) => {
    const { stop, ...change } = made(n);
    const gates = [{ gate: stop ?? 'decodes', verdict: stop ? 'failed' : 'passed', ...none }];
    const events = [
      { event: 'made', seconds: 1, candidate: candidateOf(id(n), change) },
      { event: 'gated', id: id(n), gates, look: null },
    ];
    return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  }).join('');
}

async function staged(name: string, journal: string): Promise<string> {
  const path = join(folder, name);
  await StagingFolder.obtain(path, { dataset: join(folder, 'd.json'), sha256: 'abc', bytes: 1, images: undefined, runDir: folder });
  writeFileSync(join(path, 'journal.jsonl'), journal);
  return path;
}

describe('the index of a review', () => {
  it('tells ids, statuses and how many each value of a filter would show, the other parts as they are', async () => {
    const staging = await staged(
      'facets',
      journalOf(6, (n) => ({
        method: n < 4 ? 'augment' : 'synonym',
        targets: [target(n % 2 === 0 ? 'token' : 'object', n < 3 ? 'Black Cat' : 'dog')],
        ...(n === 5 ? { stop: 'newText' as const } : {}),
      })),
    );
    await reviewDecide({ staging, ids: [id(0)], status: 'accepted' }, job);
    await reviewDecide({ staging, ids: [id(1)], status: 'rejected', reason: 'blurred' }, job);
    await reviewDecide({ staging, ids: [id(2)], status: 'rejected', reason: 'wrong' }, job);
    const all = await reviewIndex({ staging });
    expect(all.ids).toEqual([0, 1, 2, 3, 4, 5].map(id));
    expect(all.statuses).toBe('arrppr');
    expect(all).toMatchObject({ dataset: join(folder, 'd.json'), acceptable: 2, reasons: ['wrong', 'blurred'] });
    expect(all.undoable).toEqual({ status: 'rejected', candidates: 1 });
    const cats = await reviewIndex({ staging, contains: 'CAT', status: 'rejected' });
    expect(cats.ids).toEqual([id(1), id(2)]);
    expect(cats.facets.status).toEqual({ pending: 0, accepted: 1, rejected: 2 });
    expect(cats.facets.perspective).toEqual({ object: 1, token: 1 });
    expect(cats.facets.method).toEqual({ augment: 2 });
    expect(cats.facets.gate).toEqual({});
    // Without the text: what else of this status could be looked for.
    expect(cats.facets.entity.map(({ entity, candidates }) => [entity, candidates])).toEqual([
      ['Black Cat', 1],
      ['Black Cat', 1],
      ['dog', 1],
    ]);
    const objects = await reviewIndex({ staging, perspective: 'object', contains: 'cat' });
    expect(objects.ids).toEqual([id(1)]);
    expect((await reviewIndex({ staging, contains: 'zebra' })).ids).toEqual([]);
  });

  it('gives candidates by id, in the order asked for, and leaves out unknown ones', async () => {
    const staging = await staged('some', journalOf(3));
    const { candidates } = await reviewCandidates({ staging, ids: [id(2), id(9), id(0)] });
    expect(candidates.map((one) => one.id)).toEqual([id(2), id(0)]);
    await expect(reviewCandidates({ staging, ids: new Array<string>(1001).fill(id(0)) })).rejects.toMatchObject({ code: 'usage' });
  });

  it('agrees with itself when many ask at once, and with a journal that was deleted and begun anew', async () => {
    const staging = await staged('many', journalOf(2));
    await reviewDecide({ staging, ids: [id(0)], status: 'accepted' }, job);
    await Promise.all([
      reviewUndo({ staging }, job),
      ...Array.from({ length: 20 }, () => reviewIndex({ staging })),
      ...Array.from({ length: 20 }, () => reviewList({ staging })),
    ]);
    expect(await reviewIndex({ staging })).toMatchObject({ statuses: 'pp', undoable: null });
    rmSync(join(staging, 'journal.jsonl'));
    expect((await reviewIndex({ staging })).ids).toEqual([]);
    writeFileSync(join(staging, 'journal.jsonl'), journalOf(1));
    expect((await reviewIndex({ staging })).ids).toEqual([id(0)]);
    expect((await reviewIndex({ staging })).counts.made).toBe(1);
  });

  it('is decided while a synthesis of the same process writes, without waiting for its end', async () => {
    const staging = await staged('writing', journalOf(1));
    const synthesis = await (await StagingFolder.open(staging)).writer(job);
    expect((await reviewDecide({ staging, ids: [id(0)], status: 'accepted' }, job)).changed).toHaveLength(1);
    await synthesis.append([{ event: 'made', seconds: 1, candidate: candidateOf(id(1)) }]);
    expect((await reviewDecide({ staging, ids: [id(1)], status: 'rejected', reason: 'x' }, job)).changed).toHaveLength(1);
    await synthesis[Symbol.asyncDispose]();
    expect((await reviewIndex({ staging })).statuses).toBe('ar');
    // Released: another writer gets the lock at once.
    await using next = await (await StagingFolder.open(staging)).writer(job);
    await next.append([{ event: 'undone', number: 1, at: '' }]);
    expect((await reviewIndex({ staging })).statuses).toBe('pr');
  });
});

describe('a review of 10,000 candidates', () => {
  it('reads of the journal only what is new, and answers before it is felt', async () => {
    const count = 10_000;
    const staging = await staged(
      'large',
      journalOf(count, (n) => ({ targets: [target('token', `word ${n % 997}`), target('object', `thing ${n % 89}`)] })),
    );
    await reviewIndex({ staging });
    const times: number[] = [];
    for (let n = 0; n < 20; n++) {
      const started = performance.now();
      await reviewDecide({ staging, ids: [id(n * 7)], status: n % 2 ? 'rejected' : 'accepted', reason: `reason ${n % 3}` }, job);
      const { ids, statuses } = await reviewIndex({ staging, status: 'pending' });
      times.push(performance.now() - started);
      expect([ids.length, statuses.length]).toEqual([count - n - 1, count - n - 1]);
    }
    const median = times.sort((a, b) => a - b)[10] as number;
    console.log(`decide and index at ${count}: median ${median.toFixed(1)} ms`);
    // What the whole journal costs: several times as much, whatever the machine.
    const started = performance.now();
    await (await StagingFolder.open(staging)).state();
    expect(median).toBeLessThan((performance.now() - started) / 2);
    // A line that is spoilt behind what was read is looked at once, those before it never again.
    const journal = readFileSync(join(staging, 'journal.jsonl'), 'utf8');
    writeFileSync(join(staging, 'journal.jsonl'), journal.replace('"event":"made"', '"event":"evil"'));
    appendFileSync(join(staging, 'journal.jsonl'), 'no event\n');
    expect((await reviewIndex({ staging })).ids).toHaveLength(count);
  });
});
