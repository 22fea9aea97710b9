import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineFault } from '../../../src/extension/engine/engineFault.ts';
import { collectIssueReport, type IssueFacts } from '../../../src/extension/issues/collectIssueReport.ts';

const facts: IssueFacts = {
  ballastVersion: '0.1.0',
  vscodeVersion: '1.100.3',
  nodeVersion: 'v20.19.0',
  platform: 'linux',
  arch: 'x64',
  appHost: 'desktop',
  remoteName: undefined,
  language: 'zh-cn',
  isTrusted: true,
  localFolders: 1,
  virtualFolders: 0,
  engine: { kind: 'ready', pid: 4711, engineVersion: '0.1.0' },
  doctor: {
    ballastVersion: '0.1.0',
    node: 'v22.1.0',
    platform: 'linux',
    arch: 'x64',
    cpus: 8,
    cpuModel: 'AMD EPYC',
    memoryBytes: 16_000_000_000,
    freeMemoryBytes: 4_000_000_000,
    devices: [{ device: 'cpu', available: true, detail: 'every verb of this version runs here' }],
    components: [{ name: 'sharp', version: '0.35.5', available: true, detail: 'reads and checks images' }],
  },
  faults: [{ method: 'dataset/inspect', fault: { kind: 'report', report: { code: 'dataset.empty', message: 'm', data: {} } }, at: 0 }],
  lastRun: {
    command: 'rebalance',
    facts: {
      ballastVersion: '0.1.0',
      seed: 42,
      sampler: 'hash',
      parameters: {},
      counts: { instances: 400, kept: 300 },
      stages: [
        { name: 'index', seconds: 0.5 },
        { name: 'reverseIndex token', seconds: 1.25 },
      ],
    },
  },
  now: 180_000,
};

/** What must never leave a machine, as it could stand in any text that the facts hold. */
const secrets = [
  '/home/jane.doe/work/secret-project/train.json',
  'C:\\Users\\jane\\Documents\\patients.jsonl',
  '\\\\fileserver\\share\\llava.parquet',
  'file:///Users/jane/data.json',
  'vscode-remote://ssh-remote%2Bgpu-box.internal/home/jane',
  'gpu-box.internal.example.com',
  'ssh-remote+gpu-box',
  'jane.doe@example.com',
  '10.20.30.40',
  'ghp_0123456789abcdefghijklmnopqrstuvwxyz',
  'sk-ant-api03-abcdef',
  'AKIAIOSFODNN7EXAMPLE',
  'hf_AbCdEfGhIjKlMnOpQr',
  'Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc',
  '-----BEGIN PRIVATE KEY-----',
  'password=hunter2',
  'hunter2',
  'The patient in this image has a fracture.',
  '{"id": "000000123456", "conversations": []}',
  '患者姓名',
  '\u202e\u0000<script>alert(1)</script>',
  '0.1.0-hunter2',
  'extract hunter2',
];

/** The facts with every text in them, wherever it stands, replaced; closed words that decide the shape stay. */
function poison(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return ['kind', 'reason'].includes(key) ? value : text;
  if (Array.isArray(value)) return value.map((one) => poison(one, text, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poison(one, text, name)]));
}

const states: IssueFacts['engine'][] = [
  facts.engine,
  { kind: 'stopped' },
  {
    kind: 'busy',
    jobs: 1,
    job: { method: 'x', dataset: '/d/x.json' },
    progress: { stage: 'index', done: 1, total: 2, unit: 'bytes' },
    pid: 1,
    engineVersion: '0.1.0',
  },
  { kind: 'failed', fault: { kind: 'crashed', exit: { code: 134, signal: 'SIGABRT', spawnError: 'x' } } },
  { kind: 'failed', fault: { kind: 'cannotStart', reason: 'spawn', detail: 'x', attempts: 4 } },
  { kind: 'failed', fault: { kind: 'notLocal', scheme: 'x' } },
];
const faults: EngineFault[] = states.flatMap((state) => (state.kind === 'failed' ? [state.fault] : []));

describe('the report of an issue', () => {
  it('says what one needs to look into it', () => {
    expect(JSON.parse(collectIssueReport(facts))).toEqual({
      ballast: '0.1.0',
      vscode: '1.100.3',
      node: 'v20.19.0',
      platform: 'linux',
      arch: 'x64',
      appHost: 'desktop',
      remote: null,
      language: 'zh-cn',
      trusted: true,
      folders: { local: 1, virtual: 0 },
      engine: { state: 'ready', version: '0.1.0' },
      doctor: {
        node: 'v22.1.0',
        cpus: 8,
        memoryGb: 16,
        freeMemoryGb: 4,
        devices: ['cpu'],
        components: [{ name: 'sharp', version: '0.35.5', available: true }],
      },
      lastErrors: [{ error: 'dataset.empty', minutesAgo: 3 }],
      lastRun: {
        command: 'rebalance',
        ballast: '0.1.0',
        sampler: 'hash',
        instances: 400,
        stages: [
          { name: 'index', seconds: 0.5 },
          { name: 'reverseIndex token', seconds: 1.25 },
        ],
      },
    });
  });

  it('names crashes by exit code and signal', () => {
    const report = JSON.parse(collectIssueReport({ ...facts, faults: faults.map((fault) => ({ method: 'm', fault, at: facts.now })) }));
    expect((report as { lastErrors: unknown }).lastErrors).toEqual([
      { error: 'crashed', exitCode: 134, signal: 'SIGABRT', minutesAgo: 0 },
      { error: 'cannotStart', reason: 'spawn', attempts: 4, minutesAgo: 0 },
      { error: 'notLocal', minutesAgo: 0 },
    ]);
  });

  it.each(secrets)('never holds %j, wherever it stood', (secret) => {
    for (const engine of states) {
      const all = faults.map((fault) => ({ method: 'm', fault, at: 0 }));
      const poisoned = poison({ ...facts, engine, remoteName: 'x', faults: [...facts.faults, ...all] }, secret) as IssueFacts;
      const report = collectIssueReport(poisoned);
      // A version's leading numbers may pass; whatever else there is of a secret may not.
      const numbers = /^v?[\d.]+/.exec(secret)?.[0] ?? '';
      for (const part of [secret, secret.slice(numbers.length), ...secret.split(/[\s/\\:@=]+/)])
        if (part.length >= 4 && part !== numbers && part !== 'extract') expect(report).not.toContain(part);
    }
  });

  it('whatever the texts are, consists of known words and numbers only', () => {
    const plain = collectIssueReport(facts);
    const known = new Set([...plain.matchAll(/"([^"]*)"/g)].map((match) => match[1]));
    for (const word of ['other', 'state', 'signal', 'exitCode', 'minutesAgo', 'reason', 'attempts', 'other other', 'other other other'])
      known.add(word);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const report = collectIssueReport(poison(facts, text) as IssueFacts);
        for (const [, word = ''] of report.matchAll(/"((?:[^"\\]|\\.)*)"/g))
          expect(known.has(word) || /^v?\d{1,5}(\.\d{1,5}){0,3}$/.test(word) || /^[a-z]{2}(-[a-z]{2})?$/.test(word)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
