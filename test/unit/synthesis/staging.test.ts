import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reviewDecide, reviewUndo } from '../../../src/engine/requests/reviewDecide.ts';
import { reviewList } from '../../../src/engine/requests/reviewList.ts';
import { JournalWriter, readJournal } from '../../../src/engine/synthesis/staging/journalFile.ts';
import { StagingFolder } from '../../../src/engine/synthesis/staging/stagingFolder.ts';
import { candidateOf } from './candidates.ts';

const folder = mkdtempSync(join(tmpdir(), 'ballast-staging-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const job = { signal: new AbortController().signal, threads: 1, report: () => undefined, log: () => undefined };

const gate = (verdict: 'passed' | 'failed', name: 'newText' | 'decodes' = 'newText') => ({
  gate: name,
  verdict,
  score: null,
  lower: null,
  upper: null,
  finding: null,
  subject: null,
});
const id = (n: number): string => n.toString(16).padStart(16, '0');

async function staged(name: string): Promise<string> {
  const path = join(folder, name);
  const staging = await StagingFolder.obtain(path, {
    dataset: join(folder, 'd.json'),
    sha256: 'abc',
    bytes: 1,
    images: undefined,
    runDir: folder,
  });
  await using writer = await staging.writer(job);
  const gatesOf = (n: number) => (n === 2 ? [gate('failed')] : n === 3 ? [gate('failed', 'decodes')] : [gate('passed')]);
  for (let n = 0; n < 5; n++) {
    await writer.append([{ event: 'made', seconds: 1, candidate: candidateOf(id(n)) }]);
    if (n < 4) await writer.append([{ event: 'gated', id: id(n), gates: gatesOf(n), look: null }]);
  }
  return path;
}

describe('a journal', () => {
  it('ends at its last whole line: half of one is cut off by the next writer and unseen by readers', async () => {
    const path = join(folder, 'j.jsonl');
    {
      await using writer = await JournalWriter.open(path);
      await writer.append([{ n: 1 }, { n: 2 }]);
    }
    appendFileSync(path, '{"n":3,"text":"tor');
    expect((await readJournal(path)).events).toEqual([{ n: 1 }, { n: 2 }]);
    await using writer = await JournalWriter.open(path);
    await writer.append([{ n: 4 }]);
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":4}\n');
  });

  it('is read on from where it was left', async () => {
    const path = join(folder, 'k.jsonl');
    writeFileSync(path, '{"n":1}\nno json\n');
    const first = await readJournal(path);
    expect(first.events).toEqual([{ n: 1 }, undefined]);
    appendFileSync(path, '{"n":"ü"}\n');
    expect((await readJournal(path, first.next)).events).toEqual([{ n: 'ü' }]);
  });
});

describe('a review', () => {
  it('accepts what passed every gate, and nothing else', async () => {
    const staging = await staged('gated');
    const { changed, counts } = await reviewDecide({ staging, ids: 'gated', status: 'accepted' }, job);
    expect(changed.map((one) => one.id)).toEqual([id(0), id(1)]);
    // Two stopped by gates; the fifth was never judged.
    expect(counts).toMatchObject({ made: 5, gated: 2, accepted: 2, rejected: 2, pending: 1 });
    expect((await reviewDecide({ staging, ids: 'gated', status: 'accepted' }, job)).changed).toEqual([]);
  });

  it('rejects with a reason, undoes step by step, and is there again after reopening', async () => {
    const staging = await staged('undo');
    await reviewDecide({ staging, ids: [id(0), id(1)], status: 'accepted' }, job);
    await reviewDecide({ staging, ids: [id(1)], status: 'rejected', reason: 'blurred' }, job);
    const page = await reviewList({ staging, status: 'rejected' });
    expect(page.candidates.find((one) => one.id === id(1))).toMatchObject({ reason: 'blurred', decidedBy: 'person' });
    expect(page.facets.status).toEqual({ pending: 1, accepted: 1, rejected: 3 });
    expect((await reviewUndo({ staging }, job)).changed).toEqual([{ id: id(1), from: 'rejected', to: 'accepted' }]);
    expect((await reviewUndo({ staging }, job)).changed).toHaveLength(2);
    await expect(reviewUndo({ staging }, job)).rejects.toMatchObject({ code: 'review.refused' });
    expect((await (await StagingFolder.open(staging)).state()).counts).toMatchObject({ accepted: 0, pending: 3, rejected: 2 });
  });

  it('overrules soft gates by hand, never hard ones, nor accepts what was not judged', async () => {
    const staging = await staged('hard');
    expect((await reviewDecide({ staging, ids: [id(2)], status: 'accepted' }, job)).changed).toHaveLength(1);
    for (const n of [3, 4, 9])
      await expect(reviewDecide({ staging, ids: [id(n)], status: 'accepted' }, job)).rejects.toMatchObject({ code: 'review.refused' });
  });

  it('pages and filters', async () => {
    const staging = await staged('pages');
    expect((await reviewList({ staging, offset: 1, limit: 2 })).candidates.map((one) => one.id)).toEqual([id(1), id(2)]);
    expect((await reviewList({ staging, gate: 'newText' })).candidates.map((one) => one.id)).toEqual([id(2)]);
    expect((await reviewList({ staging, entity: 'dog' })).total).toBe(0);
    expect((await reviewList({ staging })).facets.entity).toEqual([{ perspective: 'token', entity: 'cat', candidates: 5 }]);
  });

  it('refuses another dataset', async () => {
    const staging = await staged('other');
    const source = { dataset: join(folder, 'e.json'), sha256: 'other', bytes: 1, images: undefined, runDir: folder };
    await expect(StagingFolder.obtain(staging, source)).rejects.toMatchObject({ code: 'staging.otherDataset' });
    await expect(StagingFolder.open(join(folder, 'none'))).rejects.toMatchObject({ code: 'staging.notFound' });
    writeFileSync(join(staging, 'staging.json'), '{}');
    await expect(StagingFolder.open(staging)).rejects.toMatchObject({ code: 'staging.invalid' });
  });
});
