import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { ComposeReport, ReviewDecision, ReviewPage, SynthesizeReport } from '../../src/protocol/synthesis.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { picture } from '../unit/runtime/pictures.ts';
import { answer, ballast, keptOf, temporaryFolder } from './ballast.ts';

interface LlavaRecord {
  readonly id?: string;
  readonly image?: string;
  readonly conversations: readonly { readonly from: string; readonly value: string }[];
}

const folder = temporaryFolder('synthesis');
const dataset = join(folder, 'data', 'set.json');
const runDir = join(folder, 'run');
const selection = join(folder, 'data', 'kept.json');
const generator = new MersenneTwister(7);
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const parsed = (path: string): LlavaRecord[] => JSON.parse(readFileSync(path, 'utf8')) as LlavaRecord[];
const synthesizeIn = (staging: string, ...more: string[]): string[] => [
  'synthesize',
  dataset,
  '--run-dir',
  runDir,
  '--method',
  'augment',
  '--quota',
  'deficit',
  '--count',
  '30',
  '--staging',
  staging,
  ...more,
];
const composeTo = (output: string, staging: string, ...more: string[]): string[] => [
  'compose',
  dataset,
  '--run-dir',
  runDir,
  '--selection',
  `${selection}.manifest.json`,
  '--synthetic',
  staging,
  '-o',
  output,
  ...more,
];

/** Every file below a folder. */
function filesIn(path: string): string[] {
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}

let instances = 0;
beforeAll(async () => {
  const made = await generateDataset({
    outFile: dataset,
    instances: 120,
    seed: 11,
    profile: 'small',
    images: { dir: join(folder, 'data'), count: 'each', size: 96 },
  });
  instances = made.instances;
  await answer(['rebalance', dataset, '--run-dir', runDir, '--target', '90%', '-o', selection]);
}, 300_000);

describe('augmented instances', () => {
  const staging = join(folder, 'staging');
  const output = join(folder, 'data', 'composed.json');

  it('are planned, made, judged, reviewed and composed to exactly the source’s volume', async () => {
    const sourceBefore = digest(dataset);
    const plan = await answer<SynthesizeReport>(synthesizeIn(staging, '--dry-run'));
    expect(plan).toMatchObject({ dryRun: true, made: 0, plan: { asks: null, ready: 0, requests: 0, instances } });
    expect(plan.plan.planned).toBeGreaterThan(10);
    expect(existsSync(staging)).toBe(false);
    const made = await answer<SynthesizeReport>(synthesizeIn(staging));
    expect(made).toMatchObject({ made: plan.plan.planned, staged: plan.plan.planned, failed: 0 });
    expect(made.gated).toBeGreaterThan(made.staged / 2);
    const accepted = await answer<ReviewDecision>(['review', staging, '--accept', 'gated']);
    expect(accepted.counts.accepted).toBe(made.gated);

    const report = await answer<ComposeReport>(composeTo(output, staging, '--volume', 'keep'));
    const kept = keptOf(selection);
    expect(report).toMatchObject({ volume: instances, kept: kept.length, synthetic: instances - kept.length, acceptedBy: { person: 0 } });
    const [source, composed] = [parsed(dataset), parsed(output)];
    expect(composed).toHaveLength(instances);
    expect(composed.slice(0, kept.length)).toEqual(kept.map((ordinal) => source[ordinal]));
    const { synthetic } = JSON.parse(readFileSync(report.manifest, 'utf8')) as {
      synthetic: { id: string; parent: { ordinal: number; id: string }; image: { path: string; sha256: string }; method: string }[];
    };
    for (const [i, record] of composed.slice(kept.length).entries()) {
      const origin = synthetic[i];
      const parent = source[origin?.parent.ordinal ?? -1];
      expect(Object.keys(record)).toEqual(Object.keys(parent ?? {}));
      expect(record.conversations).toEqual(parent?.conversations);
      expect(record.id).toBe(origin?.id);
      expect(record.id?.startsWith(parent?.id ?? '?')).toBe(true);
      expect(record.image).not.toBe(parent?.image);
      // The output lies in an image root, so one root serves both.
      expect(digest(join(dirname(dataset), record.image ?? ''))).toBe(origin?.image.sha256);
    }
    expect((await ballast(['verify', output, '--run-dir', runDir, '--quiet'])).code).toBe(0);
    expect((await answer<{ variant: string; instances: number }>(['inspect', output])).instances).toBe(instances);
    expect(digest(dataset)).toBe(sourceBefore);
  });

  it('are not made twice', async () => {
    const journal = readFileSync(join(staging, 'journal.jsonl'), 'utf8');
    const again = await answer<SynthesizeReport>(synthesizeIn(staging));
    expect(again).toMatchObject({ made: 0, plan: { ready: again.plan.planned } });
    const added = readFileSync(join(staging, 'journal.jsonl'), 'utf8').slice(journal.length).trim().split('\n');
    expect(added.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['run']);
    expect((await answer<ReviewPage>(['review', staging])).counts.planned).toBe(again.plan.planned);
  });

  it('reach every feasible volume exactly; another is refused with the largest', async () => {
    const { counts } = await answer<ReviewPage>(['review', staging, '--list']);
    const kept = keptOf(selection).length;
    const largest = kept + counts.accepted;
    for (const volume of [kept, kept + 1, largest]) {
      const path = join(folder, 'elsewhere', `v${volume}.json`);
      const report = await answer<ComposeReport>(composeTo(path, staging, '--volume', String(volume)));
      expect(parsed(path)).toHaveLength(volume);
      expect(report.imageRoots).toHaveLength(2);
    }
    for (const volume of [kept - 1, largest + 1]) {
      const path = join(folder, 'elsewhere', 'never.json');
      const ended = await ballast([...composeTo(path, staging, '--volume', String(volume)), '--json', '--quiet']);
      expect(ended.code).toBe(1);
      expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'compose.infeasible', data: { largest, smallest: kept } } });
      expect(existsSync(path)).toBe(false);
    }
  });

  it('that nobody accepted are never merged', async () => {
    const page = await answer<ReviewPage>(['review', staging, '--status', 'accepted', '--limit', '1000']);
    const ids = page.candidates.map(({ id }) => id);
    await answer(['review', staging, '--reject', ids.join(','), '--reason', 'none of them']);
    const path = join(folder, 'elsewhere', 'none.json');
    const ended = await ballast([...composeTo(path, staging), '--json', '--quiet']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'compose.infeasible', data: { accepted: 0 } } });
    await answer(['review', staging, '--undo']);
    expect((await answer<ReviewPage>(['review', staging])).counts.accepted).toBe(ids.length);
  });

  it('are missed by verify when anything was changed', async () => {
    const { synthetic } = JSON.parse(readFileSync(`${output}.manifest.json`, 'utf8')) as { synthetic: { image: { path: string } }[] };
    const image = join(dirname(output), synthetic[0]?.image.path ?? '');
    const bytes = readFileSync(image);
    writeFileSync(image, Buffer.concat([bytes, Buffer.from('x')]));
    const ended = await ballast(['verify', output, '--run-dir', runDir, '--json', '--quiet']);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false });
    writeFileSync(image, bytes);
    expect((await ballast(['verify', output, '--run-dir', runDir, '--quiet'])).code).toBe(0);
  });

  it('survive kill -9 at any moment: the same candidates, judgements and result', async () => {
    const facts = (path: string): unknown[] =>
      readFileSync(join(path, 'journal.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; id: string; candidate?: { id: string }; seconds?: number })
        .filter(({ event }) => event === 'made' || event === 'gated')
        .map(({ seconds: _, ...event }) => event)
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const killed = join(folder, 'killed');
    for (let round = 0; round < 6; round++)
      await ballast([...synthesizeIn(killed), '--quiet'], (child) =>
        setTimeout(() => child.kill('SIGKILL'), 700 + generator.random() * 2500),
      );
    await answer(synthesizeIn(killed));
    expect(facts(killed)).toEqual(facts(staging));
    expect(filesIn(killed).filter((file) => file.includes('ballast-tmp'))).toEqual([]);
    await answer(['review', killed, '--accept', 'gated']);
    const path = join(folder, 'data', 'again.json');
    for (let round = 0; round < 4; round++)
      await ballast([...composeTo(path, killed), '--quiet'], (child) =>
        setTimeout(() => child.kill('SIGKILL'), 200 + generator.random() * 900),
      );
    await answer(composeTo(path, killed));
    expect(readFileSync(path, 'utf8').replaceAll('again.synthetic', 'composed.synthetic')).toBe(readFileSync(output, 'utf8'));
  });
});

describe('other framings and methods', () => {
  it('JSON lines stay JSON lines, also without a line end behind the last', async () => {
    const lines = join(folder, 'data', 'set.jsonl');
    writeFileSync(
      lines,
      parsed(dataset)
        .map((record) => JSON.stringify(record))
        .join('\r\n'),
    );
    const staging = join(folder, 'lines');
    const base = [lines, '--run-dir', join(folder, 'run2')];
    await answer(['synthesize', ...base, '--method', 'augment', '--count', '5', '--want-at-least', '3', '--staging', staging]);
    await answer(['review', staging, '--accept', 'gated']);
    const { counts } = await answer<ReviewPage>(['review', staging]);
    const output = join(folder, 'data', 'lines.jsonl');
    await answer(['compose', ...base, '--synthetic', staging, '--volume', String(instances + counts.accepted), '-o', output]);
    const text = readFileSync(output, 'utf8');
    expect(text.startsWith(readFileSync(lines, 'utf8'))).toBe(true);
    const records = text.split('\r\n');
    expect(records).toHaveLength(instances + counts.accepted);
    for (const record of records) JSON.parse(record);
    expect((await ballast(['verify', output, '--run-dir', join(folder, 'run2'), '--quiet'])).code).toBe(0);
  });

  it('where synthetic records have no place, compose says so', async () => {
    const keyed = join(folder, 'data', 'keyed.json');
    writeFileSync(keyed, JSON.stringify(Object.fromEntries(parsed(dataset).map((record, i) => [`k${i}`, record]))));
    const staging = join(folder, 'keyed');
    const base = [keyed, '--run-dir', join(folder, 'run3')];
    await answer(['synthesize', ...base, '--method', 'augment', '--count', '2', '--want-at-least', '3', '--staging', staging]);
    await answer(['review', staging, '--accept', 'gated']);
    const ended = await ballast(['compose', ...base, '--synthetic', staging, '--volume', 'keep', '-o', join(folder, 'k.json'), '--json']);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'compose.unsupported', data: { reason: 'keyed' } } });
  });

  it('synonyms change question and answer together and serve scarce tokens only', async () => {
    const own = join(folder, 'words', 'set.json');
    mkdirSync(dirname(own), { recursive: true });
    const record = (i: number, noun: string) => ({
      id: `w${i}`,
      conversations: [
        { from: 'human', value: `What color is the ${noun} in room ${i}?` },
        { from: 'gpt', value: `The ${noun} is red.` },
      ],
    });
    writeFileSync(
      own,
      JSON.stringify(
        Array.from({ length: 30 }, (_, i) => record(i, i === 7 ? 'automobile' : 'car')),
        null,
        1,
      ),
    );
    const staging = join(folder, 'synonyms');
    const base = [own, '--run-dir', join(folder, 'run4')];
    const report = await answer<SynthesizeReport>([
      'synthesize',
      ...base,
      '--method',
      'synonym',
      '--quota',
      'deficit',
      '--perspectives',
      'token',
      '--tau',
      'token=3',
      '--staging',
      staging,
    ]);
    expect(report.plan.planned).toBe(2); // wanted 3, there is 1
    const { candidates } = await answer<ReviewPage>(['review', staging]);
    for (const { turns, status, targets } of candidates) {
      expect(status).toBe('pending');
      expect(targets).toMatchObject([{ entity: 'automobile', frequency: 1, want: 3, deficit: 2 }]);
      expect(turns?.[0]?.text).toMatch(/^What color is the automobile in room \d+\?$/);
      expect(turns?.[1]?.text).toBe('The automobile is red.');
    }
  });

  it('wrong usage is told: exit 2', async () => {
    for (const more of [
      ['--method', 'augment'],
      ['--method', 'nonsense', '--count', '3'],
      ['--method', 'augment', '--count', '3', '--provider', 'endpoint'],
      ['--method', 'augment', '--count', '3', '--steps', '4'],
      ['--method', 'rewrite', '--count', '3'],
      ['--method', 'rewrite', '--count', '3', '--endpoint', 'http://u:p@h/v1', '--model', 'm'],
      ['--method', 'rewrite', '--count', '3', '--endpoint', 'http://127.0.0.1:9/v1', '--model', 'm', '--max-cost', '1'],
    ])
      expect((await ballast(['synthesize', dataset, '--run-dir', runDir, ...more])).code, more.join(' ')).toBe(2);
    const local = await ballast([
      'synthesize',
      dataset,
      '--run-dir',
      runDir,
      '--method',
      'variation',
      '--count',
      '1',
      '--provider',
      'local',
      '--model',
      'm',
      '--json',
    ]);
    expect(JSON.parse(local.stdout)).toMatchObject({ error: { code: 'synthesis.notAvailable' } });
  });
});

describe('endpoints', () => {
  const key = 'sk-test-0123456789abcdef';
  let server: Server;
  let asked = 0;
  let address = '';
  /** Ways of answering a rewording, by turns. */
  const hostile: ((turns: { text: string }[]) => string | number)[] = [
    (turns) => JSON.stringify({ turns: turns.map(({ text }) => `In other words, ${text} Is that so?`) }),
    () => '{"turns": [',
    () => 500,
    () => 'I will not.',
    () => JSON.stringify({ turns: ['only one'] }),
    (turns) => JSON.stringify({ turns: turns.map(() => '<script>alert(1)</script> ../../etc/passwd \u0007') }),
    (turns) => `\`\`\`json\n${JSON.stringify({ turns: turns.map(({ text }) => `To put it differently: ${text} Or not?`) })}\n\`\`\``,
    () => 429,
  ];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.headers.authorization !== `Bearer ${key}`) {
          response.writeHead(401).end(`wrong key ${request.headers.authorization}`);
          return;
        }
        const { messages } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { content: string }[] };
        const content = hostile[asked++ % hostile.length]?.(JSON.parse(messages.at(-1)?.content ?? '[]') as { text: string }[]);
        if (typeof content === 'number') response.writeHead(content, { 'retry-after': '0' }).end(`no, ${key}`);
        else
          response.end(
            JSON.stringify({
              choices: [{ message: { content }, finish_reason: 'stop' }],
              usage: { prompt_tokens: 5, completion_tokens: 5 },
            }),
          );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterAll(() => server.close());

  it('that answer badly lose nothing, put nothing unsafe through and never see their key written', async () => {
    const staging = join(folder, 'rewritten');
    const command = ['synthesize', dataset, '--run-dir', runDir, '--method', 'rewrite', '--count', '12', '--want-at-least', '3'];
    const call = [...command, '--endpoint', address, '--model', 'test', '--staging', staging, '--attempts', '4', '--concurrency', '2'];
    process.env.BALLAST_API_KEY = key;
    const outputs: string[] = [];
    try {
      for (let round = 0; round < 6; round++) {
        const ended = await ballast([...call, '--json']);
        outputs.push(ended.stdout, ended.stderr);
        expect(ended.code).toBe(0);
        const report = JSON.parse(ended.stdout) as SynthesizeReport;
        expect(report.staged + report.failed).toBe(report.plan.planned);
        if (report.failed === 0) break;
      }
    } finally {
      process.env.BALLAST_API_KEY = undefined;
      delete process.env.BALLAST_API_KEY;
    }
    const page = await answer<ReviewPage>(['review', staging, '--limit', '1000']);
    expect(page.counts.made).toBe(12);
    const passed = page.candidates.filter(({ status }) => status === 'pending');
    expect(passed.length).toBeGreaterThan(0);
    for (const { turns } of passed) expect(JSON.stringify(turns)).not.toMatch(/script|passwd|\\u0007/);
    const stopped = page.candidates.filter(({ turns }) => JSON.stringify(turns).includes('<script>'));
    for (const { status, reason } of stopped) expect([status, reason]).toEqual(['rejected', 'safeText']);
    for (const file of [...filesIn(staging), ...filesIn(runDir)]) expect(readFileSync(file).includes(key), basename(file)).toBe(false);
    expect(outputs.join('')).not.toContain(key);
    const listed = await ballast(['review', staging]);
    expect(listed.stdout).not.toContain('\u0007');
  });

  it('with a wrong key, or none there, stop the call and say why without the key', async () => {
    const call = [
      'synthesize',
      dataset,
      '--run-dir',
      runDir,
      '--method',
      'rewrite',
      '--count',
      '2',
      '--endpoint',
      address,
      '--model',
      'm',
      '--want-at-least',
      '3',
    ];
    const staging = ['--staging', join(folder, 'wrong')];
    process.env.OTHER_KEY = 'sk-wrong-9876543210fedcba';
    const ended = await ballast([...call, ...staging, '--key-variable', 'OTHER_KEY', '--json', '--quiet']);
    delete process.env.OTHER_KEY;
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'synthesis.endpoint' } });
    expect(ended.stdout + ended.stderr).not.toContain('sk-wrong');
    rmSync(join(folder, 'wrong'), { recursive: true, force: true });
    const none = await ballast([...call, ...staging, '--key-variable', 'NOT_THERE', '--json', '--quiet']);
    expect(none.code).toBe(2);
  });

  it('of pictures and words make new instances; pictures that are none, black ones and copies are stopped by name', async () => {
    const source = parsed(dataset);
    const good = (seed: number): Promise<Buffer> => picture(128, 96, seed).png().toBuffer();
    const pictures: (() => Promise<Buffer>)[] = [
      () => good(900),
      () =>
        sharp({ create: { width: 128, height: 128, channels: 3, background: '#000' } })
          .png()
          .toBuffer(),
      async () => Buffer.from('<html>not today</html>'),
      async () => readFileSync(join(dirname(dataset), source.find(({ image }) => image)?.image ?? '')),
      () => good(901),
      () => good(900),
    ];
    let made = 0;
    const many = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { prompt?: string; messages?: { content: unknown }[] };
        if (request.url?.endsWith('/images/generations')) {
          expect(body.prompt).toMatch(/^A photograph/);
          const bytes = await pictures[made++ % pictures.length]?.();
          response.end(JSON.stringify({ data: [{ b64_json: bytes?.toString('base64') }] }));
          return;
        }
        const asked = body.messages?.at(-1)?.content;
        const names = Array.isArray(asked) ? (JSON.parse((asked[0] as { text: string }).text) as string[]) : [];
        const content = Array.isArray(asked)
          ? `The picture clearly shows all of this: ${names.join(', ')}.`
          : `Sure.\n===\nQuestion: What can be seen, ${made}?\n===\nAnswer: ${JSON.parse(String(asked)) as string}\n===\nQuestion: And?`;
        response.end(JSON.stringify({ choices: [{ message: { content } }] }));
      });
    });
    await new Promise<void>((resolve) => many.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(many.address() as AddressInfo).port}/v1`;
    const staging = join(folder, 'pictured');
    const call = ['synthesize', dataset, '--run-dir', runDir, '--method', 'text-to-image', '--count', '6', '--want-at-least', '3'];
    const report = await answer<SynthesizeReport>([
      ...call,
      ...[
        '--provider',
        'endpoint',
        '--endpoint',
        url,
        '--model',
        'pixels',
        '--text-model',
        'words',
        '--candidates',
        '1',
        '--concurrency',
        '1',
      ],
      ...['--staging', staging],
    ]);
    many.close();
    expect(report).toMatchObject({ made: 5, failed: 1, failures: [{ code: 'image.undecodable' }] });
    const { candidates } = await answer<ReviewPage>(['review', staging]);
    const gatesOf = (which: string): number => candidates.filter(({ reason }) => reason === which).length;
    expect([gatesOf('content'), gatesOf('candidateDuplicate')]).toEqual([1, 1]);
    expect(gatesOf('sourceDuplicate') + gatesOf('datasetDuplicate')).toBe(1);
    for (const { turns, status, prompt, model } of candidates) {
      expect(turns).toHaveLength(2);
      expect(turns?.[0]?.text).toMatch(/^<image>\nWhat can be seen/);
      expect([prompt?.startsWith('A photograph'), model.name]).toEqual([true, 'pixels']);
      expect(['pending', 'rejected']).toContain(status);
    }
  });
});
