import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InspectReport } from '../../src/protocol/dataset.ts';
import type { Manifest } from '../../src/protocol/manifest.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from '../../src/protocol/reports.ts';
import { type GenerateResult, generateDataset } from '../fixtures/generateDataset.mjs';
import { answer, ballast, keptOf, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('contract');
const dataset = join(folder, 'set.json');
const output = join(folder, 'out.json');
const control = join(folder, 'random.json');
let made: GenerateResult;
let rebalanced: RebalanceReport;

beforeAll(async () => {
  made = await generateDataset({ outFile: dataset, instances: 1500, seed: 7, profile: 'small', validJson: true, plantDuplicates: 20 });
  rebalanced = await answer<RebalanceReport>(['rebalance', dataset, '--target', '60%', '--random-control', control, '-o', output]);
}, 120_000);

describe('the command line contract', () => {
  it('inspects', async () => {
    const report = await answer<InspectReport>(['inspect', dataset]);
    expect(report.dataset).toMatchObject({ path: dataset, format: 'json', variant: 'llava', bytes: made.bytes, sha256: made.sha256 });
    expect(report.instances).toBe(1500);
    expect(report.turns).toBe(made.planted.turns);
    expect(report.withImage).toBe(made.planted.withImage);
    expect(report.textOnly).toBe(made.planted.textOnly);
    const records = JSON.parse(readFileSync(dataset, 'utf8')) as { id: string; image?: string }[];
    expect(report.distinctIds).toBe(new Set(records.map(({ id }) => id)).size);
    expect(report.distinctImages).toBe(new Set(records.flatMap(({ image }) => (image ? [image] : []))).size);
  });

  it('analyses with every field of the contract', async () => {
    const report = await answer<AnalyzeReport>(['analyze', dataset]);
    expect(Object.keys(report.perspectives)).toEqual([...perspectives]);
    for (const one of Object.values(report.perspectives)) {
      for (const field of [
        'entities',
        'postings',
        'tau',
        'rank',
        'mass',
        'tailEntityShare',
        'tailMassShare',
        'gini',
        'scarceInstances',
      ] as const)
        expect(one[field]).toBeTypeOf('number');
      expect(one.head.length).toBeLessThanOrEqual(20);
      expect(one.head[0]?.frequency).toBeGreaterThanOrEqual(one.head.at(-1)?.frequency ?? 0);
    }
    const top = report.perspectives.object?.head[0];
    const found = await answer<AnalyzeReport>(['analyze', dataset, '--entity', top?.entity ?? '', '--perspective', 'object', '--top', '1']);
    expect(found.entity?.ordinals).toHaveLength(top?.frequency ?? -1);
    expect(found.perspectives.object?.head).toHaveLength(1);
  });

  it('rebalances to the target, within three standard deviations of the exact expectation', () => {
    expect(rebalanced.instances).toBe(1500);
    expect(rebalanced.kept + rebalanced.dropped).toBe(1500);
    expect(rebalanced.expected).toBeCloseTo(900, 3);
    expect(Math.abs(rebalanced.kept - rebalanced.expected)).toBeLessThan(3 * rebalanced.standardDeviation);
    for (const one of Object.values(rebalanced.perspectives)) expect(one.tailKept ?? 0).toBeGreaterThan(one.headKept ?? 1);
  });

  it('writes kept records byte by byte, a control of equal size, and a manifest that says so', () => {
    const source = JSON.parse(readFileSync(dataset, 'utf8')) as unknown[];
    const kept = keptOf(output);
    expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual(kept.map((ordinal) => source[ordinal]));
    expect(JSON.parse(readFileSync(control, 'utf8'))).toHaveLength(kept.length);
    const hash = createHash('sha256');
    for (const ordinal of kept) hash.update(Uint8Array.of(ordinal & 255, (ordinal >> 8) & 255, (ordinal >> 16) & 255, ordinal >>> 24));
    expect(rebalanced.selectionHash).toBe(hash.digest('hex'));
    const manifest = JSON.parse(readFileSync(`${output}.manifest.json`, 'utf8')) as Manifest;
    expect(manifest).toMatchObject({
      command: 'rebalance',
      seed: 42,
      sampler: 'hash',
      selectionHash: rebalanced.selectionHash,
      source: { path: 'set.json', sha256: made.sha256 },
    });
    expect(manifest.outputs.map(({ path, role }) => [path, role])).toEqual([
      ['out.json', 'selection'],
      ['random.json', 'control'],
    ]);
    for (const { path, sha256 } of manifest.outputs)
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      ).toBe(sha256);
  });

  it('explains every verdict so that it can be computed again', async () => {
    const kept = new Set(keptOf(output));
    for (const ordinal of [0, 1, 500, 1499]) {
      const receipt = await answer<Receipt>(['explain', dataset, '--instance', String(ordinal)]);
      expect(receipt.verdict).toBe(kept.has(ordinal) ? 'kept' : 'dropped');
      let passes = 0;
      for (const { entities, q, passed } of Object.values(receipt.perspectives)) {
        for (const { probability, draw, won } of entities) expect(won).toBe((draw ?? 1) < probability);
        expect(passed).toBe(entities.some(({ won }) => won));
        expect(q).toBeCloseTo(1 - entities.reduce((fail, { probability }) => fail * (1 - probability), 1), 12);
        if (passed) passes++;
      }
      expect(receipt.verdict === 'kept').toBe(passes >= receipt.minPerspectives);
    }
  });

  it('compares a set with its result', async () => {
    const report = await answer<DiffReport>(['diff', dataset, output]);
    expect(report).toMatchObject({ common: rebalanced.kept, added: 0, removed: rebalanced.dropped });
    for (const perspective of perspectives)
      expect(report.perspectives[perspective]?.entitiesLost).toBe(rebalanced.perspectives[perspective]?.lostEntities);
    expect(report.changed).toEqual({ id: 0, image: 0 });
    expect(report.sources.reduce((sum, { a }) => sum + a, 0)).toBe(1500);
    expect(report.sources.reduce((sum, { b }) => sum + b, 0)).toBe(rebalanced.kept);
    const reverse = await answer<DiffReport>(['diff', output, dataset]);
    expect(reverse).toMatchObject({ common: rebalanced.kept, added: rebalanced.dropped, removed: 0 });
    expect(reverse.perspectives.token?.entitiesGained).toBe(rebalanced.perspectives.token?.lostEntities);
  });

  it('verifies a result, and notices any change of output, manifest or source', async () => {
    expect(await answer<VerifyReport>(['verify', output])).toMatchObject({ ok: true, kept: rebalanced.kept });
    const bytes = readFileSync(output);
    const damaged = Buffer.from(bytes);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    writeFileSync(output, damaged);
    const bad = await ballast(['verify', output, '--json']);
    expect(bad.code).toBe(1);
    expect((JSON.parse(bad.stdout) as VerifyReport).checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('output');
    writeFileSync(output, bytes);
    const manifestPath = `${output}.manifest.json`;
    const manifest = readFileSync(manifestPath, 'utf8');
    const edited = JSON.parse(manifest) as Manifest;
    const edits: ((m: { -readonly [K in keyof Manifest]: Manifest[K] }) => void)[] = [
      (m) => (m.counts = { ...m.counts, kept: (m.counts.kept ?? 0) + 1 }),
      (m) => (m.counts = { ...m.counts, expected: (m.counts.expected ?? 0) + 1 }),
      (m) => (m.source = { ...m.source, bytes: m.source.bytes + 1 }),
      (m) => (m.seed = m.seed + 1),
      (m) => (m.selectionHash = m.selectionHash.replace(/^./, (c) => (c === '0' ? '1' : '0'))),
    ];
    for (const edit of edits) {
      const copy = structuredClone(edited);
      edit(copy);
      writeFileSync(manifestPath, JSON.stringify(copy));
      expect((await ballast(['verify', output])).code).toBe(1);
    }
    writeFileSync(manifestPath, manifest);
    expect((await ballast(['verify', output])).code).toBe(0);
  });

  it('verifies a set that LLaMA-Factory describes, whose fields have other names', async () => {
    const records = Array.from({ length: 40 }, (_, i) => ({
      dialog: [
        { who: 'u', what: `Where is the ${i % 2 ? 'cat' : 'dog'}?` },
        { who: 'a', what: `On the ${i % 5 ? 'sofa' : 'boat'}.` },
      ],
    }));
    writeFileSync(join(folder, 'renamed.json'), JSON.stringify(records));
    writeFileSync(
      join(folder, 'dataset_info.json'),
      JSON.stringify({
        mine: {
          file_name: 'renamed.json',
          formatting: 'sharegpt',
          columns: { messages: 'dialog' },
          tags: { role_tag: 'who', content_tag: 'what', user_tag: 'u', assistant_tag: 'a' },
        },
        other: { file_name: 'x.json' },
      }),
    );
    const result = join(folder, 'renamed.out.json');
    const report = await answer<RebalanceReport>([
      'rebalance',
      `${join(folder, 'dataset_info.json')}#mine`,
      '--target',
      '50%',
      '-o',
      result,
    ]);
    expect(report.instances).toBe(40);
    expect((await answer<VerifyReport>(['verify', result])).ok).toBe(true);
  });

  it('tells what the machine can do', async () => {
    const report = await answer<DoctorReport>(['doctor']);
    expect(report.devices).toContainEqual(expect.objectContaining({ device: 'cpu', available: true }));
    expect(report.components.filter(({ available }) => !available)).toEqual([]);
  });

  it('uses what an earlier call finished, and says so', async () => {
    const report = await answer<AnalyzeReport>(['analyze', dataset]);
    expect(report.reused).toEqual(expect.arrayContaining(['extract', 'reverseIndex token']));
    const text = await ballast(['analyze', dataset]);
    expect(text.stdout).toContain('Used again from an earlier run');
  });

  it('exports what it imports', async () => {
    const file = join(folder, 'entities.jsonl');
    const first = await answer<AnalyzeReport>(['analyze', dataset, '--export', file]);
    const again = await answer<AnalyzeReport>(['analyze', dataset, '--entities', file]);
    expect(again.entitiesFrom).toBe('imported');
    expect(again.perspectives).toEqual(first.perspectives);
  });

  it.each([
    [['inspect'], 2, 'usage'],
    [['inspect', 'nowhere.json'], 1, 'dataset.notFound'],
    [['frobnicate'], 2, 'usage'],
    [['rebalance', dataset], 2, 'usage'],
    [['rebalance', dataset, '-o', dataset], 1, 'output.wouldOverwriteSource'],
    [['rebalance', dataset, '-o', join(folder, 'x.json'), '--min-perspectives', '5'], 2, 'usage'],
    [['rebalance', dataset, '-o', join(folder, 'x.json'), '--target', '99999'], 1, 'selection.unreachable'],
    [['explain', dataset, '--instance', '1500'], 1, 'instance.notFound'],
    [['explain', dataset], 2, 'usage'],
    [['analyze', dataset, '--entity', 'no such thing', '--perspective', 'token'], 1, 'entity.notFound'],
    [['verify', dataset], 1, 'manifest.notFound'],
    [['analyze', dataset, '--export', dataset], 1, 'output.wouldOverwriteSource'],
    [['rebalance', dataset, '-o', join(folder, 'y.json'), '--random-control', join(folder, '.', 'y.json')], 2, 'usage'],
    [['rebalance', dataset, '-o', join(folder, 'y.json'), '--random-control', join(folder, 'y.json.manifest.json')], 2, 'usage'],
    [['inspect', dataset, '--images', join(folder, 'no such folder')], 2, 'usage'],
    [['inspect', dataset, '--run-dir', dataset], 1, 'output.noPermission'],
    [['rebalance', dataset, '--target', '-5'], 2, 'usage'],
  ])('fails as a document: %j', async (args, code, error) => {
    const ended = await ballast([...args, '--json']);
    expect([ended.code, (JSON.parse(ended.stdout) as { error: { code: string } }).error.code]).toEqual([code, error]);
    const spoken = await ballast(args);
    expect([spoken.code, spoken.stdout]).toEqual([code, '']);
    expect(spoken.stderr).toMatch(/^ballast: \S.*\./m);
  });

  it('has help for every verb', async () => {
    for (const verb of ['inspect', 'analyze', 'rebalance', 'explain', 'diff', 'verify', 'doctor']) {
      const { code, stdout } = await ballast([verb, '--help']);
      expect([code, stdout.startsWith(`ballast ${verb}`)]).toEqual([0, true]);
    }
    expect((await ballast(['--help'])).stdout).toContain('rebalance');
  });
});
