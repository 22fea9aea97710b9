import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/extension/panels/panelHtml.ts';
import { datasetOfState, parseDrawn } from '../../../src/extension/panels/panelMessages.ts';
import { hygieneEffectViews } from '../../../src/extension/selection/collectHygieneEffects.ts';
import { collectLiveView } from '../../../src/extension/selection/collectLiveView.ts';
import { collectPlanView } from '../../../src/extension/selection/collectPlanView.ts';
import { panelStrings } from '../../../src/extension/selection/panelStrings.ts';
import { PlanHistory } from '../../../src/extension/selection/planHistory.ts';
import { planKey } from '../../../src/extension/selection/planKnobs.ts';
import { resultSentence } from '../../../src/extension/selection/resultSentence.ts';
import type { RebalancePlan } from '../../../src/protocol/plan.ts';
import type { RebalancePerspective } from '../../../src/protocol/reports.ts';
import { controlNames, type LiveView } from '../../../src/protocol/selectionPage.ts';
import type { WhatIfReport } from '../../../src/protocol/whatIf.ts';
import { sampleLive, samplePlan, sampleReport } from '../../webview/sampleReport.ts';
import { english } from './english.ts';

const token = (): RebalancePerspective => {
  const part = sampleReport().perspectives.token;
  if (part === undefined) throw new Error('no token perspective');
  return part;
};
const noteIds = (changes: Partial<WhatIfReport>, plan: RebalancePlan = samplePlan): string[] =>
  collectLiveView(sampleReport(plan, changes), plan, english, 'en').notes.map(({ id }) => id);
/** A report to which no note applies. */
const quiet: Partial<WhatIfReport> = {
  sources: [{ source: 'coco', before: 10, after: 5, control: 5 }],
  perspectives: { token: { ...token(), before: { ...token().before, tailEntityShare: 0.2 } } },
  lengths: {
    before: { meanTurns: 4, medianTurns: 4, meanBytes: 100, medianBytes: 100 },
    after: { meanTurns: 4, medianTurns: 4, meanBytes: 100, medianBytes: 100 },
    control: { meanTurns: 4, medianTurns: 4, meanBytes: 100, medianBytes: 100 },
  },
};

describe('collectLiveView', () => {
  const live = sampleLive();
  const first = live.perspectives[0];

  it('says what stays, what was expected and that chance stands beside it', () => {
    expect(live.keeps).toBe('Keeps 33,105 of 66,530 (49.8%)');
    expect(live.expectation).toBe('expected 33,184.2 ± 101.4');
    expect(live.spoken).toBe('Keeps 33,105 of 66,530 (49.8%), expected 33,184.2 ± 101.4.');
    expect(live.control).toMatch(/^Random control: 33,105 instances drawn by chance under seed 42/);
    expect(live.target).toBeNull();
    const target = { wanted: 10, reached: 8, unreachable: true, maximum: 8, by: 'tau' };
    expect(sampleLive(samplePlan, { target }).target).toBe('The target of 10 cannot be reached; the most is 8.');
    expect(sampleLive(samplePlan, { target: { ...target, reached: 10, unreachable: false } }).target).toBe(
      'Target 10: the expected volume is 10.',
    );
  });

  it('writes numbers in the language of the editor', () => {
    expect(collectLiveView(sampleReport(), samplePlan, english, 'de').keeps).toMatch(/^Keeps 33\.105 of 66\.530/);
  });

  it('moves ranks to 1-based for the logarithmic axis and leaves out what nothing holds', () => {
    const curve = [
      { rank: 0, frequency: 9 },
      { rank: 1, frequency: 2 },
      { rank: 5, frequency: 0 },
    ];
    const { after: _after, control: _control, ...bare } = token();
    const { perspectives } = sampleLive(samplePlan, {
      perspectives: { token: { ...bare, before: { ...bare.before, curve, lorenz: [[0, 0]] } } },
    });
    expect(perspectives.map(({ perspective }) => perspective)).toEqual(['token']);
    expect(perspectives[0]?.top).toBe(9);
    expect(perspectives[0]?.series).toEqual([
      {
        role: 'before',
        points: [
          [1, 9],
          [2, 2],
        ],
        lorenz: [[0, 0]],
      },
    ]);
  });

  it('puts the random control beside every figure', () => {
    expect(first?.measures).toEqual({
      caption: 'Token: what changes',
      columns: ['Measure', 'Before', 'After', 'Random control'],
      rows: [
        ['Gini', '0.81', '0.62', '0.80'],
        ['Tail occurrences kept', '–', '97%', '50%'],
        ['Head occurrences kept', '–', '41%', '49.8%'],
        ['Entities lost', '–', '0', '1,800'],
      ],
    });
    expect(first?.details.columns).toHaveLength(4);
    expect(first?.lostSentence).toBe('0 of 9,000 entities are lost; by chance 1,800.');
    expect(live.sources?.bars[0]).toEqual({ label: 'coco', values: [36478, 15024, 18152] });
    expect(live.sources?.table.rows[0]).toEqual(['coco', '36,478', '15,024', '18,152', '41.2%', '49.8%']);
    expect(live.lengths.map(({ bars }) => bars.map(({ values }) => values))).toEqual([
      [
        [10.4, 12.8, 10.3],
        [6, 8, 6],
      ],
      [
        [1411, 1702, 1409],
        [980, 1203, 981],
      ],
    ]);
  });

  it('speaks its charts', () => {
    expect(first?.spokenRank).toBe(
      'Token: rank-frequency curve of 9,000 entities on logarithmic axes. Threshold tau is 120; the tail holds 86% of the entities and 10% of the occurrences. ' +
        'Of the tail 97% is kept, of the head 41%; by chance 50% and 49.8%. 0 of 9,000 entities are lost; by chance 1,800.',
    );
    expect(first?.spokenLorenz).toMatch(/^Token: Lorenz curves. Gini 0.81 before, 0.62 after, 0.80 in the random control/);
    expect(live.sources?.spoken).toMatch(/^Instances of 6 sources. The largest, coco: 36,478 before/);
  });

  it('shows hostile entities and sources as one plain line', () => {
    const hostile = `a\u202e${'<b>'}\u0000\n${'x'.repeat(10_000)}`;
    const { perspectives, sources } = sampleLive(samplePlan, {
      perspectives: { token: { ...token(), lostEntities: 1, lostSample: [{ entity: hostile, frequency: 1 }] } },
      sources: [{ source: hostile, before: 1, after: 1, control: 1 }],
    });
    for (const shown of [perspectives[0]?.lost[0]?.[0] ?? '', sources?.bars[0]?.label ?? '']) {
      expect(shown.length).toBeLessThan(130);
      expect(shown.startsWith('a\ufffd<b>')).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(shown).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });

  it('bounds what it draws and lists of many sources, and says so', () => {
    const many = Array.from({ length: 1234 }, (_, i) => ({ source: `s${i}`, before: i, after: 0, control: 0 }));
    const { sources } = sampleLive(samplePlan, { sources: many });
    expect(sources?.bars).toHaveLength(12);
    expect(sources?.bars[0]?.label).toBe('s1233');
    expect(sources?.more).toBe('1,222 further sources are in the table.');
    expect(sources?.table.rows).toHaveLength(500);
    expect(sources?.table.caption).toBe('Instances by source, the first 500 of 1,234');
    expect(sampleLive(samplePlan, { sources: [] }).sources).toBeNull();
  });
});

describe('notes', () => {
  it('are silent where they do not apply', () => expect(noteIds(quiet)).toEqual([]));

  it.each<[string, Partial<WhatIfReport>, RebalancePlan?]>([
    ['guarantee.minPerspectives', { minPerspectives: 2 }],
    ['guarantee.alpha', { alpha: 0.5 }],
    [
      'target.scaled',
      {
        perspectives: { token: { ...token(), before: { ...token().before, tailEntityShare: 0.2 }, tau: 60 } },
        target: { wanted: 1, reached: 1, unreachable: false, maximum: 9, by: 'tau' },
      },
    ],
    [
      'target.mass',
      { target: { wanted: 1, reached: 1, unreachable: false, maximum: 9, by: 'mass' } },
      { ...samplePlan, tau: { token: 3 } },
    ],
    ['textOnly', { sources: [{ source: 'text-only', before: 4, after: 2, control: 3 }] }],
    ['freePass', { perspectives: { token: { ...token(), before: { ...token().before, curve: [{ rank: 0, frequency: 1 }] } } } }],
    ['lengthBias', { lengths: sampleReport().lengths as NonNullable<WhatIfReport['lengths']> }],
    ['sampler', {}, { ...samplePlan, sampler: 'python' }],
    ['overrides', { overrides: { kept: 0, dropped: 0, unmatched: 2 } }],
    ['broken', { problems: { unusable: 3 } }],
  ])('say %s where it applies', (id, changes, plan) => expect(noteIds({ ...quiet, ...changes }, plan)).toEqual([id]));

  it('do not warn about text-only instances that are protected', () => {
    const sources = [{ source: 'text-only', before: 4, after: 4, control: 4 }];
    expect(noteIds({ ...quiet, sources }, { ...samplePlan, protect: [{ kind: 'text-only' }] })).toEqual([]);
  });

  it('say that text-only instances can never pass without token and interrogation', () => {
    const sources = [{ source: 'text-only', before: 4, after: 0, control: 2 }];
    const object = { ...token(), before: { ...token().before, tailEntityShare: 0.2 } };
    const live = collectLiveView(sampleReport(samplePlan, { ...quiet, sources, perspectives: { object } }), samplePlan, english, 'en');
    expect(live.notes.map(({ text }) => text)).toEqual([
      '4 text-only instances can never pass with these perspectives; 0 stay. Protect them if they must.',
    ]);
  });
});

describe('collectPlanView', () => {
  it('lists the newest overrides, says what the page cannot change, and whether the plan is the paper\u2019s', () => {
    const overrides = Array.from({ length: 300 }, (_, i) => ({
      ordinal: i,
      content: String(i),
      duplicate: 0,
      verdict: i % 2 === 0 ? ('keep' as const) : ('drop' as const),
      reason: 'a\nb',
    }));
    const plan: RebalancePlan = { ...samplePlan, overrides, entities: '/d/own.jsonl', sampler: 'python' };
    const view = collectPlanView(new PlanHistory(plan), { file: '/d/x.ballast-plan.json', applied: planKey(plan) }, english, 'en');
    expect(view.overrides.total).toBe(300);
    expect(view.overrides.rows).toHaveLength(200);
    expect(view.overrides.rows[0]).toEqual({ content: '299', duplicate: 0, ordinal: 299, label: 'Drop instance 299', reason: 'a b' });
    expect(view.fixed).toEqual([
      'The plan stands in x.ballast-plan.json.',
      'Entities are imported from own.jsonl.',
      'The result is drawn with the python sampler.',
    ]);
    expect(view.hygieneDefault).toEqual(['blanks']);
    expect(view.isPaper).toBe(true);
    expect(view.isApplied).toBe(true);
    const other = collectPlanView(new PlanHistory({ ...samplePlan, alpha: 0.5 }), { file: undefined, applied: 'x' }, english, 'en');
    expect([other.isPaper, other.isApplied]).toEqual([false, false]);
  });
});

describe('strings of the panel', () => {
  const strings = panelStrings(english);

  it('explain every control in one sentence', () => {
    expect(Object.keys(strings.controls).sort()).toEqual([...controlNames].sort());
    for (const [name, { label, help }] of Object.entries(strings.controls)) {
      expect(label.length, name).toBeGreaterThan(0);
      expect(help, name).toMatch(/^[A-Z].*[.)]$/);
      expect(help.replace(/\.\)?$/, ''), name).not.toMatch(/\. [A-Z]/);
    }
  });

  it('keep the places for values that the page fills', () => {
    expect(strings.point).toBe('{0}, rank {1}: {2} instances');
    expect(strings.groups.overrides).toBe('Overrides ({0})');
  });
});

describe('effects of hygiene', () => {
  it('say what turning a switch would do', () => {
    const effect = { entities: 1200, postings: 9, expected: 33184.2, expectedOtherwise: 33500 };
    expect(
      hygieneEffectViews(
        [
          { ...effect, switch: 'case', on: true },
          { ...effect, switch: 'minFrequency', on: false },
        ],
        english,
        'en',
      ).map(({ sentence }) => sentence),
    ).toEqual([
      'Off, 1,200 entities more; 33,500 expected instead of 33,184.2.',
      'On, 1,200 entities fewer; 33,500 expected instead of 33,184.2.',
    ]);
  });
});

describe('a result', () => {
  it('is said in words, its random control too', () => {
    const record = { dataset: '/d/a.json', output: '/d/a.rebalanced.json', manifest: '/d/m', kept: 1200, instances: 2000, plan: '' };
    const wrote = 'Wrote a.rebalanced.json: kept 1,200 of 2,000 instances, dropped 800.';
    expect(resultSentence(record, english, 'en')).toBe(wrote);
    const control = '/d/a.rebalanced.random.json';
    expect(resultSentence({ ...record, control }, english, 'en')).toBe(`${wrote} The random control is a.rebalanced.random.json.`);
  });
});

describe('what a page sends or keeps', () => {
  it('is believed only in the right shape', () => {
    const drawn = { theme: 'vscode-dark', view: 'rank', kept: 4, charts: [{ perspective: 'token', points: [1, 2], paintedPixels: 5 }] };
    expect(parseDrawn(JSON.parse(JSON.stringify(drawn)))).toEqual(drawn);
    for (const bad of [undefined, null, 1, {}, { ...drawn, view: 'x' }, { ...drawn, charts: [{}] }])
      expect(parseDrawn(bad)).toBeUndefined();
  });

  it('names the dataset of a restored panel', () => {
    expect(datasetOfState({ version: 2, dataset: '/d/a.json', kind: 'rank' })).toBe('/d/a.json');
    for (const bad of [undefined, null, 1, {}, { version: 1, dataset: '/d/a.json' }, { version: 2, dataset: '' }, { version: 2 }])
      expect(datasetOfState(bad)).toBeUndefined();
  });

  it('keeps a live view small enough to be sent ten times a second', () => {
    const live: LiveView = sampleLive();
    expect(JSON.stringify(live).length).toBeLessThan(200_000);
  });
});

describe('panelHtml', () => {
  const html = panelHtml({
    locale: 'en',
    title: '"><script>x</script>',
    cspSource: 'https://host',
    nonce: 'n0',
    scriptUri: 'https://host/s.js',
    styleUri: 'https://host/s.css',
  });

  it('allows its own script and style and nothing else', () => {
    const csp = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
    expect(csp).toBe("default-src 'none'; script-src 'nonce-n0'; style-src https://host; base-uri 'none'; form-action 'none'");
  });

  it('allows images to the page that asks for them, only as data', () => {
    const uris = { scriptUri: 'https://host/s.js', styleUri: 'https://host/s.css' };
    const withImages = panelHtml({ locale: 'en', title: '', images: true, cspSource: 'https://host', nonce: 'n0', ...uris });
    const [, csp = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(withImages) ?? [];
    expect(csp.split('; ').filter((rule) => rule.startsWith('img-src'))).toEqual(['img-src data:']);
    expect(csp.split('; ')[0]).toBe('default-src &#39;none&#39;');
  });

  it('writes no markup from data', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
  });
});
