import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteRunRecord, listRuns, newRunId, type RunRecord, readRunRecords, writeRunRecord } from '../../../src/engine/runs/runRecord.ts';

let runDir: string;
beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'ballast-records-'));
});
afterEach(() => rmSync(runDir, { recursive: true, force: true }));

function record(id: string): RunRecord {
  return {
    id,
    command: 'rebalance',
    finished: '2026-11-21T00:00:00.000Z',
    dataset: '/d',
    output: '/o',
    manifest: '/m',
    selectionHash: 'h',
  };
}

describe('run records', () => {
  it('are listed newest first, and a damaged one hides no other', async () => {
    await writeRunRecord(runDir, record('20260101T000000000Z-00000001'));
    await writeRunRecord(runDir, record('20260102T000000000Z-00000002'));
    const folder = join(runDir, 'runs');
    writeFileSync(join(folder, 'cut.run.json'), '{"id": "cu');
    writeFileSync(join(folder, 'number.run.json'), '7');
    writeFileSync(join(folder, 'other.run.json'), JSON.stringify(record('20260103T000000000Z-00000003')));
    mkdirSync(join(folder, 'folder.run.json'));
    const { records, unreadable } = await readRunRecords(runDir);
    expect(records.map(({ id }) => id)).toEqual(['20260102T000000000Z-00000002', '20260101T000000000Z-00000001']);
    expect(unreadable.sort()).toEqual(['cut', 'folder', 'number', 'other'].map((name) => join(folder, `${name}.run.json`)));
    expect(await listRuns(runDir)).toEqual(records);
    expect(await readRunRecords(join(runDir, 'nowhere'))).toEqual({ records: [], unreadable: [] });
  });

  it('are deleted one by one; no id leads out of the folder', async () => {
    const id = newRunId();
    await writeRunRecord(runDir, record(id));
    await writeRunRecord(runDir, record('other'));
    const outside = join(runDir, 'outside.run.json');
    writeFileSync(outside, '{}');
    for (const wrong of ['../outside', '..\\outside', '', '.', 'a/b', outside]) expect(await deleteRunRecord(runDir, wrong)).toBe(false);
    expect(existsSync(outside)).toBe(true);
    expect(await deleteRunRecord(runDir, id)).toBe(true);
    expect(await deleteRunRecord(runDir, id)).toBe(false);
    expect(readdirSync(join(runDir, 'runs'))).toEqual(['other.run.json']);
  });
});
