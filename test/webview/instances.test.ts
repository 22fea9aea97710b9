import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstancesState } from '../../src/protocol/instancesPage.ts';
import { freshState } from '../../webview-ui/instances/pageState.ts';
import { asked, drawn, focusedOrdinal, ready, shows, violations } from './openInstances.ts';
import { axeSource, type OpenPage, PageLab } from './openPage.ts';
import { SampleHost } from './sampleInstances.ts';
import { longestTask, scrollMeasures, watchScrolling } from './scrollMeasures.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
const manifest = '/data/train.rebalanced.json.manifest.json';
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('instances');
});
afterAll(() => lab.close());

const kept = (open: OpenPage): Promise<InstancesState> =>
  open.page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state as InstancesState);
const never = (): Promise<never> => new Promise(() => undefined);

describe('first rows', () => {
  it('stand there while the dataset is indexed, with progress that can be stopped and gone on with', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers({ query: never }), themes.light);
    await shows(open, { matches: 100, first: 0, indexed: false });
    await open.send({ kind: 'event', name: 'progress', payload: { ticket: 1, text: 'Finding records, 42 %', share: 0.42 } });
    const { page } = open;
    await expect.poll(() => page.locator('.work-text').textContent()).toBe('Finding records, 42 %');
    await expect.poll(() => page.locator('progress').getAttribute('value')).toBe('0.42');
    await page.getByRole('button', { name: 'Cancel' }).click();
    const query = open.messages.find((message) => message.kind === 'request' && message.method === 'query');
    await expect.poll(() => open.messages).toContainEqual({ kind: 'cancel', id: query?.kind === 'request' ? query.id : 0 });
    await expect.poll(() => page.locator('.work-text').textContent()).toBe('Stopped. Only what is shown here is known.');
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(5);
    const before = asked(open, 'query').length;
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => asked(open, 'query').length).toBe(before + 1);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('give way to the indexed rows with the verdicts of the newest run', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await shows(open, { matches: 1_000_000, indexed: true });
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest });
    await expect.poll(() => open.page.locator('.verdict-word').count()).toBeGreaterThan(3);
    await expect
      .poll(() => open.page.locator('.summary').textContent())
      .toBe('989,690 usable instances at 1,000,000 positions · LLaVA · JSON array · 1 GB');
    await expect.poll(() => open.page.locator('.count-text').textContent()).toBe('1,000,000 rows');
    await open.close();
  });
});

describe('list of a million rows', () => {
  it('has only the rows in view in the document, and says how many there are', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    expect(await page.locator('.row').count()).toBeLessThan(40);
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('1000001');
    await expect.poll(() => page.locator('.row').first().getAttribute('aria-rowindex')).toBe('2');
    expect(await page.locator('.list').evaluate((list) => list.scrollHeight)).toBeLessThan(17_000_000);
    await open.close();
  });

  it('is walked with the keyboard, to its last row and back, one row in the tab order', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.locator('.row[tabindex="0"]').focus();
    const walk = async (key: string): Promise<number | null> => {
      await page.keyboard.press(key);
      await expect.poll(() => focusedOrdinal(open)).not.toBeNull();
      return focusedOrdinal(open);
    };
    expect(await walk('ArrowDown')).toBe(1);
    expect(await walk('ArrowUp')).toBe(0);
    expect(await walk('ArrowUp')).toBe(0);
    const onePage = (await walk('PageDown')) ?? 0;
    expect(onePage).toBeGreaterThan(4);
    expect(await walk('End')).toBe(999_999);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('1000001');
    expect(await walk('PageUp')).toBe(999_999 - onePage);
    expect(await walk('Home')).toBe(0);
    await expect.poll(() => page.locator('.row[tabindex="0"]').count()).toBe(1);
    expect(await page.locator('.row').count()).toBeLessThan(40);
    await open.close();
  });

  it('keeps the focus when its row is scrolled far away', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.locator('.row').nth(2).focus();
    await page.keyboard.press('ArrowDown');
    const before = await focusedOrdinal(open);
    await page.locator('.list').evaluate((list) => {
      list.scrollTop = list.scrollHeight / 2;
    });
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(400_000);
    await expect.poll(() => focusedOrdinal(open)).toBe(before);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedOrdinal(open)).toBe((before ?? 0) + 1);
    await shows(open, { rows: drawn(open)?.rows ?? 0 });
    await expect.poll(() => drawn(open)?.first).toBeLessThan(10);
    await open.close();
  });

  it('reaches its middle with the thumb and every row there with the wheel', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.locator('.list').evaluate((list) => {
      list.scrollTop = (list.scrollHeight - list.clientHeight) / 2;
    });
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(499_900);
    const before = drawn(open)?.first ?? 0;
    expect(before).toBeLessThan(500_100);
    const rowHeight = await page
      .locator('.row')
      .first()
      .evaluate((row) => row.clientHeight + 1);
    await page.locator('.list').hover();
    await page.mouse.wheel(0, rowHeight * 10);
    await expect.poll(() => drawn(open)?.first).toBeGreaterThanOrEqual(before + 9);
    expect(drawn(open)?.first).toBeLessThanOrEqual(before + 11);
    await open.close();
  });

  it('scrolls without a blank row for more than 150 ms and without a long task', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    const rows = answers.rows as (params: unknown) => unknown;
    // What the engine takes for 100 rows of a file of 1 GB.
    const slow = (params: unknown): Promise<unknown> => new Promise((resolve) => setTimeout(() => resolve(rows(params)), 20));
    const open = await lab.open({ ...answers, rows: slow }, themes.light);
    await ready(open);
    const { page } = open;
    await watchScrolling(page);
    await page.waitForTimeout(1000);
    const rest = await scrollMeasures(page);
    const longest = await longestTask(page, async () => {
      await page.locator('.list').hover();
      for (let i = 0; i < 60; i++) {
        await page.mouse.wheel(0, 900);
        await page.waitForTimeout(16);
      }
      for (let i = 1; i <= 20; i++) {
        await page.locator('.list').evaluate((list, share) => {
          list.scrollTop = list.scrollHeight * share;
        }, i / 21);
        await page.waitForTimeout(100);
      }
      await page.locator('.row[tabindex="0"]').focus();
      await page.keyboard.press('End');
      await page.waitForTimeout(300);
      await page.keyboard.press('Home');
      await page.waitForTimeout(300);
    });
    const { blank, answer, frames, gap } = await scrollMeasures(page);
    const [row, slowest] = [Math.round(blank), Math.round(answer)];
    console.log(`scrolling: longest task ${longest} ms, longest blank row ${row} ms, slowest answer ${slowest} ms, ${frames} frames`);
    expect(frames).toBeGreaterThan(30);
    expect(longest).toBeLessThan(200);
    // 150 ms where nothing else runs: the answer before (two travel at a time), its own answer, and some frames. A busy machine delays
    // answers and the frames of a page at rest, which is no fault of the page.
    const lateness = Math.max(1, Math.max(gap, rest.gap) / 40);
    expect(blank).toBeLessThan(2 * answer + 100 * lateness);
    await open.close();
  });

  it('asks for pictures of the rows in view only, a few at a time', async () => {
    const host = new SampleHost();
    let running = 0;
    let most = 0;
    const image = async (): Promise<unknown> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running--;
      return { ok: false, reason: 'missing' };
    };
    const open = await lab.open(host.answers({ image }), themes.light, { height: 700 });
    await ready(open);
    await open.page.waitForTimeout(600);
    const ordinals = asked(open, 'image').map(({ instance }) => instance);
    expect(ordinals.length).toBeGreaterThan(3);
    expect(Math.max(...ordinals)).toBeLessThan(12);
    expect(ordinals.filter((ordinal) => ordinal % 5 === 0)).toEqual([]); // these have none
    expect(most).toBeLessThanOrEqual(4);
    await expect
      .poll(() => open.page.locator('.picture[title="The image file was not found in the image folders."]').count())
      .toBeGreaterThan(3);
    await open.close();
  });
});

describe('going to an ordinal', () => {
  it('opens that instance, wherever it is', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.keyboard.press('Control+g');
    await page.keyboard.type('654,321');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedOrdinal(open)).toBe(654_321);
    await expect.poll(() => page.locator('.detail h2').textContent()).toMatch(/^Instance 654,321/);
    await expect.poll(() => page.locator('main > [role=status]').textContent()).toBe('Instance 654,321');
    await open.close();
  });

  it('says which ordinals there are, and offers to drop a filter that hides one', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await ready(open);
    const { page } = open;
    const go = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+g');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    for (const wrong of ['1000000', 'abc', '-4', '']) {
      await go(wrong);
      await expect.poll(() => page.locator('.go-to .answer').textContent()).toBe('Write an ordinal from 0 to 999,999.');
    }
    await page.getByRole('searchbox').fill('cat');
    await shows(open, { matches: 1000 });
    await go('777');
    await page.getByRole('button', { name: 'Show All' }).click();
    await expect.poll(() => page.locator('.detail h2').textContent()).toMatch(/^Instance 777/);
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest });
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(760);
    await open.close();
  });
});

describe('filters', () => {
  it('ask the host, show exact counts and stand as chips that can be taken away', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light, { width: 1280 });
    await ready(open);
    const { page } = open;
    const last = (): unknown => host.queries.at(-1);
    await page.getByRole('button', { name: 'Verdict' }).click();
    await expect.poll(() => page.getByRole('radio').allTextContents()).toEqual(['', '', '']);
    await page.getByRole('radio', { name: 'Dropped: 333,333 instances' }).check();
    await expect.poll(last).toEqual({ manifest, filter: { verdict: 'dropped' } });
    await expect.poll(() => page.getByRole('radio', { name: 'Dropped' }).evaluate((radio) => radio === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Verdict (1)');
    await page.getByRole('button', { name: 'Source and fields' }).click();
    await page.getByRole('checkbox', { name: 'gqa' }).check();
    await page.getByRole('checkbox', { name: '(empty)' }).check();
    await expect.poll(last).toEqual({ manifest, filter: { verdict: 'dropped', fields: { folder: ['gqa'], 'field:source': [''] } } });
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('two dogs');
    await page.keyboard.press('Enter');
    await expect.poll(last).toMatchObject({ filter: { text: 'two dogs' } });
    await shows(open, { matches: 250 });
    await expect.poll(() => page.locator('.count-text').textContent()).toBe('250 of 1,000,000 rows match');
    await expect
      .poll(() => page.locator('.chips').getByRole('button').allTextContents())
      .toEqual(['Text: two dogs', 'Verdict: Dropped', 'Image folder: gqa', 'source: (empty)', 'Clear All Filters']);
    await page.getByRole('button', { name: 'Remove filter Image folder: gqa' }).click();
    await expect.poll(last).toEqual({ manifest, filter: { text: 'two dogs', verdict: 'dropped', fields: { 'field:source': [''] } } });
    await page.getByRole('button', { name: 'Clear All Filters' }).first().click();
    await expect.poll(last).toEqual({ manifest });
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('');
    await open.close();
  });

  it('offer entities while one types, with the keyboard alone', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.getByRole('button', { name: 'Entity' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.choices [role=option]').count()).toBe(10);
    await page.keyboard.type('trum');
    await expect.poll(() => asked(open, 'entities').at(-1)).toMatchObject({ perspective: 'object', text: 'trum' });
    await expect.poll(() => page.getByRole('option', { name: 'umbrella: tail, in 70 instances' }).count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('.choices [aria-selected=true] .value').textContent()).toBe('bicycle');
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Part of an entity' }).getAttribute('aria-activedescendant'))
      .toBe('entity-choice-1');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => host.queries.at(-1))
      .toEqual({ manifest, filter: { entities: [{ perspective: 'object', entity: 'bicycle' }] } });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.popover').first().isVisible()).toBe(false);
    await open.close();
  });

  it('let the newest one win', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    const query = answers.query as (params: { query: { filter?: { text?: string } } }) => unknown;
    let release: () => void = () => undefined;
    const slow = (params: { query: { filter?: { text?: string } } }): unknown =>
      params.query.filter?.text === 'slow'
        ? new Promise((resolve) => {
            release = () => resolve(query(params));
          })
        : query(params);
    const open = await lab.open({ ...answers, query: slow }, themes.light);
    await ready(open);
    const { page } = open;
    await page.getByRole('searchbox').fill('slow');
    await expect.poll(() => asked(open, 'query').at(-1)?.query.filter).toEqual({ text: 'slow' });
    await page.getByRole('searchbox').fill('nothing');
    await expect.poll(() => page.locator('.placeholder').textContent()).toMatch(/^No instance meets all filters\./);
    release();
    await page.waitForTimeout(300);
    await expect.poll(() => page.locator('.count-text').textContent()).toBe('0 of 1,000,000 rows match');
    await expect.poll(() => open.messages.filter((message) => message.kind === 'cancel').length).toBeGreaterThan(0);
    await page.locator('.placeholder').getByRole('button', { name: 'Clear All Filters' }).click();
    await shows(open, { matches: 1_000_000 });
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('sort, and choose the run', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await ready(open);
    const { page } = open;
    await page.getByLabel('Order', { exact: true }).selectOption('Number of turns');
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest, sort: { by: 'turns', descending: false } });
    await page.getByRole('button', { name: 'Ascending; change to descending' }).click();
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest, sort: { by: 'turns', descending: true } });
    await shows(open, { first: 999_999 });
    await page.getByLabel('Run', { exact: true }).selectOption('No verdicts');
    await expect.poll(() => host.queries.at(-1)).toEqual({ sort: { by: 'turns', descending: true } });
    await expect.poll(() => page.locator('.verdict-word').count()).toBe(0);
    await page.getByRole('button', { name: 'Verdict' }).click();
    await expect.poll(() => page.getByText('Choose a run to filter by its verdicts.').isVisible()).toBe(true);
    await open.close();
  });
});

describe('what the page keeps', () => {
  it('brings it back where it was', async () => {
    const host = new SampleHost();
    const state: InstancesState = {
      ...freshState('file:///data/train.json'),
      filter: { media: ['image'] },
      sort: { by: 'bytes', descending: true },
      selected: 999_800,
      top: 1000,
      manifest: null,
      marks: ['token'],
      split: 0.3,
    };
    const open = await lab.open(host.answers(), themes.light, { state, width: 1280 });
    await expect.poll(() => host.queries.at(-1)).toEqual({ filter: { media: ['image'] }, sort: { by: 'bytes', descending: true } });
    const { page } = open;
    await expect.poll(() => page.locator('.detail h2').textContent()).toMatch(/^Instance 999,800/);
    await expect.poll(() => page.getByLabel('Order', { exact: true }).inputValue()).toBe('bytes');
    await expect.poll(() => page.locator('.row[tabindex="0"]').getAttribute('aria-rowindex')).toBe('101'); // the keyboard is on it
    expect(asked(open, 'first')).toEqual([]);
    await shows(open, { first: 997_998, selected: 999_800 }); // where it was scrolled to, the instance that was open far above
    const [list, all] = await page.evaluate(() => [document.querySelector('.list')?.clientWidth ?? 0, window.innerWidth]);
    expect((list ?? 0) / (all ?? 1)).toBeCloseTo(0.3, 1);
    await expect.poll(() => page.getByRole('checkbox', { name: 'Token' }).isChecked()).toBe(true);
    await expect.poll(() => page.getByRole('checkbox', { name: 'Object' }).isChecked()).toBe(false);
    await open.close();
  });

  it('is what one looks at', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light, { width: 1280 });
    await ready(open);
    const { page } = open;
    await page.getByRole('searchbox').fill('cat');
    await shows(open, { matches: 1000 });
    await page.locator('.row').nth(3).click();
    await page.getByRole('separator').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.list').hover();
    await page.mouse.wheel(0, 4000);
    await expect.poll(async () => (await kept(open)).top).toBeGreaterThan(20);
    await expect
      .poll(() => kept(open))
      .toMatchObject({ dataset: 'file:///data/train.json', filter: { text: 'cat' }, selected: 3000, split: 0.45 });
    await open.close();
  });

  it('gives way to a command, at once or when the page comes back', async () => {
    const host = new SampleHost();
    const open = await lab.open(
      host.answers({ ready: host.content({ openAt: { filter: { verdict: 'dropped' }, ordinal: 5000 } }) }),
      themes.light,
      {
        state: { ...freshState('file:///data/train.json'), filter: { text: 'old' } },
      },
    );
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest, filter: { verdict: 'dropped' } });
    await expect.poll(() => open.page.locator('.detail h2').textContent()).toMatch(/^Instance 5,000/);
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(4900);
    await open.send({ kind: 'event', name: 'openAt', payload: { filter: { entities: [{ perspective: 'token', entity: 'zebra' }] } } });
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest, filter: { entities: [{ perspective: 'token', entity: 'zebra' }] } });
    await open.send({ kind: 'event', name: 'openAt', payload: { ordinal: 123_456 } });
    await expect.poll(() => open.page.locator('.detail h2').textContent()).toMatch(/^Instance 123,456/);
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest });
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(123_400);
    await open.close();
  });
});

describe('for everyone', () => {
  it.each(Object.entries(themes))('has no accessibility violation in %s, at 1280 and 800 pixels', async (name, theme) => {
    for (const width of [1280, 800]) {
      const open = await lab.open(new SampleHost().answers(), theme, { width, height: 800 });
      await ready(open);
      await expect.poll(() => open.page.locator('.picture img').count()).toBeGreaterThan(4);
      await open.page.screenshot({ path: path.join(artifacts, `instances-${name}-${width}-list.png`) });
      expect(await violations(open, axeSource), `list ${width}`).toEqual([]);
      await open.page.getByRole('button', { name: 'Source and fields' }).click();
      await open.page.screenshot({ path: path.join(artifacts, `instances-${name}-${width}-filter.png`) });
      expect(await violations(open, axeSource), `filter ${width}`).toEqual([]);
      await open.page.keyboard.press('Escape');
      await open.page.getByRole('button', { name: 'Entity' }).click();
      await expect.poll(() => open.page.locator('.choices [role=option]').count()).toBe(10);
      await open.page.keyboard.press('ArrowDown');
      expect(await violations(open, axeSource), `entities ${width}`).toEqual([]);
      await open.page.keyboard.press('Escape');
      await open.page.locator('.row').nth(3).click();
      await expect.poll(() => open.page.locator('.receipt table, .receipt details').count()).toBeGreaterThan(0);
      await open.page.locator('.receipt summary').nth(1).click();
      await open.page.getByRole('button', { name: 'Force Keep' }).click();
      await open.page.screenshot({ path: path.join(artifacts, `instances-${name}-${width}-detail.png`) });
      expect(await violations(open, axeSource), `detail ${width}`).toEqual([]);
      await open.close();
    }
  });

  it('is walked with the Tab key in the order of the page, and every stop is seen', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light, { width: 1280 });
    await ready(open);
    const { page } = open;
    await page.locator('.row').first().click();
    await expect.poll(() => page.locator('.receipt details').count()).toBe(3);
    await page.locator('h1').click();
    const stops: string[] = [];
    for (let i = 0; i < 17; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const at = document.activeElement;
        if (!(at instanceof HTMLElement)) return '';
        const style = getComputedStyle(at);
        const isSeen = style.outlineStyle !== 'none' || at.classList.contains('splitter');
        return `${at.getAttribute('aria-label') ?? (at instanceof HTMLSelectElement ? at.labels[0]?.firstChild?.textContent : at.className === 'row' ? 'row' : at.textContent)}${isSeen ? '' : ' (unseen)'}`;
      });
      stops.push(stop);
    }
    expect(stops).toEqual([
      'Go to the instance with this ordinal',
      'Text',
      'Entity',
      'Verdict',
      'Problem',
      'Media',
      'Source and fields',
      'Order',
      'Ascending; change to descending',
      'Run',
      'row',
      'Width of the list',
      'Next Instance',
      'Close',
      'Open at Its Bytes',
      'Copy Receipt as JSON',
      'Force Keep',
    ]);
    await open.close();
  });
});
