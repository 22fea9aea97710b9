import { describe, expect, it } from 'vitest';
import { collectSelectionView } from '../../../src/extension/panels/collectSelectionView.ts';
import { panelHtml } from '../../../src/extension/panels/panelHtml.ts';
import { fromPanelState, toPanelState } from '../../../src/extension/panels/panelState.ts';
import { english, sampleContent, sampleReport } from '../../webview/sampleReport.ts';

describe('collectSelectionView', () => {
  const { view } = sampleContent();
  const token = view.perspectives[0];

  it('says what was kept and what was expected', () => {
    expect(view.summary).toEqual([
      'Kept 33,105 of 66,530 instances (49.8%), dropped 33,425.',
      'Expected volume 33,184.2 ± 101.4. Seed 42, sampler hash.',
    ]);
    const target = { wanted: 10, reached: 8, unreachable: true, maximum: 8, by: 'tau' };
    expect(collectSelectionView(sampleReport({ target }), 'a.json', english, 'en').summary.at(-1)).toBe(
      'The target of 10 cannot be reached; the most is 8.',
    );
  });

  it('moves ranks to 1-based for the logarithmic axis and leaves out what nothing holds', () => {
    const report = sampleReport();
    const before = report.perspectives.token?.before;
    if (before === undefined) throw new Error('no token perspective');
    const curve = [
      { rank: 0, frequency: 9 },
      { rank: 1, frequency: 2 },
      { rank: 5, frequency: 0 },
    ];
    const changed = collectSelectionView(
      sampleReport({ perspectives: { token: { tau: 2, boundary: 2, mass: 0.9, before: { ...before, curve } } } }),
      'a.json',
      english,
      'en',
    );
    expect(changed.perspectives.map((part) => part.perspective)).toEqual(['token']);
    expect(changed.perspectives[0]?.series).toEqual([
      {
        role: 'before',
        label: 'Before',
        points: [
          [1, 9],
          [2, 2],
        ],
      },
    ]);
  });

  it('speaks the chart and tabulates the same numbers', () => {
    expect(token?.facts).toEqual(['Gini 0.81 before, 0.62 after', 'Kept 97% of the tail and 41% of the head', 'Entities lost: 0 of 900']);
    expect(token?.spoken).toBe(
      'Token: rank-frequency curve of 900 entities on logarithmic axes. Threshold tau is 120; the tail holds 86% of the entities and 10% of the occurrences. ' +
        'Gini 0.81 before, 0.62 after. Kept 97% of the tail and 41% of the head. Entities lost: 0 of 900.',
    );
    expect(token?.measures.rows[0]).toEqual(['Entities', '900', '900', '900']);
    const points = token?.series.flatMap((series) => series.points) ?? [];
    const cells = token?.curve.rows.flatMap((row) => row.slice(1)).filter((cell) => cell !== '') ?? [];
    expect(cells).toHaveLength(points.length);
    expect(token?.curve.rows[0]).toEqual(['1', '8,000', '600', '4,000']);
  });

  it('marks head and tail by the threshold before a target scaled it, and says so', () => {
    const report = sampleReport();
    const token = report.perspectives.token;
    if (token === undefined) throw new Error('no token perspective');
    const scaled = { ...token, tau: 0.37867, before: { ...token.before, tailEntityShare: 0 } };
    const part = collectSelectionView(sampleReport({ perspectives: { token: scaled } }), 'a.json', english, 'en').perspectives[0];
    expect(part?.boundaryLabel).toBe('τ = 120');
    expect(part?.facts).toContain('For the target τ was scaled from 120 to 0.379');
    expect(part?.facts).toContain('No tail: every entity is more frequent than τ');
  });

  it('writes numbers in the language of the editor', () => {
    expect(collectSelectionView(sampleReport(), 'a.json', english, 'de').summary[0]).toMatch(/^Kept 33\.105 of 66\.530/);
  });
});

describe('state of a panel', () => {
  it('comes back as it went', () => {
    const outcome = { dataset: '/d/train.json', report: sampleReport() };
    const kept: unknown = JSON.parse(JSON.stringify(toPanelState(outcome)));
    const { view } = sampleContent();
    const back = fromPanelState(kept);
    expect(back && collectSelectionView(back.report, 'train.json', english, 'en')).toEqual(view);
  });

  it.each([
    undefined,
    null,
    1,
    {},
    { version: 2 },
    { version: 1, dataset: 'x', report: {} },
    { version: 1, dataset: 3, report: sampleReport() },
  ])('refuses %j', (state) => expect(fromPanelState(state)).toBeUndefined());

  it('stays small', () => expect(JSON.stringify(toPanelState({ dataset: '/d', report: sampleReport() })).length).toBeLessThan(100_000));
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

  it('writes no markup from data', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
  });
});
