import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClustersPage, ClustersState, DrawnClusters } from '../../src/protocol/clustersPage.ts';
import { violations } from './openInstances.ts';
import { axeSource, Failure, type OpenPage, PageLab } from './openPage.ts';
import { clusterAnswers, hostileText, runManifest, sampleContent } from './sampleClusters.ts';
import { longestTask } from './scrollMeasures.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('clusters');
});
afterAll(() => lab.close());

type Method = keyof ClustersPage['requests'];

/** What the page asked for, in order. */
function asked<M extends Method>(open: OpenPage, method: M): ClustersPage['requests'][M]['params'][] {
  return open.messages.flatMap((message) =>
    message.kind === 'request' && message.method === method ? [message.params as ClustersPage['requests'][M]['params']] : [],
  );
}

function shown(open: OpenPage): DrawnClusters | undefined {
  const last = open.messages.findLast((message) => message.kind === 'event' && message.name === 'drawn');
  return last?.kind === 'event' ? (last.payload as DrawnClusters) : undefined;
}

async function shows(open: OpenPage, wanted: Partial<DrawnClusters>): Promise<void> {
  await expect.poll(() => shown(open), { timeout: 15_000 }).toMatchObject(wanted);
}

const kept = (open: OpenPage): Promise<ClustersState> =>
  open.page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state as ClustersState);
const spoken = async (open: OpenPage): Promise<string> => (await open.page.locator('p[aria-live]').textContent()) ?? '';
const tab = (open: OpenPage, name: string) => open.page.getByRole('tab', { name, exact: true });
const never = (): Promise<never> => new Promise(() => undefined);

describe('panel of clusters', () => {
  it('asks for the clusters and draws them as a treemap', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { theme: 'vscode-light', view: 'treemap', tables: false, clusters: 60, card: null });
    expect(shown(open)?.paintedPixels).toBeGreaterThan(100_000);
    await expect.poll(() => asked(open, 'open')).toEqual([{ ticket: 1, clustering: null, manifest: null, extract: false }]);
    await expect.poll(() => open.page.locator('header .facts').textContent()).toContain('60 clusters · 665,298 instances · 512 dimensions');
    await expect.poll(() => open.page.locator('.chart').getAttribute('aria-label')).toContain('Treemap of 60 clusters');
    await expect.poll(() => kept(open)).toMatchObject({ dataset: '/data/train.json', clustering: 'abc', cluster: null, view: 'treemap' });
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('goes from tile to tile with the arrow keys, and opens the card with Enter', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => spoken(open)).toMatch(/^Cluster 0\. /); // the largest comes first
    const before = await spoken(open);
    await page.keyboard.press('ArrowRight');
    const right = await spoken(open);
    expect(right).not.toBe(before);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('End');
    await expect.poll(() => spoken(open)).toMatch(/Instances: \d/);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.keyboard.press('PageDown');
    await expect.poll(() => spoken(open)).toMatch(/^Cluster 2\. /);
    await page.keyboard.press('Enter');
    await shows(open, { card: 2 });
    await expect.poll(() => asked(open, 'card')).toEqual([{ clustering: 'abc', cluster: 2, manifest: null }]);
    await expect.poll(() => page.locator('.card h2').textContent()).toBe('Cluster 2');
    expect((await kept(open)).cluster).toBe(2);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('opens an instance from the medoids and from the members, with the run that is chosen', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await page.getByLabel('Run', { exact: true }).selectOption(runManifest);
    await expect.poll(() => asked(open, 'open').length).toBe(2);
    await expect.poll(() => asked(open, 'open')[1]).toMatchObject({ manifest: runManifest });
    await page.locator('.chart').click({ position: { x: 40, y: 40 } });
    await shows(open, { card: 0 });
    await page.locator('.medoid').first().click();
    await expect.poll(() => asked(open, 'openInstance')).toEqual([{ instance: 0, manifest: runManifest }]);
    await expect.poll(() => page.locator('.medoid img').count()).toBe(3);
    const list = page.locator('.card .list');
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(open, 'openInstance')[1]).toEqual({ instance: 1, manifest: runManifest });
    await page.getByRole('button', { name: 'Browse Its Instances' }).click();
    await expect.poll(() => asked(open, 'browse')).toEqual([{ clustering: 'abc', cluster: 0, manifest: runManifest }]);
    await expect
      .poll(() => page.locator('.card .run').textContent())
      .toContain('Its budget wanted 6 and gave 5; it was visited as number 3.');
    await page.getByRole('button', { name: 'Cluster 2', exact: true }).click();
    await shows(open, { card: 2 });
    await page.getByLabel('Order').selectOption('ordinal');
    const inFile = expect.objectContaining({ cluster: 2, order: 'ordinal', offset: 0 });
    await expect.poll(() => asked(open, 'members')).toContainEqual(inFile);
    await open.close();
  });

  it('has a table for every chart, which the key t opens and any number sorts', async () => {
    const open = await lab.open(clusterAnswers({ run: true }), themes.light, { state: undefined });
    await shows(open, { clusters: 60 });
    const { page } = open;
    await page.getByLabel('Run', { exact: true }).selectOption(runManifest);
    await expect.poll(() => asked(open, 'open').length).toBe(2);
    await page.locator('.chart').focus();
    await page.keyboard.press('t');
    await shows(open, { tables: true });
    const heads = () => page.getByRole('columnheader').allInnerTexts();
    await expect.poll(() => heads()).toEqual(['Cluster', 'Typical entities', 'Instances ▼', 'Kept', 'Kept share']);
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('61');
    await page.getByRole('button', { name: 'Kept', exact: true }).click();
    const column = async (i: number): Promise<number[]> => {
      const rows = page.locator('.vt-row');
      const texts = await rows.evaluateAll((all, k) => all.map((row) => row.children[k]?.textContent ?? ''), i);
      return texts.map((text) => Number(text.replace(/,/g, '')));
    };
    await expect.poll(heads).toContain('Kept ▼'); // the table is made anew; its rows come when its size is known
    await expect.poll(async () => (await column(3)).length).toBeGreaterThan(5);
    const values = await column(3);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Kept');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown(open)?.card).not.toBeNull();
    const card = shown(open)?.card;
    await expect.poll(() => page.locator('.vt-row[aria-selected="true"]').first().getByRole('rowheader').textContent()).toBe(String(card));
    const expected: Readonly<Record<string, readonly string[]>> = {
      Scores: ['Transferability', 'Density', 'Score', 'Quota wanted', 'Quota given'],
      Quota: ['Kept ▼', 'Kept share', 'Quota wanted', 'Quota given'],
      Map: ['Map, across', 'Map, up', 'Main source'],
    };
    for (const [name, wanted] of Object.entries(expected)) {
      await tab(open, name).click();
      await expect.poll(heads).toEqual(expect.arrayContaining([...wanted]));
    }
    await page.keyboard.press('t');
    await shows(open, { tables: false });
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('draws every chart, and says what a chart needs that cannot be drawn', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await tab(open, 'Scores').click();
    await shows(open, { view: 'scores' });
    expect(shown(open)?.paintedPixels).toBeGreaterThan(2000);
    await tab(open, 'Quota').click();
    await page.getByText('Choose a run above').waitFor();
    await page.getByLabel('Run', { exact: true }).selectOption(runManifest);
    await page.locator('.chart').waitFor();
    await shows(open, { view: 'quota' });
    await expect.poll(() => page.locator('.legends').textContent()).toMatch(/some kept[\s\S]*all kept[\s\S]*none kept/);
    await page.getByLabel('Colour').selectOption('tail-object');
    await expect.poll(() => page.locator('.legends').textContent()).toContain('Tail share, Object');
    const imported = await lab.open(clusterAnswers({ imported: true }), themes.light);
    await shows(imported, { clusters: 60 });
    await tab(imported, 'Scores').click();
    await imported.page.getByText('imported without features, so their density').waitFor();
    expect(imported.errors).toEqual([]);
    await imported.close();
    await open.close();
  });

  it('zooms into a cluster on the map, walks its instances and opens one', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await tab(open, 'Map').click();
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await shows(open, { view: 'map', points: 40 });
    const cluster = shown(open)?.card ?? -1;
    await expect.poll(() => asked(open, 'points')).toEqual([{ clustering: 'abc', cluster, manifest: null }]);
    await expect.poll(() => page.locator('#chart-hint').textContent()).toContain(`40 of 400 instances of cluster ${cluster}.`);
    await page.keyboard.press('Home');
    await expect.poll(() => spoken(open)).toMatch(/^Instance \d+\. Cluster/);
    const ordinal = Number(/\d+/.exec(await spoken(open))?.[0]);
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(open, 'openInstance')).toEqual([{ instance: ordinal, manifest: null }]);
    for (const key of ['+', '-', '0']) await page.keyboard.press(key);
    await shows(open, { points: 0 });
    await page.locator('.chart').hover();
    await page.mouse.wheel(0, -400);
    await page.mouse.down();
    await page.mouse.move(500, 500, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => asked(open, 'points')).toHaveLength(1); // a drag opens nothing
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await shows(open, { points: 40 });
    await page.keyboard.press('Escape');
    await shows(open, { points: 0 });
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('shows the lift of entities by cluster, filtered, around a cluster, page by page', async () => {
    const open = await lab.open(clusterAnswers(), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await tab(open, 'Entities').click();
    await page.getByText('300 entities').waitFor();
    await expect
      .poll(() => asked(open, 'lift')[0])
      .toEqual({ clustering: 'abc', clusters: null, perspective: 'object', text: '', offset: 0, limit: 60 });
    await page.getByRole('columnheader').getByRole('button', { name: 'Cluster 4', exact: true }).click();
    await shows(open, { card: 4 });
    await page.getByLabel('Clusters', { exact: true }).selectOption('around');
    await expect.poll(() => asked(open, 'lift').at(-1)?.clusters).toEqual([4, 6, 8, 10, 12]);
    await page.getByLabel('Token').check();
    await expect.poll(() => asked(open, 'lift').at(-1)?.perspective).toBe('token');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await expect.poll(() => asked(open, 'lift').at(-1)?.offset).toBeGreaterThan(200);
    await page.getByLabel('Filter').fill('zebra');
    await page.getByText('30 entities').waitFor();
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('finds entities where there are none yet', async () => {
    const open = await lab.open(clusterAnswers({ entities: false }), themes.light);
    await shows(open, { clusters: 60 });
    await open.page.getByRole('button', { name: 'Find Entities' }).click();
    await expect.poll(() => asked(open, 'open').at(-1)?.extract).toBe(true);
    await expect.poll(() => open.page.getByRole('button', { name: 'Find Entities' }).count()).toBe(0);
    await open.close();
  });
});

describe('states of the panel', () => {
  it('offers to cluster a dataset that has no clusters', async () => {
    const open = await lab.open(clusterAnswers({}, { open: { clusterings: [], list: null } }), themes.light);
    await open.page.getByText('This dataset has no clusters yet.', { exact: true }).first().waitFor();
    await open.page.locator('.empty button').click();
    await expect.poll(() => asked(open, 'act')).toEqual(['cluster']);
    expect(await violations(open, axeSource)).toEqual([]);
    await open.send({ kind: 'event', name: 'clustered', payload: { clustering: 'new' } });
    await expect.poll(() => asked(open, 'open').at(-1)?.clustering).toBe('new');
    await open.close();
  });

  it('shows progress that can be cancelled and gone on with', async () => {
    const open = await lab.open(clusterAnswers({}, { open: never }), themes.light);
    await open.page.getByText('Opening the clusters…').waitFor();
    await open.send({ kind: 'event', name: 'progress', payload: { ticket: 1, text: 'Scoring clusters, 42 %', share: 0.42 } });
    await open.page.getByText('Scoring clusters, 42 %').waitFor();
    await open.page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => open.messages.some(({ kind }) => kind === 'cancel')).toBe(true);
    const id = open.messages.find((message) => message.kind === 'request' && message.method === 'open');
    await open.send({ kind: 'failure', id: id?.kind === 'request' ? id.id : 0, message: 'cancelled', cancelled: true });
    await open.page.getByText('Cancelled. Finished stages are used again.').first().waitFor();
    await open.page.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => asked(open, 'open').length).toBe(2);
    await open.close();
  });

  it('says what failed and what can be done', async () => {
    let fails = true;
    const open = await lab.open(
      clusterAnswers({}, { card: () => (fails ? new Failure('The engine ended.', 'engine') : null), runs: '!no runs' }),
      themes.light,
    );
    await shows(open, { clusters: 60 });
    await open.page.locator('.chart').click({ position: { x: 40, y: 40 } });
    await open.page.getByText('The engine ended.').waitFor();
    fails = false;
    await expect.poll(() => open.page.locator('.card').getByRole('button', { name: 'Try Again' }).isVisible()).toBe(true);
    const refused = { sentence: 'In Restricted Mode the engine is off.', canTrust: true };
    const restricted = await lab.open({ ready: sampleContent({ refused }) }, themes.light);
    await restricted.page.getByText(refused.sentence).waitFor();
    await restricted.page.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await expect.poll(() => asked(restricted, 'act')).toEqual(['manageTrust']);
    expect(asked(restricted, 'open')).toEqual([]);
    await restricted.close();
    await open.send({ kind: 'event', name: 'fileChanged', payload: { kind: 'changed' } });
    await open.page.getByText('The dataset was changed').waitFor();
    await open.page.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => asked(open, 'open').length).toBe(2);
    await open.close();
  });

  it('comes back as it was, and goes where a command wants it', async () => {
    const state: ClustersState = {
      version: 1,
      dataset: '/data/train.json',
      clustering: 'abc',
      manifest: runManifest,
      cluster: 6,
      view: 'scores',
      tables: true,
      colouring: 'tail-token',
    };
    const open = await lab.open(clusterAnswers(), themes.light, { state });
    await shows(open, { view: 'scores', tables: true, card: 6 });
    await expect.poll(() => asked(open, 'open')).toEqual([{ ticket: 1, clustering: 'abc', manifest: runManifest, extract: false }]);
    await open.send({ kind: 'event', name: 'openAt', payload: { cluster: 10 } });
    await shows(open, { card: 10 });
    await expect.poll(() => asked(open, 'open')).toHaveLength(1);
    await open.send({ kind: 'event', name: 'openAt', payload: { clustering: 'other', cluster: 4 } });
    await expect.poll(() => asked(open, 'open').at(-1)?.clustering).toBe('other');
    await shows(open, { card: 4 });
    await open.close();
    const elsewhere = await lab.open(clusterAnswers({}, { ready: sampleContent({ openAt: { cluster: 8 } }) }), themes.light, {
      state: { ...state, dataset: '/data/other.json' },
    });
    await shows(elsewhere, { view: 'treemap', tables: false, card: 8 });
    await elsewhere.close();
  });
});

describe('every reader', () => {
  it.each(['light', 'dark', 'highContrastDark', 'highContrastLight'] as const)('is served in %s', async (theme) => {
    const open = await lab.open(clusterAnswers(), themes[theme], { width: 1280 });
    await shows(open, { clusters: 60 });
    const { page } = open;
    await page.getByLabel('Run', { exact: true }).selectOption(runManifest);
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await shows(open, { card: 0 });
    await expect.poll(() => page.locator('.medoid img').count()).toBe(3);
    for (const name of ['Treemap', 'Scores', 'Quota', 'Map', 'Entities']) {
      await tab(open, name).click();
      if (name === 'Entities') await page.getByText('300 entities').waitFor();
      expect(await violations(open, axeSource), name).toEqual([]);
      await page.screenshot({ path: path.join(artifacts, `clusters-${theme}-${name.split(' ')[0]?.toLowerCase()}.png`) });
    }
    await tab(open, 'Treemap').click();
    await page.keyboard.press('t');
    await shows(open, { tables: true });
    expect(await violations(open, axeSource)).toEqual([]);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('fits a narrow screen', async () => {
    const open = await lab.open(clusterAnswers(), themes.light, { width: 800, height: 700 });
    await shows(open, { clusters: 60 });
    const widths = () => open.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    await open.page.locator('.chart').click({ position: { x: 40, y: 40 } });
    await shows(open, { card: 0 });
    for (const name of ['Treemap', 'Map', 'Entities']) {
      await tab(open, name).click();
      const [content = 0, window = 0] = await widths();
      expect(content, name).toBeLessThanOrEqual(window);
    }
    await open.close();
  });

  it('sees text of the dataset as text, and nothing loads but the page', async () => {
    const open = await lab.open(clusterAnswers({}, { ready: sampleContent({ name: hostileText }) }), themes.light);
    await shows(open, { clusters: 60 });
    const { page } = open;
    await page.locator('.chart').click({ position: { x: 40, y: 40 } });
    await shows(open, { card: 0 });
    await tab(open, 'Entities').click();
    await page.getByText('300 entities').waitFor();
    await tab(open, 'Map').click();
    await page.keyboard.press('t');
    await shows(open, { tables: true });
    expect(await page.evaluate(() => (window as unknown as { injected?: number }).injected)).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.locator('body').textContent()).not.toContain('\u202e');
    await expect.poll(() => page.locator('.card').textContent()).toContain('‹U+202E›');
    expect(
      open.loaded.filter((url) => !/^http:\/\/127\.0\.0\.1:\d+\/(clusters\.(js|css))?$/.test(url) && !url.startsWith('data:')),
    ).toEqual([]);
    expect(open.refused).toEqual([]);
    expect(open.errors).toEqual([]);
    await open.close();
  });
});

describe('10,000 clusters', () => {
  /** A frame late is not felt, a fifth of a second is. */
  const longestMs = 200;

  it('stay smooth: drawing, turning, walking, zooming and tables', async () => {
    const open = await lab.open(clusterAnswers({ clusters: 10_000 }), themes.light, { width: 1280, height: 900 });
    await shows(open, { clusters: 10_000 });
    const { page } = open;
    const step = async (name: string, work: () => Promise<void>): Promise<void> => {
      const task = await longestTask(page, work);
      expect(task, name).toBeLessThan(longestMs);
    };
    const drawnAgain = async (view: DrawnClusters['view'], tables: boolean): Promise<void> => shows(open, { view, tables });
    await step('open with a run', async () => {
      await page.getByLabel('Run', { exact: true }).selectOption(runManifest);
      await expect.poll(() => asked(open, 'open').length).toBe(2);
      await page.waitForTimeout(500);
    });
    for (const [name, view] of [
      ['Scores', 'scores'],
      ['Quota', 'quota'],
      ['Map', 'map'],
      ['Treemap', 'treemap'],
    ] as const)
      await step(name, async () => {
        await tab(open, name).click();
        await drawnAgain(view, false);
      });
    await step('walk', async () => {
      await page.locator('.chart').focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'End', 'PageUp']) await page.keyboard.press(key);
    });
    await step('hover', async () => {
      const box = await page.locator('.chart').boundingBox();
      await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
      await page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 400, { steps: 30 });
    });
    await step('zoom', async () => {
      await tab(open, 'Map').click();
      await page.locator('.chart').hover();
      for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -200);
    });
    await step('table', async () => {
      await page.keyboard.press('t');
      await drawnAgain('map', true);
    });
    expect(await page.locator('.vt-row').count()).toBeLessThan(80);
    await step('sort and scroll', async () => {
      await page.getByRole('button', { name: 'Typical entities' }).click();
      await page.getByRole('grid').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('PageUp');
    });
    await expect.poll(() => page.locator('.vt-row.current').count()).toBe(1);
    expect(await page.locator('*').count()).toBeLessThan(2000); // no element per cluster
    expect(open.errors).toEqual([]);
    await open.close();
  });
});
