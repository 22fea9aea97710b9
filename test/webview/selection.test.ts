import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromPanelState } from '../../src/extension/panels/panelState.ts';
import type { DrawnCharts } from '../../src/protocol/selectionPage.ts';
import { axeSource, PageLab } from './openPage.ts';
import { sampleContent, sampleReport } from './sampleReport.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('selection');
});
afterAll(() => lab.close());

describe('page of a selection', () => {
  it('asks the host, draws four charts and says what it drew', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    const drawn = (await open.drawing()).payload as DrawnCharts;
    expect(open.messages[0]).toEqual({ kind: 'request', id: 1, method: 'ready', params: null });
    expect(drawn.theme).toBe('vscode-light');
    expect(drawn.charts.map((chart) => chart.perspective)).toEqual(['token', 'object', 'cooccurrence', 'interrogation']);
    for (const chart of drawn.charts) {
      expect(chart.points).toHaveLength(3);
      expect(chart.paintedPixels).toBeGreaterThan(3000);
    }
    expect(await open.page.locator('h1').textContent()).toBe('Rebalanced: train.json');
    expect(await open.page.locator('.summary').allTextContents()).toEqual([
      'Kept 33,105 of 66,530 instances (49.8%), dropped 33,425.',
      'Expected volume 33,184.2 ± 101.4. Seed 42, sampler hash.',
    ]);
    expect(await open.page.locator('.legend li').allTextContents()).toEqual([
      'Before, head',
      'Before, tail',
      'After',
      'Random control',
      'Threshold τ: head above, tail below',
    ]);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('loads nothing but its own files and runs no other script', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    await open.drawing();
    const violations = await open.page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/leak.png';
      document.body.append(image);
      await fetch('/selection.js').catch(() => undefined);
      document.body.setAttribute('style', 'color: red');
      await new Promise((resolve) => setTimeout(resolve, 0)); // the debugger's own evaluation may use eval
      let evaluated = false;
      try {
        evaluated = new Function('return true')() as boolean;
      } catch {
        blocked.push('eval');
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { blocked, injected: 'injected' in window, evaluated };
    });
    expect(violations.injected).toBe(false);
    expect(violations.evaluated).toBe(false);
    expect(new Set(violations.blocked)).toEqual(
      new Set(['script-src-elem', 'img-src', 'connect-src', 'style-src-attr', 'script-src', 'eval']),
    );
    expect(open.loaded.map((url) => new URL(url).pathname)).toEqual(['/', '/selection.css', '/selection.js']);
    expect(open.refused).toContain('http://127.0.0.1:9/leak.png csp');
    await open.close();
  });

  it('shows hostile names as text', async () => {
    const hostile = '<img src=x onerror="window.injected=1"><script>window.injected=2</script>"\'`&amp;';
    const open = await lab.open({ ready: sampleContent(sampleReport(), hostile) }, themes.light);
    await open.drawing();
    expect(await open.page.locator('h1').textContent()).toBe(`Rebalanced: ${hostile}`);
    expect(await open.page.locator('img, main script').count()).toBe(0);
    expect(await open.page.evaluate(() => 'injected' in window)).toBe(false);
    await open.close();
  });

  it('shows the same numbers as tables one key away, and comes back', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    await open.drawing();
    const { page } = open;
    expect(await page.locator('table').first().isVisible()).toBe(false);
    await page.keyboard.press('t');
    expect(await page.locator('canvas').first().isVisible()).toBe(false);
    const rows = await page
      .locator('section')
      .first()
      .locator('table')
      .first()
      .locator('tbody tr')
      .evaluateAll((trs) => trs.map((tr) => [...tr.children].map((c) => c.textContent)));
    expect(rows[0]).toEqual(['Entities', '900', '900', '900']);
    expect(rows[2]).toEqual(['Gini', '0.81', '0.62', '0.80']);
    const curve = page.locator('section').first().locator('.scroll tbody tr').first();
    expect(await curve.locator('th, td').allTextContents()).toEqual(['1', '8,000', '600', '4,000']);
    await page.screenshot({ path: path.join(artifacts, 'webview-tables.png'), fullPage: true });
    await page.getByRole('button', { name: 'Show as Charts' }).click();
    const drawn = (await open.drawing(2)).payload as DrawnCharts;
    expect(drawn.charts[0]?.paintedPixels).toBeGreaterThan(3000);
    await open.close();
  });

  it('is walked with the keyboard alone, and speaks each point', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    await open.drawing();
    const { page } = open;
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent || document.activeElement?.tagName || '');
    const order: string[] = [];
    await page.locator('h1').click();
    for (let i = 0; i < 7; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual(['Show as Tables', 'Open Result', 'Reveal Manifest', 'CANVAS', 'CANVAS', 'CANVAS', 'CANVAS']);
    await page.locator('canvas').first().focus();
    const live = page.getByRole('status');
    await page.keyboard.press('ArrowRight');
    expect(await live.textContent()).toBe(
      'Before, rank 1: 8,000 instances; After, rank 1: 600 instances; Random control, rank 1: 4,000 instances',
    );
    await page.keyboard.press('ArrowRight');
    expect(await live.textContent()).toMatch(/^Before, rank 2: 4,000 instances/);
    await page.keyboard.press('End');
    expect(await live.textContent()).toMatch(/^Before, rank 900: 9 instances/);
    await page.keyboard.press('Home');
    expect(await live.textContent()).toMatch(/^Before, rank 1:/);
    expect(
      await page
        .locator('canvas')
        .first()
        .evaluate((canvas) => getComputedStyle(canvas).outlineStyle),
    ).toBe('solid');
    await open.close();
  });

  it('asks the host to open the result, and survives its refusal', async () => {
    const open = await lab.open({ ready: sampleContent(), revealManifest: '!gone' }, themes.light);
    await open.drawing();
    await open.page.getByRole('button', { name: 'Open Result' }).click();
    await open.page.getByRole('button', { name: 'Reveal Manifest' }).click();
    await expect
      .poll(() => open.messages.filter((message) => message.kind === 'request').map((message) => message.method))
      .toEqual(['ready', 'openOutput', 'revealManifest']);
    await expect.poll(() => open.messages.at(-1)).toEqual({ kind: 'event', name: 'problem', payload: { message: 'gone' } });
    expect(await open.page.locator('canvas').count()).toBe(4);
    await open.close();
  });

  it('says when the host cannot show anything', async () => {
    const open = await lab.open({ ready: '!no report' }, themes.light);
    expect(await open.page.getByRole('alert').textContent()).toBe('no report');
    await open.close();
  });

  it('shows new content, and keeps a state from which the host can show it again', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    await open.drawing();
    const report = sampleReport({ kept: 5, dropped: 66525 });
    await open.send({ kind: 'event', name: 'content', payload: sampleContent(report, 'other.json') });
    await open.drawing(2);
    expect(await open.page.locator('.summary').first().textContent()).toMatch(/^Kept 5 of 66,530/);
    const kept = await open.page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state);
    const outcome = fromPanelState(kept);
    expect(outcome?.dataset).toBe('/data/other.json');
    expect(outcome?.report.kept).toBe(5);
    await open.close();
  });

  it('shows a report without control, without result and with an empty perspective', async () => {
    const report = sampleReport();
    const empty = { entities: 0, postings: 0, gini: 0, entropy: 0, tailEntityShare: 0, tailMassShare: 0, curve: [] };
    const { output: _output, manifest: _manifest, ...dry } = report;
    const token = report.perspectives.token;
    if (token === undefined) throw new Error('no token perspective');
    const bare = { tau: token.tau, boundary: token.boundary, mass: token.mass, before: token.before };
    const content = sampleContent({
      ...dry,
      perspectives: { token: bare, object: { tau: null, boundary: null, mass: 0.9, before: empty } },
    });
    const open = await lab.open({ ready: content }, themes.light);
    const drawn = (await open.drawing()).payload as DrawnCharts;
    expect(drawn.charts.map((chart) => chart.points.length)).toEqual([1, 1]);
    expect(await open.page.getByText('No entity in this perspective.').isVisible()).toBe(true);
    expect(await open.page.getByRole('button').allTextContents()).toEqual(['Show as Tables']);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('redraws in the colours of a new theme', async () => {
    const open = await lab.open({ ready: sampleContent() }, themes.light);
    await open.drawing();
    const before = open.messages.length;
    await open.setTheme(themes.dark);
    await expect.poll(() => open.messages.length).toBeGreaterThan(before);
    const last = open.messages.at(-1);
    expect(last?.kind === 'event' && (last.payload as DrawnCharts).theme).toBe('vscode-dark');
    await open.close();
  });

  it.each(Object.entries(themes))('has no accessibility violation in %s', async (name, theme) => {
    const open = await lab.open({ ready: sampleContent() }, theme);
    await open.drawing();
    await open.page.screenshot({ path: path.join(artifacts, `webview-${name}.png`), fullPage: true });
    for (const view of ['charts', 'tables']) {
      await open.page.evaluate(axeSource);
      const violations = await open.page.evaluate(async () => {
        const axe = (
          window as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
          }
        ).axe;
        return (await axe.run()).violations.map(
          (violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
        );
      });
      expect(violations, view).toEqual([]);
      await open.page.keyboard.press('t');
    }
    await open.close();
  });
});
