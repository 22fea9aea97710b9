import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Arguments } from '../../../src/cli/arguments.ts';
import { synthesizeVerb } from '../../../src/cli/verbs/synthesize.ts';
import { type Engine, methodDeclarations } from '../../../src/engine/createEngine.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { collectFunnel } from '../../../src/extension/synthesis/collectFunnel.ts';
import { cancelledOutcome, collectOutcome } from '../../../src/extension/synthesis/collectOutcome.ts';
import { collectPlan, durationText } from '../../../src/extension/synthesis/collectPlan.ts';
import { collectStaging, collectStagingHeading } from '../../../src/extension/synthesis/collectStaging.ts';
import { composedSentence, selectionChoices, volumeChoices, volumeProblem } from '../../../src/extension/synthesis/composeChoices.ts';
import { licenceView } from '../../../src/extension/synthesis/localModel.ts';
import { methodViews } from '../../../src/extension/synthesis/methodWords.ts';
import { stagingOf } from '../../../src/extension/synthesis/stagingTarget.ts';
import { SynthesisBar } from '../../../src/extension/synthesis/synthesisBar.ts';
import { datasetOfSynthesisState, parseDrawnSynthesis } from '../../../src/extension/synthesis/synthesisMessages.ts';
import { defaultSynthesisSettings, synthesisSettingsSchema } from '../../../src/extension/synthesis/synthesisSettings.ts';
import { synthesizeArguments } from '../../../src/extension/synthesis/synthesizeArguments.ts';
import { askedEndpoints, methodOf, missingIn, originOf, synthesizeRequestOf } from '../../../src/extension/synthesis/synthesizeRequest.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import type { Progress } from '../../../src/protocol/progress.ts';
import type { RunSummary } from '../../../src/protocol/runs.ts';
import {
  type ModelLicence,
  type StagingCounts,
  type SynthesisPlan,
  type SynthesizeReport,
  type SynthesizeRequest,
  synthesisMethods,
  synthesisProviders,
} from '../../../src/protocol/synthesis.ts';
import type { SynthesisSettings } from '../../../src/protocol/synthesisPage.ts';
import { nastyText } from './anyPlan.ts';
import { english } from './english.ts';

const declarations = methodDeclarations();
const base = { dataset: '/d/train set.json', runDir: '/r', threads: 3, images: ['/i/a b', '/i/-c'] };
const noKey = (): boolean => false;
const count = fc.integer({ min: 1, max: 1e6 });
const price = fc.double({ min: 0, max: 1e3, noNaN: true });
const above = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const folder = nastyText.map((name) => resolve(`/f/${name}`));
const address = fc.constantFrom('http://localhost:8000/v1', 'https://api.example.com/v1', 'https://other.example/v1', 'nonsense', '');

/** Any settings that a page could send. */
const anySettings = fc.record(
  {
    method: fc.constantFrom(...synthesisMethods),
    provider: fc.constantFrom(...synthesisProviders),
    parameters: fc.record(
      {
        photometric: fc.double({ min: -1, max: 2, noNaN: true }).map((value) => value + 0), // no -0
        senses: fc.integer({ min: 0, max: 9 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        maxTokens: fc.integer({ min: 1, max: 9000 }),
        pairs: fc.integer({ min: 0, max: 9 }),
        text: fc.constantFrom('source', 'caption', 'converse'),
        steps: fc.integer({ min: -1, max: 300 }),
        guidance: fc.double({ min: -1, max: 40, noNaN: true }).map((value) => value + 0),
        strength: fc.double({ min: 0, max: 2, noNaN: true }),
        candidates: fc.integer({ min: 0, max: 9 }),
        size: fc.integer({ min: 0, max: 4000 }),
      },
      { requiredKeys: [] },
    ),
    amount: fc.oneof(fc.constant({ kind: 'deficit' as const }), fc.record({ kind: fc.constant('count' as const), value: count })),
    perspectives: fc.subarray([...perspectives], { minLength: 1 }),
    perParent: fc.integer({ min: 1, max: 16 }),
    entityCap: count,
    wantAtLeast: count,
    seed: fc.integer({ min: -1e9, max: 1e9 }),
    endpoint: address,
    model: nastyText.map((name) => `m${name}`),
    textEndpoint: address,
    textModel: nastyText.map((name) => `t${name}`),
    confirm: fc.boolean(),
    editorModel: fc.constant({ id: 'copilot/gpt', name: 'GPT' }),
    modelFolder: folder,
    limits: fc.record(
      {
        concurrency: fc.integer({ min: 1, max: 64 }),
        requestsPerMinute: above,
        maxRequests: count,
        maxCost: above,
        priceInput: price,
        priceOutput: price,
        priceImage: price,
      },
      { requiredKeys: [] },
    ),
    staging: folder,
  },
  { requiredKeys: ['method', 'parameters', 'amount', 'perspectives', 'seed', 'limits'] },
) as fc.Arbitrary<SynthesisSettings>;

/** What the command line asks the engine for. */
async function asked(args: readonly string[]): Promise<SynthesizeRequest> {
  const [verb, ...rest] = args;
  expect(verb).toBe(synthesizeVerb.name);
  let request: SynthesizeRequest | undefined;
  const engine = {
    synthesize: (given: SynthesizeRequest): Promise<never> => {
      request = given;
      return Promise.reject(new Error('enough'));
    },
  };
  await expect(
    synthesizeVerb.prepare(new Arguments(rest, synthesizeVerb.options)).run(engine as unknown as Engine, {} as JobContext),
  ).rejects.toThrow('enough');
  if (request === undefined) throw new Error('nothing was asked');
  return request;
}

const settingsWith = (changes: Partial<SynthesisSettings>): SynthesisSettings => ({ ...defaultSynthesisSettings, ...changes });
const requestOf = (changes: Partial<SynthesisSettings>): SynthesizeRequest =>
  synthesizeRequestOf({ dataset: '/d' }, settingsWith(changes), declarations, false);
const missing = (changes: Partial<SynthesisSettings>, hasKey = noKey): readonly string[] =>
  missingIn(settingsWith(changes), declarations, hasKey);

describe('arguments of the command line', () => {
  it('ask the engine for the same as the panel does', async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, fc.boolean(), async (given, agrees) => {
        const settings = agrees && given.modelFolder !== undefined ? { ...given, agreedTo: given.modelFolder } : given;
        fc.pre(missingIn(settings, declarations, noKey).length === 0);
        const declaration = methodOf(settings.method, declarations);
        const request = synthesizeRequestOf(base, settings, declarations, false);
        fc.pre(request.provider !== 'editor');
        const { dryRun, ...said } = await asked(synthesizeArguments(request, declaration));
        expect(dryRun ?? false).toBe(false);
        expect(said).toEqual(request);
      }),
      { numRuns: 400 },
    );
  });

  it('say nothing that is the default, and never a key', () => {
    const declaration = methodOf('augment', declarations);
    const request = { ...requestOf({}), apiKey: 'sk-secret', textApiKey: 'sk-other' };
    const args = synthesizeArguments(request, declaration);
    expect(args).toEqual(['synthesize', '/d', '--method', 'augment', '--quota', 'deficit']);
    expect(args.join(' ')).not.toContain('sk-');
  });
});

describe('the request', () => {
  it('keeps values that the method reads and drops the others', () => {
    const parameters = { photometric: 0.2, senses: 2, temperature: 0.1, steps: 8, text: 'caption' } as const;
    expect(requestOf({ method: 'augment', parameters })).toEqual({
      dataset: '/d',
      method: 'augment',
      quota: 'deficit',
      photometric: 0.2,
      seed: 42,
    });
    expect(requestOf({ method: 'synonym', parameters })).toMatchObject({ senses: 2 });
    expect(requestOf({ method: 'synonym', parameters: { senses: 77 } })).not.toHaveProperty('senses');
  });

  it('names nobody who is not asked', () => {
    const everybody = {
      endpoint: 'https://a.example/v1',
      model: 'm',
      textEndpoint: 'https://b.example/v1',
      textModel: 't',
      editorModel: { id: 'v/i', name: 'I' },
      modelFolder: '/models/sd',
      agreedTo: '/models/sd',
      limits: { maxRequests: 3 },
    };
    expect(requestOf({ ...everybody, method: 'augment' })).toEqual({ dataset: '/d', method: 'augment', quota: 'deficit', seed: 42 });
    expect(requestOf({ ...everybody, method: 'rewrite', provider: 'editor' })).toEqual({
      dataset: '/d',
      method: 'rewrite',
      provider: 'editor',
      quota: 'deficit',
      seed: 42,
      model: 'v/i',
      maxRequests: 3,
    });
    expect(requestOf({ ...everybody, method: 'variation', provider: 'local' })).toMatchObject({ model: '/models/sd', acceptLicence: true });
    expect(requestOf({ ...everybody, method: 'variation', provider: 'local', agreedTo: '/models/other' })).not.toHaveProperty(
      'acceptLicence',
    );
    const words = requestOf({ ...everybody, method: 'variation', provider: 'local', parameters: { text: 'caption' } });
    expect(words).toMatchObject({ model: '/models/sd', textEndpoint: 'https://b.example/v1', textModel: 't' });
    expect(words).not.toHaveProperty('endpoint');
  });

  it('of a plan asks for enough entities, and for no key', () => {
    const plan = synthesizeRequestOf({ dataset: '/d' }, defaultSynthesisSettings, declarations, true);
    expect(plan).toMatchObject({ dryRun: true, top: 2000 });
    expect(plan).not.toHaveProperty('apiKey');
  });
});

describe('what is missing', () => {
  it('depends on who is asked', () => {
    expect(missing({})).toEqual([]);
    expect(missing({ perspectives: [] })).toEqual(['perspectives']);
    expect(missing({ method: 'rewrite' })).toEqual(['endpoint', 'model']);
    expect(missing({ method: 'rewrite', endpoint: 'http://localhost:1/v1', model: ' ' })).toEqual(['model']);
    expect(missing({ method: 'rewrite', provider: 'editor' })).toEqual(['editorModel']);
    expect(missing({ method: 'caption', provider: 'editor', editorModel: { id: 'v/i', name: 'I' } })).toEqual(['readsTextOnly']);
    expect(missing({ method: 'augment', confirm: true })).toEqual(['textEndpoint', 'textModel']);
  });

  it('is an agreement to the terms of the very folder', () => {
    const local = { method: 'variation', provider: 'local' } as const;
    expect(missing(local)).toEqual(['modelFolder']);
    expect(missing({ ...local, modelFolder: '/m' })).toEqual(['agreement']);
    expect(missing({ ...local, modelFolder: '/m', agreedTo: '/other' })).toEqual(['agreement']);
    expect(missing({ ...local, modelFolder: '/m', agreedTo: '/m' })).toEqual([]);
  });

  it('is a safe way for a key', () => {
    const asks = (endpoint: string): Partial<SynthesisSettings> => ({ method: 'rewrite', endpoint, model: 'm' });
    const hasKey = (): boolean => true;
    expect(missing(asks('http://api.example.com/v1'), hasKey)).toEqual(['encryption']);
    expect(missing(asks('http://api.example.com/v1'))).toEqual([]);
    expect(missing(asks('http://127.0.0.1:8000/v1'), hasKey)).toEqual([]);
    expect(missing(asks('https://api.example.com/v1'), hasKey)).toEqual([]);
  });

  it('is a price where the cost is limited', () => {
    const asks = { method: 'rewrite', endpoint: 'http://localhost:1/v1', model: 'm' } as const;
    expect(missing({ ...asks, limits: { maxCost: 1 } })).toEqual(['prices']);
    expect(missing({ ...asks, limits: { maxCost: 1, priceOutput: 0.6 } })).toEqual([]);
  });

  it('takes no address that carries secrets', () => {
    for (const text of ['', 'x', 'ftp://a/', 'https://user:pw@a/', 'https://a/?key=1', 'https://a/#x', 'file:///etc/passwd'])
      expect(originOf(text), text).toBeUndefined();
    expect(originOf(' https://A.example:443/v1 ')).toBe('https://a.example');
    const settings = settingsWith({ method: 'rewrite', endpoint: 'https://a/v1', model: 'm', textEndpoint: 'https://b/v1' });
    // Who writes no words beside a picture is not asked.
    expect(askedEndpoints(settings, methodOf('rewrite', declarations))).toEqual(['https://a/v1']);
  });
});

describe('settings', () => {
  it('survive the store, and what is none is refused', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const stored = JSON.parse(JSON.stringify(settings)) as SynthesisSettings;
        const inOrder = perspectives.filter((one) => settings.perspectives.includes(one));
        expect(v.parse(synthesisSettingsSchema, stored)).toEqual({ ...stored, perspectives: inOrder });
      }),
    );
    const bad = [
      null,
      {},
      settingsWith({ amount: { kind: 'count', value: 0 } }),
      settingsWith({ perParent: 17 }),
      settingsWith({ limits: { maxCost: -1 } }),
      { ...defaultSynthesisSettings, method: 'magic' },
    ];
    for (const one of bad) expect(v.safeParse(synthesisSettingsSchema, one).success).toBe(false);
  });

  it('never hold a key', () => {
    const parsed = v.parse(synthesisSettingsSchema, { ...defaultSynthesisSettings, apiKey: 'sk-secret', keyVariable: 'X' });
    expect(JSON.stringify(parsed)).not.toContain('sk-secret');
    // The wire to the page has no place for one.
    expect(readFileSync(resolve(import.meta.dirname, '../../../src/protocol/synthesisPage.ts'), 'utf8')).not.toMatch(/apiKey/i);
  });
});

const plan: SynthesisPlan = {
  method: 'augment',
  provider: 'local',
  model: null,
  localModel: null,
  asks: null,
  staging: '/r/staging',
  instances: 379,
  scarce: 282,
  parents: 273,
  skipped: { coordinates: 9, noImage: 1200 },
  planned: 328,
  ready: 0,
  requests: 0,
  estimate: { seconds: 131, cost: null, basis: 'default' },
  perspectives: {
    object: { tau: 1, want: 3, entities: 174, gap: 330, filled: 208 },
    token: { tau: 1, want: null, entities: 0, gap: 0, filled: 0 },
  },
  deficits: [{ perspective: 'object', entity: 'zebra', have: 1, want: 3, gap: 2, planned: 1 }],
};

describe('a plan in words', () => {
  it('says what is made, what it takes, and that nothing leaves the machine', () => {
    const view = collectPlan(plan, english, 'en');
    expect(view.lead).toBe('Makes 328 new instances');
    expect([view.asks, view.leavesMachine]).toEqual(['Nothing leaves this machine.', false]);
    expect(view.estimate.map(({ label, value, detail }) => `${label}: ${value} (${detail})`)).toEqual([
      'To make: 328 (from 273 of 282 scarce instances)',
      'Scarce: 282 (of 379 instances hold an entity with a gap)',
      'Requests: 0 (nobody is asked)',
      'Time: 2 min (a guess before anything was measured)',
      'Cost: – (nothing is paid)',
    ]);
    expect(view.skipped).toEqual(['1,200 have no picture.', '9 hold coordinates, which a moved picture would make false.']);
    expect(view.perspectives.rows).toEqual([
      ['Token', '–', '0', '0', '0'],
      ['Object', '3', '174', '330', '208 (63 %)'],
    ]);
    expect(view.deficits.rows[0]).toMatchObject({ entity: 'zebra', have: '1', filled: 0.5 });
    expect(view.licence).toBeNull();
  });

  it('says who is asked, for how much', () => {
    const endpoint = {
      ...plan,
      provider: 'endpoint' as const,
      model: 'qwen',
      requests: 656,
      estimate: { seconds: 7200, cost: 1.234, basis: 'staging' as const },
    };
    const far = collectPlan({ ...endpoint, asks: 'https://api.example.com' }, english, 'en');
    expect([far.asks, far.leavesMachine]).toEqual(['Instances of the dataset go to https://api.example.com (qwen).', true]);
    expect(far.estimate.slice(2).map(({ value, detail }) => `${value} (${detail})`)).toEqual([
      '656 (retries not counted)',
      '2 hr (measured on what is staged)',
      '1.23 (about, in the unit of the prices)',
    ]);
    const near = collectPlan({ ...endpoint, asks: 'http://localhost:8000' }, english, 'en');
    expect([near.asks, near.leavesMachine]).toEqual(['Nothing leaves this machine; http://localhost:8000 (qwen) runs on it.', false]);
    const editor = collectPlan({ ...plan, provider: 'editor', model: 'editor x' }, english, 'en');
    expect(editor.leavesMachine).toBe(true);
    expect(editor.asks).toContain('the language model of the editor');
  });

  it('that is done, or impossible, says so', () => {
    expect(collectPlan({ ...plan, ready: 328 }, english, 'en').lead).toBe('All 328 planned instances are made');
    expect(collectPlan({ ...plan, ready: 300 }, english, 'en').lead).toBe('Makes 28 more new instances');
    expect(collectPlan({ ...plan, planned: 0 }, english, 'en').lead).toBe('Nothing can be made of the scarce instances');
    expect(collectPlan({ ...plan, planned: 0, scarce: 0 }, english, 'en').lead).toBe('No entity is scarce');
  });

  it('shows the terms of a local model where the engine tells them', () => {
    const of = (licence: Omit<ModelLicence, 'file'>): readonly string[] =>
      licenceView({ name: 'sd\u202e', licence: { ...licence, file: null } }, english)?.sentences ?? [];
    expect(of({ id: 'sai-nc', name: 'Stability NC', terms: ['nonCommercial', 'forbidsTraining'], known: true })).toEqual([
      'Licence: Stability NC',
      'Its licence allows non-commercial use only.',
      'Its licence forbids training other models with what it makes.',
    ]);
    expect(of({ id: null, name: null, terms: [], known: false })).toEqual([
      'The folder names no licence. Read the terms where the model came from.',
    ]);
    expect(of({ id: 'x', name: null, terms: [], known: false })).toHaveLength(2);
    expect(licenceView(null, english)).toBeNull();
  });

  it('gives times that people say', () => {
    expect([0.2, 45, 131, 7200].map((seconds) => durationText(seconds, english, 'en'))).toEqual([
      'less than a second',
      '45 sec',
      '2 min',
      '2 hr',
    ]);
  });
});

describe('methods in words', () => {
  it('have a label, a summary and every declared parameter', () => {
    const views = methodViews(declarations, english);
    expect(views.map(({ name }) => name)).toEqual(declarations.map(({ name }) => name));
    for (const { label, summary, providers, parameters } of views) {
      expect(label).not.toBe('');
      expect(summary).toMatch(/\.$/);
      expect(providers.length).toBeGreaterThan(0);
      for (const { declared, label: name, help, choices } of parameters) {
        expect(name, declared.name).not.toBe(declared.name);
        expect(help).toMatch(/\.$/);
        expect(choices).toHaveLength(declared.kind === 'choice' ? declared.choices.length : 0);
      }
    }
  });
});

const counts: StagingCounts = { planned: 40, made: 30, failed: 2, gated: 25, pending: 5, accepted: 20, rejected: 5 };

describe('the funnel', () => {
  it('says how many went how far', () => {
    const view = collectFunnel({ counts, gates: { similarity: 3, content: 2 }, merged: 12 }, english, 'en');
    expect(view.steps.map(({ label, value, share, detail }) => [label, value, share, detail])).toEqual([
      ['Planned', '40', '', ''],
      ['Generated', '30', '75 %', '2 failed'],
      ['Gated', '25', '62 %', 'through all gates'],
      ['Accepted', '20', '50 %', '5 rejected, 5 wait'],
      ['Merged', '12', '30 %', 'in the newest composition'],
    ]);
    expect(view.stopped).toEqual(['2: black or flat picture', '3: too far from its source']);
    const fresh = collectFunnel({ counts: { ...counts, planned: 0 }, gates: {}, merged: undefined }, english, 'en');
    expect(fresh.steps.at(-1)).toMatchObject({ value: '0', share: '', detail: 'not composed yet' });
  });
});

const report: SynthesizeReport = {
  plan,
  staging: '/r/staging',
  dryRun: false,
  made: 20,
  staged: 24,
  gated: 22,
  failed: 0,
  failures: [],
  stopped: null,
  usage: { requests: 0, inputTokens: 0, outputTokens: 0, images: 0 },
  stoppedBy: {},
  executionProviders: [],
  seconds: 12.3,
};

describe('the end of a call', () => {
  it('is one sentence, and what to do', () => {
    const done = collectOutcome(report, english, 'en');
    expect([done.kind, done.sentence]).toEqual(['done', 'Made 20 instances in 12 sec. Of 24 staged ones 22 are through all gates.']);
    const idle = collectOutcome({ ...report, made: 0 }, english, 'en');
    expect(idle.sentence).toBe('Nothing was left to make. Of 24 staged instances 22 are through all gates.');
    expect(cancelledOutcome(english).sentence).toContain('What was made is kept');
  });

  it('at a limit says which, and how to go on', () => {
    const stopped = collectOutcome(
      { ...report, stopped: 'cost', usage: { requests: 7, inputTokens: 100, outputTokens: 20, images: 0 } },
      english,
      'en',
    );
    expect(stopped.kind).toBe('stopped');
    expect(stopped.lines).toEqual([
      'Stopped at the limit of cost. Raise it and choose Make to go on; nothing is made twice.',
      'Asked 7 times: 100 tokens in, 20 tokens out, 0 pictures.',
    ]);
  });

  it('groups what failed by its reason, in readable words', () => {
    const failures = [3, 4, 9].map((ordinal) => ({ ordinal, code: 'x', message: ordinal === 9 ? 'bad\u202e<b>' : 'HTTP 500' }));
    const { lines } = collectOutcome({ ...report, failed: 3, failures, stoppedBy: { similarity: 2 } }, english, 'en');
    expect(lines).toEqual([
      '3 failed; Make tries them again.',
      '2 instances: HTTP 500',
      'Instance 9: bad\ufffd<b>',
      'Stopped by gates: 2: too far from its source.',
    ]);
  });
});

describe('the view', () => {
  const summary = { path: '/w/.ballast/staging', runDir: '/w/.ballast', dataset: '/w/train.json', datasetSha256: 'ab', counts };

  it('names a folder by its dataset, with what waits', () => {
    const heading = collectStagingHeading(summary, english, 'en');
    expect([heading.label, heading.description, heading.contextValue]).toEqual(['train.json', '30 made · 5 pending', 'staging;accepted;']);
    const done = collectStagingHeading({ ...summary, counts: { ...counts, pending: 0, accepted: 0 } }, english, 'en');
    expect([done.description, done.contextValue]).toEqual(['30 made · 0 accepted', 'staging;']);
    expect(collectStagingHeading({ ...summary, dataset: '/w/a\u202eb\n.json' }, english, 'en').label).toBe('a\ufffdb .json');
  });

  it('shows dataset, methods and funnel below it', () => {
    const facets = {
      status: { pending: 5, accepted: 20, rejected: 5 },
      method: { augment: 30 },
      perspective: {},
      gate: { size: 1 },
      entity: [],
    };
    const rows = collectStaging(summary, facets, undefined, english, 'en');
    expect(rows.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Dataset: train.json',
      'Methods: 1',
      'Planned: 40',
      'Generated: 30 · 2 failed',
      'Gated: 25 · through all gates',
      'Accepted: 20 · 5 rejected, 5 wait',
      'Merged: 0 · not composed yet',
      'Stopped by gates: 1',
    ]);
    expect(rows[1]?.rows?.map(({ label, value }) => [label, value])).toEqual([['Plain augmentation', '30']]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('knows its rows and arguments by the folder', () => {
    expect(stagingOf({ kind: 'staging', staging: '/s' })).toBe('/s');
    for (const none of [undefined, null, '/s', {}, { staging: '' }, { staging: 3 }]) expect(stagingOf(none)).toBeUndefined();
  });
});

describe('composing', () => {
  const run = (changes: Partial<RunSummary>): RunSummary => ({
    runDir: '/w/.ballast',
    id: 'a',
    command: 'rebalance',
    finished: '2026-01-01T00:00:00Z',
    dataset: '/w/train.json',
    datasetPresent: true,
    output: '/w/train.rebalanced.json',
    manifest: '/w/train.rebalanced.json.manifest.json',
    selectionHash: 'ab',
    manifestState: 'present',
    outputs: [],
    facts: { ballastVersion: '1', seed: 1, sampler: 'hash', parameters: {}, counts: { kept: 300, instances: 379 }, stages: [] },
    ...changes,
  });

  it('begins with everything or with what a finished run of the dataset kept', () => {
    const choices = selectionChoices(
      [
        run({}),
        run({ id: 'b', dataset: '/w/other.json' }),
        run({ id: 'c', command: 'compose' }),
        run({ id: 'd', manifestState: 'missing' }),
        run({ id: 'e', command: 'select', output: '/w/x$(trash).json' }),
      ],
      '/w/train.json',
      379,
      english,
      'en',
    );
    expect(choices.map(({ label, kept, manifest }) => [label, kept, manifest !== undefined])).toEqual([
      ['Every instance', 379, false],
      ['train.rebalanced.json', 300, true],
      ['x$(trash).json', 300, true],
    ]);
  });

  it('refuses what cannot be reached, with what can', () => {
    const problem = (text: string): string | undefined => volumeProblem(text, { smallest: 300, largest: 350 }, english, 'en');
    expect(problem('300')).toBeUndefined();
    expect(problem(' 350 ')).toBeUndefined();
    expect(problem('379')).toBe('The largest volume is 350: 300 kept and 50 accepted. Accept or make more for more.');
    expect(problem('299')).toContain('the smallest volume is 300');
    for (const text of ['', 'x', '3.5', '-1', '1e99']) expect(problem(text), text).toBe('Write a whole number from 300 to 350.');
  });

  it('offers the source’s volume only where it can be had', () => {
    const choices = volumeChoices(379, { smallest: 300, largest: 350 }, english, 'en');
    expect(choices.map(({ volume, isFeasible }) => [volume, isFeasible])).toEqual([
      ['keep', false],
      [350, true],
      ['ask', true],
    ]);
    expect(choices[0]?.description).toContain('The largest volume is 350');
    const full = volumeChoices(379, { smallest: 300, largest: 379 }, english, 'en');
    expect(full.map(({ volume, isFeasible }) => [volume, isFeasible])).toEqual([
      ['keep', true],
      ['ask', true],
    ]);
    expect(full[0]?.description).toBe('300 kept, 79 synthetic');
    expect(composedSentence({ output: '/w/a.composed.json', volume: 379, kept: 300, synthetic: 79 }, english, 'en')).toBe(
      'Wrote a.composed.json: 379 instances, 300 kept and 79 synthetic.',
    );
  });
});

describe('messages of the page', () => {
  it('are checked before they are believed', () => {
    const drawn = { theme: 'x', planned: null, deficits: 1, funnel: [1, 2], made: 0, pictures: 0, running: false };
    expect(parseDrawnSynthesis(drawn)).toEqual(drawn);
    for (const bad of [null, {}, { ...drawn, funnel: ['1'] }, { ...drawn, planned: 'many' }])
      expect(parseDrawnSynthesis(bad)).toBeUndefined();
    expect(datasetOfSynthesisState({ version: 1, dataset: '/d' })).toBe('/d');
    for (const bad of [null, {}, { version: 2, dataset: '/d' }, { version: 1, dataset: '' }])
      expect(datasetOfSynthesisState(bad)).toBeUndefined();
  });
});

describe('the bar', () => {
  it('never goes back and is filled by making', () => {
    const bar = new SynthesisBar();
    const step = (stage: Progress['stage'], done: number, total: number, reused?: true): number =>
      bar.advance({ stage, done, total, unit: 'instances', ...(reused ? { reused } : {}) });
    const early = [step('index', 1, 1, true), step('extract', 1, 1, true), step('plan', 60, 60)];
    expect(early).toEqual([...early].sort((a, b) => a - b));
    expect(early.at(-1)).toBeLessThanOrEqual(10);
    expect(step('synthesize', 0, 60)).toBe(10);
    expect(step('synthesize', 30, 60)).toBe(50);
    expect(step('synthesize', 10, 60)).toBe(50);
    expect(step('images', 0, 0)).toBe(90);
    expect(step('gates', 60, 60)).toBe(100);
  });
});
