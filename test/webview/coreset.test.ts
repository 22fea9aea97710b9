import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetOfCoresetState } from '../../src/extension/coreset/coresetMessages.ts';
import type { CoresetContent, CoresetSettings, DrawnCoreset } from '../../src/protocol/coresetPage.ts';
import { violations } from './openInstances.ts';
import { axeSource, type OpenPage, PageLab } from './openPage.ts';
import { FakeCoresetHost, sampleTrial } from './sampleCoreset.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('coreset');
});
afterAll(() => lab.close());

interface Started {
  readonly host: FakeCoresetHost;
  readonly open: OpenPage;
  readonly page: Page;
  readonly drawn: DrawnCoreset;
}

/** The page on a fake host, drawn and at rest. */
async function start(
  host = new FakeCoresetHost(),
  more: Readonly<Record<string, unknown>> = {},
  options: Parameters<PageLab['open']>[2] = {},
): Promise<Started> {
  const open = await lab.open({ ...host.answers, ...more }, themes.light, options);
  const drawn = (await open.drawing()).payload as DrawnCoreset;
  return { host, open, page: open.page, drawn };
}

function asked<T>(open: OpenPage, method: string): T[] {
  return open.messages.flatMap((message) => (message.kind === 'request' && message.method === method ? [message.params as T] : []));
}
const lastEdit = (open: OpenPage): CoresetSettings | undefined => asked<CoresetSettings>(open, 'edit').at(-1);
const field = (page: Page, name: string) => page.getByRole('spinbutton', { name, exact: true });
const chosen = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Opens every group of the form. */
const unfold = (page: Page): Promise<void> =>
  page.locator('aside details').evaluateAll((groups) => {
    for (const group of groups) group.setAttribute('open', '');
  });
const lead = (page: Page): Promise<string | null> => page.locator('.keeps').textContent();

describe('coreset panel', () => {
  it('asks what the settings give, draws a line per strategy and says so', async () => {
    const { open, page, drawn } = await start();
    await expect
      .poll(() => open.messages.flatMap((message) => (message.kind === 'request' ? [message.method] : [])))
      .toEqual(['ready', 'trial', 'frontier']);
    expect(drawn).toMatchObject({ theme: 'vscode-light', view: 'chart', selected: 1200, points: [10, 9, 10] });
    expect(drawn.paintedPixels).toBeGreaterThan(5000);
    await expect.poll(() => page.locator('h1').textContent()).toBe('Coreset: train.json');
    await expect.poll(() => lead(page)).toBe('Selects 1,200 of 6,000 (20%)');
    await expect.poll(() => page.locator('.legend li').allTextContents()).toEqual(['COINCIDE', 'ADR rebalancing', 'Random']);
    await expect
      .poll(() => page.locator('.comparison thead th').allTextContents())
      .toEqual(['Measure', 'COINCIDE', 'ADR rebalancing', 'Random']);
    await expect
      .poll(() => page.locator('.frontier li', { hasText: 'at most' }).textContent())
      .toBe('ADR rebalancing can keep at most 4,800 instances.');
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Selects 1,200 of 6,000 (20%). by COINCIDE');
    await expect.poll(() => page.locator('canvas').getAttribute('aria-label')).toMatch(/^Coverage of Object by size\. COINCIDE: /);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('loads nothing but its own files', async () => {
    const { open } = await start();
    expect(open.loaded.map((url) => new URL(url).pathname)).toEqual(['/', '/coreset.css', '/coreset.js']);
    expect(open.refused).toEqual([]);
    await open.close();
  });

  it('shows hostile names as text', async () => {
    const hostile = '<img src=x onerror="window.injected=1"><script>window.injected=2</script>"\'`&amp;';
    const settings = { features: `/d/${hostile.replaceAll('/', ':')}.npy`, column: `/d/\u202eevil.npy` };
    const plain = new FakeCoresetHost(settings).content;
    const strategies = plain.strategies.map((one) => ({ ...one, label: one.name === 'coincide' ? hostile : one.label, summary: hostile }));
    const host = new FakeCoresetHost(settings, { title: hostile, strategies });
    const trial = { ...sampleTrial(host.settings), lead: hostile, notes: [hostile] };
    const { open, page } = await start(host, { trial: { ok: true, value: trial } });
    await page.locator('summary', { hasText: 'Features and clusters' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe(hostile);
    await expect.poll(() => lead(page)).toBe(hostile);
    await expect.poll(() => page.locator('.notes li').textContent()).toBe(hostile);
    await expect.poll(() => page.locator('.file-name').last().textContent()).toBe('‹U+202E›evil.npy');
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(await page.evaluate(() => 'injected' in window)).toBe(false);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('shows what the host still knows without asking again', async () => {
    const known = new FakeCoresetHost();
    const trial = sampleTrial(known.settings);
    const { open, page } = await start(new FakeCoresetHost({}, { trial }));
    await expect.poll(() => lead(page)).toBe(trial.lead);
    expect(asked(open, 'trial')).toEqual([]);
    await expect.poll(() => asked(open, 'frontier')).toHaveLength(1);
    await open.close();
  });
});

describe('features that were never made', () => {
  it('wait for the user, who is told why', async () => {
    const host = new FakeCoresetHost();
    host.isQuick = false;
    const open = await lab.open(host.answers, themes.light);
    const { page } = open;
    await button(page, 'Compute Figures').waitFor();
    await expect.poll(() => page.locator('.message.changed').first().textContent()).toContain('have not been made yet');
    await expect.poll(() => lead(page)).toBe('No figures yet');
    expect(asked(open, 'trial')).toEqual([]);
    // The result does not depend on the figures.
    await expect.poll(() => button(page, 'Apply').isEnabled()).toBe(true);
    await button(page, 'Compute Figures').click();
    await open.drawing();
    await expect.poll(() => lead(page)).toBe('Selects 1,200 of 6,000 (20%)');
    await expect.poll(() => button(page, 'Compute Figures').count()).toBe(0);
    await open.close();
  });

  it('leave the earlier figures in sight, marked as such', async () => {
    const { host, open, page } = await start();
    await page.locator('summary', { hasText: 'Features and clusters' }).click();
    host.isQuick = false;
    await field(page, 'Iterations').fill('7');
    await button(page, 'Compute Figures').waitFor();
    await expect.poll(() => page.locator('.message.changed').first().textContent()).toContain('These figures are of earlier settings.');
    await expect.poll(() => page.locator('.keeps.stale').textContent()).toBe('Selects 1,200 of 6,000 (20%)');
    await expect.poll(() => asked(open, 'trial')).toHaveLength(1);
    await open.close();
  });
});

describe('settings', () => {
  it('of a strategy come from its declaration', async () => {
    const declared = { name: 'neighbours', kind: 'number', from: 3, to: 9, integer: true, default: 5, help: '' } as const;
    const content: CoresetContent = new FakeCoresetHost().content;
    const strategies = content.strategies.map((one) =>
      one.name === 'coincide' ? { ...one, parameters: [{ declared, label: 'Nearest', help: 'How many.', choices: [] }] } : one,
    );
    const { open, page } = await start(new FakeCoresetHost({}, { strategies }));
    const nearest = field(page, 'Nearest');
    expect([await nearest.inputValue(), await nearest.getAttribute('min'), await nearest.getAttribute('max')]).toEqual(['5', '3', '9']);
    await expect.poll(() => page.getByText('Temperature').count()).toBe(0);
    await nearest.fill('12');
    await nearest.blur();
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'Write a number from 3 to 9.' }).count()).toBe(1);
    await expect.poll(() => nearest.getAttribute('aria-invalid')).toBe('true');
    expect(asked(open, 'edit')).toEqual([]);
    await nearest.fill('8');
    await expect.poll(() => lastEdit(open)?.parameters).toEqual({ neighbours: 8 });
    await open.close();
  });

  it('follow the strategy, and say what is missing', async () => {
    const { open, page } = await start();
    await chosen(page, 'Strategy').selectOption('hybrid');
    await expect.poll(() => page.locator('.message.changed').first().textContent()).toBe('The floors are missing.');
    await expect.poll(() => button(page, 'Apply').isDisabled()).toBe(true);
    await expect.poll(() => asked(open, 'trial')).toHaveLength(1);
    await field(page, 'Floor: Object').fill('5');
    await expect.poll(() => lastEdit(open)?.parameters).toEqual({ floors: { object: 5 } });
    await expect.poll(() => asked(open, 'trial').length).toBe(2);
    await expect.poll(() => button(page, 'Apply').isEnabled()).toBe(true);
    await expect.poll(() => page.locator('.clusters caption').textContent()).toBe('The 12 of 91 clusters that paid most for the floors');
    // An empty field is no floor.
    await field(page, 'Floor: Object').fill('');
    await expect.poll(() => lastEdit(open)?.parameters).toEqual({ floors: {} });
    await open.close();
  });

  it('take a temperature above 0 only, without an upper end', async () => {
    const { open, page } = await start();
    await field(page, 'Temperature').fill('0');
    await field(page, 'Temperature').blur();
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'Write a number above 0.' }).count()).toBe(1);
    await field(page, 'Temperature').fill('2.5');
    await expect.poll(() => lastEdit(open)?.parameters.temperature).toBe(2.5);
    await open.close();
  });

  it('move the size by keyboard; the lines stay, the marked size moves', async () => {
    const { open, page } = await start();
    const slider = page.getByRole('slider', { name: 'Percent' });
    await slider.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => lastEdit(open)?.size).toEqual({ kind: 'fraction', value: 0.22 });
    await expect.poll(() => lead(page)).toBe('Selects 1,320 of 6,000 (22%)');
    await expect.poll(() => asked(open, 'edit')).toHaveLength(1);
    await expect.poll(() => asked(open, 'frontier')).toHaveLength(1);
    await chosen(page, 'Size in').selectOption('count');
    await expect.poll(() => field(page, 'Instances').inputValue()).toBe('1320');
    await field(page, 'Instances').fill('77');
    await expect.poll(() => lastEdit(open)?.size).toEqual({ kind: 'count', value: 77 });
    await expect.poll(() => lead(page)).toBe('Selects 77 of 6,000 (1.3%)');
    await open.close();
  });

  it('take files that the host asks for, and nothing when the user gives up', async () => {
    let answer: string | null = null;
    const { open, page } = await start(undefined, { pickFile: () => answer });
    await page.locator('summary', { hasText: 'Features and clusters' }).click();
    await chosen(page, 'Features').selectOption('file');
    await expect.poll(() => chosen(page, 'Features').inputValue()).toBe('builtin');
    expect(asked(open, 'edit')).toEqual([]);
    answer = '/data/arrays/features.npy';
    await chosen(page, 'Features').selectOption('file');
    await expect.poll(() => lastEdit(open)?.features).toBe(answer);
    await expect.poll(() => page.locator('.file-name').first().textContent()).toBe('features.npy');
    const layout = page.getByRole('textbox', { name: 'Layout' });
    await layout.fill('5 by 3');
    await layout.blur();
    await expect.poll(() => page.getByText('Write layers and half as in 5x2048').isVisible()).toBe(true);
    await layout.fill('5x2048');
    await expect.poll(() => lastEdit(open)?.layout).toEqual({ layers: 5, half: 2048 });
    await chosen(page, 'Clusters').selectOption('import');
    await expect.poll(() => page.locator('.message.changed').first().textContent()).toBe('The clusters are missing.');
    await expect.poll(() => field(page, 'Iterations').isVisible()).toBe(false);
    answer = '/data/arrays/a.npy';
    await button(page, 'Choose a file: Assignments').click();
    await expect.poll(() => lastEdit(open)?.clusters).toEqual({ kind: 'import', assignments: answer });
    answer = '/data/arrays/c.npy';
    await button(page, 'Choose a file: Centroids').click();
    await expect.poll(() => lastEdit(open)?.clusters).toEqual({ kind: 'import', assignments: '/data/arrays/a.npy', centroids: answer });
    await expect.poll(() => page.locator('.message.changed').first().isVisible()).toBe(false);
    await button(page, 'Remove the file: Features').click();
    await expect.poll(() => lastEdit(open)).not.toHaveProperty('features');
    expect(lastEdit(open)).not.toHaveProperty('layout');
    await open.close();
  });

  it('compare with what can be compared', async () => {
    const { open, page } = await start(undefined, { pickFile: '/s.npy' });
    const boxes = (): Promise<string[]> => page.locator('.check label:visible').allTextContents();
    expect(await boxes()).toEqual(['COINCIDE with floors', 'ADR rebalancing', 'SemDeDup', 'Self-Sup']);
    await expect.poll(() => page.getByRole('checkbox', { name: 'COINCIDE with floors' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'SemDeDup' }).check();
    await expect.poll(() => page.locator('.legend li').allTextContents()).toEqual(['COINCIDE', 'ADR rebalancing', 'SemDeDup', 'Random']);
    await page.locator('summary', { hasText: 'Features and clusters' }).click();
    await button(page, 'Choose a file: Scores').click();
    await expect.poll(() => boxes()).toContain('EL2N');
    await page.getByRole('checkbox', { name: 'EL2N' }).check();
    await expect.poll(() => lastEdit(open)?.compare).toEqual(['rebalance', 'semdedup', 'el2n']);
    await open.close();
  });

  it('that changed elsewhere are shown', async () => {
    const { host, open, page } = await start();
    host.settings = { ...host.settings, strategy: 'semdedup', size: { kind: 'fraction', value: 0.5 } };
    await open.send({ kind: 'event', name: 'settings', payload: host.view });
    await expect.poll(() => chosen(page, 'Strategy').inputValue()).toBe('semdedup');
    await expect.poll(() => lead(page)).toBe('Selects 3,000 of 6,000 (50%)');
    await open.close();
  });

  it('are not lost when the page goes away', async () => {
    const { open, page } = await start();
    await field(page, 'Seed').fill('7');
    await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    await expect.poll(() => lastEdit(open)?.seed).toBe(7);
    await open.close();
  });
});

describe('figures', () => {
  it('are tables at one key, of any coverage, and stay so', async () => {
    const { open, page } = await start();
    await page.locator('h1').click();
    await page.keyboard.press('t');
    const table = page.locator('.frontier table');
    await expect
      .poll(() => table.locator('thead th').allTextContents())
      .toEqual(['Share of the instances selected', 'COINCIDE', 'ADR rebalancing', 'Random']);
    await expect.poll(() => table.locator('tbody tr').count()).toBe(10);
    await expect.poll(() => table.locator('tbody tr').last().locator('td').nth(1).textContent()).toBe('out of reach');
    await chosen(page, 'Coverage of').selectOption('clusters');
    await expect.poll(() => table.locator('caption').textContent()).toBe('Clusters: share covered by the share of the instances selected');
    const state = await page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state);
    expect(state).toMatchObject({ view: 'table', coverage: 'clusters' });
    expect(datasetOfCoresetState(state)).toBe('/data/train.json');
    await open.close();
    const again = await start(undefined, {}, { state });
    expect(again.drawn.view).toBe('table');
    await expect.poll(() => chosen(again.page, 'Coverage of').inputValue()).toBe('clusters');
    await again.open.close();
  });

  it('are walked with the arrow keys', async () => {
    const { open, page } = await start();
    await page.locator('canvas').focus();
    await page.keyboard.press('ArrowRight');
    const said = page.getByRole('status');
    await expect
      .poll(() => said.textContent())
      .toMatch(/^COINCIDE: 2% of the instances cover [\d.]+%; ADR rebalancing: 2% .*; Random: 2% /);
    await page.keyboard.press('End');
    // At this size rebalancing has no point.
    await expect.poll(() => said.textContent()).toMatch(/^COINCIDE: 90% of the instances cover [\d.]+%; Random: 90% /);
    await open.close();
  });

  it('say what each number means, and lead to the clusters', async () => {
    const { open, page } = await start();
    const rows = await page.locator('.comparison tbody tr').count();
    expect(rows).toBeGreaterThan(10);
    await expect
      .poll(() => page.locator('.comparison tbody tr', { hasText: 'Duplicates' }).locator('small').textContent())
      .toContain('exact content');
    await button(page, 'Show Cluster 6').click();
    await expect.poll(() => asked(open, 'showCluster')).toEqual([6]);
    await open.close();
  });

  it('follow the theme', async () => {
    const { open } = await start();
    await open.setTheme(themes.dark);
    expect((await open.drawing(2)).payload).toMatchObject({ theme: 'vscode-dark', points: [10, 9, 10] });
    await open.close();
  });
});

describe('waiting and failing', () => {
  it('shows progress that can be cancelled, and tries again', async () => {
    let answer: (value: unknown) => void = () => undefined;
    let asks = 0;
    const host = new FakeCoresetHost();
    const trial = (settings: CoresetSettings): unknown =>
      asks++ === 0 ? new Promise((resolve) => (answer = resolve)) : { ok: true, value: sampleTrial(settings) };
    const open = await lab.open({ ...host.answers, trial }, themes.light);
    const { page } = open;
    await page.locator('.working').waitFor();
    await open.send({ kind: 'event', name: 'progress', payload: { job: 'trial', sentence: 'Clustering, 40 %', percent: 40 } });
    await expect.poll(() => page.locator('.working span').textContent()).toBe('Clustering, 40 %');
    await expect.poll(() => page.getByRole('progressbar').getAttribute('value')).toBe('40');
    await button(page, 'Cancel').click();
    await expect.poll(() => open.messages.some(({ kind }) => kind === 'cancel')).toBe(true);
    answer('!cancelled');
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'cancelled' }).count()).toBe(1);
    await expect.poll(() => page.locator('.working').isVisible()).toBe(false);
    await button(page, 'Try Again').click();
    await expect.poll(() => lead(page)).toBe('Selects 1,200 of 6,000 (20%)');
    await expect.poll(() => page.locator('.failure').isVisible()).toBe(false);
    await open.close();
  });

  it('says what went wrong and offers what the host can do', async () => {
    const failure = { sentence: 'The disk is full.', repairs: [{ action: 'openRunFolderSetting', label: 'Choose Run Folder' }] };
    const open = await lab.open({ ...new FakeCoresetHost().answers, trial: { ok: false, failure } }, themes.light);
    const { page } = open;
    await page.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor();
    await button(page, 'Choose Run Folder').click();
    await expect.poll(() => asked(open, 'repair')).toEqual(['openRunFolderSetting']);
    await expect.poll(() => page.locator('.working').isVisible()).toBe(false);
    await open.close();
  });

  it('tells an engine that does not start, and begins when what stood in the way is gone', async () => {
    let isTrusted = false;
    const host = new FakeCoresetHost();
    const open = await lab.open({ ...host.answers, ready: () => (isTrusted ? host.content : '!Trust this workspace.') }, themes.light);
    await expect.poll(() => open.page.getByRole('alert').textContent()).toBe('Trust this workspace.');
    isTrusted = true;
    await open.send({ kind: 'event', name: 'retry', payload: null });
    await open.drawing();
    await expect.poll(() => lead(open.page)).toBe('Selects 1,200 of 6,000 (20%)');
    await open.close();
  });

  it('keeps the figures when the file changes, and reloads them', async () => {
    const { open, page } = await start();
    await open.send({ kind: 'event', name: 'datasetChanged', payload: 'train.json was changed.' });
    await page.getByRole('alert').filter({ hasText: 'train.json was changed.' }).waitFor();
    await button(page, 'Reload').click();
    await expect.poll(() => asked(open, 'trial').length).toBe(2);
    await expect.poll(() => asked(open, 'frontier').length).toBe(2);
    await open.close();
  });

  it('asks one trial after another, the newest last', async () => {
    const releases: (() => void)[] = [];
    const host = new FakeCoresetHost();
    const trial = (settings: CoresetSettings): Promise<unknown> =>
      new Promise((resolve) => releases.push(() => resolve({ ok: true, value: sampleTrial(settings) })));
    const open = await lab.open({ ...host.answers, trial }, themes.light);
    const { page } = open;
    await expect.poll(() => releases.length).toBe(1);
    // The same settings told by the host are no new question.
    await open.send({ kind: 'event', name: 'settings', payload: host.view });
    for (const seed of ['5', '6', '7']) {
      await field(page, 'Temperature').fill(seed);
      await expect.poll(() => lastEdit(open)?.parameters.temperature).toBe(Number(seed));
    }
    releases[0]?.();
    await expect.poll(() => releases.length).toBe(2);
    releases[1]?.();
    await open.drawing();
    await expect.poll(() => asked<CoresetSettings>(open, 'trial').map(({ parameters }) => parameters.temperature)).toEqual([undefined, 7]);
    await open.close();
  });
});

describe('results', () => {
  it('are written by Apply and can be opened, browsed and looked at by cluster', async () => {
    const { host, open, page } = await start();
    await button(page, 'Apply').click();
    await expect.poll(() => asked(open, 'apply').length).toBe(1);
    await expect.poll(() => button(page, 'Apply').isDisabled()).toBe(true);
    const sentence = 'Wrote train.coreset.json: 1,200 of 6,000 instances, selected by COINCIDE.';
    await open.send({ kind: 'event', name: 'applied', payload: { ok: true, value: { sentence } } });
    await open.send({ kind: 'event', name: 'settings', payload: { ...host.view, isApplied: true } });
    await expect.poll(() => page.locator('.result p').textContent()).toBe(sentence);
    await expect.poll(() => button(page, 'Apply').isEnabled()).toBe(true);
    await expect.poll(() => page.getByRole('status').textContent()).toBe(sentence);
    for (const name of ['Open Result', 'Reveal Manifest', 'Browse Dropped'])
      await page.locator('.result').getByRole('button', { name }).click();
    await page.locator('.result').getByRole('button', { name: 'Open Clusters' }).click();
    await expect.poll(() => asked(open, 'result')).toEqual(['openResult', 'revealManifest', 'browseDropped', 'openClusters']);
    await field(page, 'Seed').fill('7');
    await expect.poll(() => page.locator('.result p').textContent()).toBe(`${sentence} The settings have changed since.`);
    await open.close();
  });

  it('can fail or be cancelled', async () => {
    const { open, page } = await start();
    await button(page, 'Apply').click();
    const failure = { sentence: 'No permission.', repairs: [{ action: 'tryAgain', label: 'Try Again' }] };
    await open.send({ kind: 'event', name: 'applied', payload: { ok: false, failure } });
    await page.getByRole('alert').filter({ hasText: 'No permission.' }).waitFor();
    await button(page, 'Try Again').click();
    await expect.poll(() => asked(open, 'apply').length).toBe(2);
    await open.send({ kind: 'event', name: 'applied', payload: { ok: true, value: null } });
    await expect.poll(() => button(page, 'Apply').isEnabled()).toBe(true);
    await expect.poll(() => page.locator('.result').isVisible()).toBe(false);
    await open.close();
  });

  it('can be had by a command, which is shown', async () => {
    const { open, page } = await start();
    await field(page, 'Seed').fill('9');
    await button(page, 'Copy CLI Command').click();
    await expect.poll(() => page.locator('.done').textContent()).toMatch(/^ballast select /);
    // What was just typed is in it.
    const methods = open.messages.flatMap((message) => (message.kind === 'request' ? [message.method] : []));
    expect(methods.indexOf('edit')).toBeLessThan(methods.indexOf('copyCommand'));
    await open.close();
  });
});

describe('looks', () => {
  it.each([800, 1280])('has no sideways scroll bar at %i px', async (width) => {
    const { open, page } = await start(new FakeCoresetHost({ compare: ['rebalance', 'semdedup'] }), {}, { width });
    await unfold(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await open.close();
  });

  it.each(Object.keys(themes).flatMap((theme) => [800, 1280].map((width) => [theme as keyof typeof themes, width] as const)))(
    'has no accessibility violation in %s at %i px',
    async (theme, width) => {
      const settings = {
        strategy: 'hybrid',
        parameters: { floors: { object: 5 } },
        compare: ['coincide', 'rebalance', 'semdedup'],
      } as const;
      const result = { sentence: 'Wrote train.coreset.json.' };
      const host = new FakeCoresetHost(settings, { result });
      const open = await lab.open(host.answers, themes[theme], { width });
      await open.drawing();
      await unfold(open.page);
      await open.page.screenshot({ path: path.join(artifacts, `coreset-${theme}-${width}.png`), fullPage: true });
      for (const view of ['Chart', 'Table (T)']) {
        await open.page.getByRole('radio', { name: view }).check();
        expect(await violations(open, axeSource), view).toEqual([]);
      }
      expect(open.errors).toEqual([]);
      await open.close();
    },
  );
});
