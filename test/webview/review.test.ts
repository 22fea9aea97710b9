import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrawnReview } from '../../src/protocol/reviewPage.ts';
import { axeSource, Failure, type OpenPage, PageLab } from './openPage.ts';
import { hostileText } from './sampleDiff.ts';
import { FakeReview, idOf } from './sampleReview.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('review');
});
afterAll(() => lab.close());

const requests = (open: OpenPage, method: string): unknown[] =>
  open.messages.flatMap((message) => (message.kind === 'request' && message.method === method ? [message.params] : []));
const position = (open: OpenPage): Promise<string | null> => open.page.locator('.position').textContent();
const spoken = (open: OpenPage): Promise<string | null> => open.page.locator('.spoken-only[role=status]').textContent();
const lastDrawn = (open: OpenPage): DrawnReview | undefined =>
  open.messages.flatMap((message) => (message.kind === 'event' && message.name === 'drawn' ? [message.payload as DrawnReview] : [])).at(-1);
const kept = (open: OpenPage): Promise<unknown> => open.page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state);

async function ready(open: OpenPage): Promise<OpenPage> {
  await open.page.locator('.single .turns').waitFor();
  await open.page.locator('.frame[aria-busy=false]').nth(1).waitFor();
  return open;
}

async function axe(open: OpenPage): Promise<readonly string[]> {
  await open.page.evaluate(axeSource);
  return open.page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 300)} ${node.failureSummary}`).join(' | ')}`,
    );
  });
}

describe('page of a review', () => {
  it('shows source beside candidate, what it is for, the gates and its provenance in words', async () => {
    const fake = await FakeReview.make(40);
    const open = await ready(await lab.open(fake.answers, themes.light, { width: 1280, height: 800 }));
    await expect
      .poll(() => open.messages.slice(0, 2))
      .toMatchObject([
        { method: 'ready', params: null },
        { method: 'index', params: {} },
      ]);
    await expect.poll(() => position(open)).toBe('1 of 40');
    await expect
      .poll(() => open.page.locator('.funnel li').allInnerTexts())
      .toEqual([
        'Planned 50',
        'Generated 40',
        expect.stringMatching(/^Through all gates \d+$/),
        expect.stringMatching(/^Pending \d+$/),
        'Accepted 0',
        expect.stringMatching(/^Rejected \d+$/),
      ]);
    await expect
      .poll(() => open.page.locator('.side .facts').allTextContents())
      .toEqual(['Instance 100, id p0', 'images/0.jpg', 'Plain augmentation', '545 × 427 pixels']);
    await expect
      .poll(() => open.page.locator('.targets tbody tr').first().locator('th, td').allTextContents())
      .toEqual(['flap', 'Object', '1', '3', '2']);
    await expect.poll(() => open.page.locator('.targets tbody th').nth(1).textContent()).toBe('flap + paper');
    await expect.poll(() => open.page.locator('mark').first().textContent()).toBe('flap');
    const likeness = open.page.locator('.gates tr', { hasText: 'Likeness to its source' });
    await expect
      .poll(() => likeness.locator('th, td').allInnerTexts())
      .toEqual(['Likeness to its source', 'Passed', '0.5775', '0.25 to 0.999']);
    await expect.poll(() => open.page.locator('.origin dd').allTextContents()).toContain('1000');
    await expect.poll(() => open.page.locator('.origin dl').nth(1).textContent()).toContain('Mirroredno');
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('marks what differs between source and candidate by more than colour', async () => {
    const fake = await FakeReview.make(10);
    const state = { version: 1, staging: '/data/staged', filter: {}, view: 'single', selected: idOf(2) };
    const open = await ready(await lab.open(fake.answers, themes.light, { state }));
    await expect.poll(() => open.page.locator('del').allTextContents()).toEqual(['stands']);
    expect((await open.page.locator('ins').allTextContents()).join('')).toBe('can be seen');
    expect(await open.page.locator('del').evaluate((node) => getComputedStyle(node).textDecorationLine)).toBe('line-through');
    expect(
      await open.page
        .locator('ins')
        .first()
        .evaluate((node) => getComputedStyle(node).textDecorationStyle),
    ).toBe('double');
    await expect.poll(() => open.page.locator('.turn .state').allTextContents()).toEqual(['differs', 'differs', 'same', 'same']);
    await expect.poll(() => open.page.getByText('The picture is the source’s own.').isVisible()).toBe(true);
    await open.close();
  });

  it('accepts, rejects with a reason and undoes by keyboard; each is written at once and the next pending one comes', async () => {
    const fake = await FakeReview.make(12);
    const open = await ready(await lab.open(fake.answers, themes.light));
    await open.page.keyboard.press('a');
    await expect.poll(() => fake.status(0)).toBe('accepted');
    await expect.poll(() => position(open)).toBe('2 of 12');
    await expect.poll(() => spoken(open)).toBe('Candidate 1 accepted. 2 of 12');
    await open.page.keyboard.press('r');
    // The keys are letters of the reason now.
    await open.page.keyboard.type('a jagged kerb');
    await open.page.keyboard.press('Enter');
    await expect.poll(() => fake.all[1]).toMatchObject({ status: 'rejected', reason: 'a jagged kerb' });
    await expect.poll(() => spoken(open)).toBe('Candidate 2 rejected. 3 of 12');
    await expect.poll(() => position(open)).toBe('3 of 12');
    // The fourth was stopped by a gate: it is no longer pending and is passed over.
    await open.page.keyboard.press('a');
    await expect.poll(() => position(open)).toBe('5 of 12');
    await open.page.keyboard.press('u');
    await expect.poll(() => position(open)).toBe('3 of 12');
    await expect.poll(() => fake.status(2)).toBe('pending');
    await expect.poll(() => spoken(open)).toBe('Taken back: 1 decisions.');
    await open.page.keyboard.press('k');
    await expect.poll(() => position(open)).toBe('2 of 12');
    await expect.poll(() => open.page.locator('.decision dd').allTextContents()).toEqual(['Rejected', 'a person', 'a jagged kerb']);
    await open.page.keyboard.press('u');
    await expect.poll(() => fake.status(1)).toBe('pending');
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('offers recent reasons, rejects by one of them, and goes back on Escape', async () => {
    const fake = await FakeReview.make(12);
    fake.decide([idOf(0)], 'rejected', 'blurred');
    const open = await ready(await lab.open(fake.answers, themes.light));
    await open.page.keyboard.press('r');
    await open.page.keyboard.type('x');
    await open.page.keyboard.press('Escape');
    await expect.poll(() => open.page.locator('form.reason').isVisible()).toBe(false);
    expect(requests(open, 'decide')).toEqual([]);
    await open.page.keyboard.press('r');
    await expect.poll(() => open.page.locator('#reason').inputValue()).toBe('');
    await open.page.getByRole('group', { name: 'Recent reasons' }).getByRole('button', { name: 'blurred' }).click();
    await expect.poll(() => requests(open, 'decide')).toEqual([{ ids: [idOf(1)], status: 'rejected', reason: 'blurred' }]);
    await open.close();
  });

  it('decides as fast as keys are pressed, in order, and loses nothing', async () => {
    const fake = await FakeReview.make(60);
    const open = await ready(await lab.open(fake.answers, themes.light));
    const pending = fake.all.flatMap(({ status }, n) => (status === 'pending' ? [n] : []));
    for (let i = 0; i < 8; i++) {
      await expect.poll(() => open.page.locator('.single .gates').isVisible()).toBe(true);
      const before = await position(open);
      await open.page.keyboard.press('a');
      await expect.poll(() => position(open)).not.toBe(before);
    }
    await expect.poll(() => fake.all.filter(({ status }) => status === 'accepted').length).toBe(8);
    await expect.poll(() => requests(open, 'decide')).toEqual(pending.slice(0, 8).map((n) => ({ ids: [idOf(n)], status: 'accepted' })));
    await open.close();
  });

  it('says why what a protecting gate stopped cannot be accepted', async () => {
    const fake = await FakeReview.make(12);
    const state = { version: 1, staging: '/data/staged', filter: {}, view: 'single', selected: idOf(5) };
    const open = await ready(await lab.open(fake.answers, themes.light, { state }));
    await open.page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect.poll(() => open.page.getByRole('alert').textContent()).toContain('the gate “Safe text” stopped it');
    await expect.poll(() => open.page.locator('.gates .found').first().textContent()).toBe('The text holds markup.');
    expect(requests(open, 'decide')).toEqual([]);
    await open.close();
  });

  it('accepts all that passed after saying how many, and takes it back in one step', async () => {
    const fake = await FakeReview.make(30);
    const open = await ready(await lab.open(fake.answers, themes.light));
    const acceptable = fake.index({}).acceptable;
    await open.page.getByRole('button', { name: `Accept All That Passed the Gates (${acceptable})…` }).click();
    const dialog = open.page.getByRole('dialog');
    await expect.poll(() => dialog.textContent()).toContain(`${acceptable} pending candidates passed every gate`);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(requests(open, 'decide')).toEqual([]);
    await open.page.getByRole('button', { name: /^Accept All/ }).click();
    expect(await axe(open)).toEqual([]);
    await open.page.keyboard.press('Enter');
    await expect.poll(() => spoken(open)).toBe(`${acceptable} candidates accepted.`);
    await expect.poll(() => fake.index({}).counts).toMatchObject({ accepted: acceptable, pending: 0 });
    await expect.poll(() => open.page.getByRole('button', { name: 'Compose Dataset…' }).isEnabled()).toBe(true);
    await open.page.keyboard.press('u');
    await expect.poll(() => fake.index({}).counts.accepted).toBe(0);
    await open.close();
  });

  it('filters with counts, keeps filters and place, and says so when nothing matches', async () => {
    const fake = await FakeReview.make(40);
    const open = await ready(await lab.open(fake.answers, themes.light));
    await open.page.getByLabel('Status').selectOption('rejected');
    const rejected = fake.index({ status: 'rejected' }).ids.length;
    await expect.poll(() => position(open)).toBe(`1 of ${rejected}`);
    await open.page.keyboard.press('Escape');
    await open.page.getByLabel('Stopped by').selectOption('safeText');
    await expect.poll(() => position(open)).toMatch(/^\d of \d$/);
    await open.page.locator('.single').focus();
    await open.page.keyboard.press('j');
    const here = await position(open);
    const state = await kept(open);
    expect(state).toMatchObject({ version: 1, staging: '/data/staged', filter: { status: 'rejected', gate: 'safeText' }, view: 'single' });
    await open.close();
    // A tab that was closed has nothing of its own: the host gives what the last one told.
    const told = open.messages.flatMap((message) => (message.kind === 'event' && message.name === 'kept' ? [message.payload] : [])).at(-1);
    expect(told).toEqual(state);
    const anew = await ready(await lab.open({ ...fake.answers, ready: () => ({ ...fake.content, kept: told }) }, themes.light));
    await expect.poll(() => position(anew)).toBe(here);
    await anew.close();
    const again = await ready(await lab.open(fake.answers, themes.light, { state }));
    await expect.poll(() => position(again)).toBe(here);
    await again.page.getByLabel('Entity').fill('no such thing');
    await again.page.getByText('No candidate matches the filters.').waitFor();
    await expect.poll(() => again.page.getByRole('button', { name: 'Accept', exact: true }).isDisabled()).toBe(true);
    await again.page.locator('.empty').getByRole('button', { name: 'Clear Filters' }).click();
    await expect.poll(() => position(again)).toMatch(/ of 40$/);
    await again.page.getByLabel('Status').selectOption('pending');
    await expect
      .poll(() => again.page.getByLabel('Status').locator('option').allTextContents())
      .toContain(`Pending (${fake.index({}).counts.pending})`);
    await again.close();
  });

  it('leaves keys alone while somebody types in a field', async () => {
    const fake = await FakeReview.make(10);
    const open = await ready(await lab.open(fake.answers, themes.light));
    await open.page.getByLabel('Entity').focus();
    await open.page.keyboard.type('ajkrug? ');
    await expect.poll(() => open.page.getByLabel('Entity').inputValue()).toBe('ajkrug? ');
    expect(requests(open, 'decide')).toEqual([]);
    await expect.poll(() => open.page.locator('form.reason, dialog').filter({ visible: true }).count()).toBe(0);
    await open.close();
  });

  it('takes what a synthesis adds without moving what is looked at', async () => {
    const fake = await FakeReview.make(120);
    const state = { version: 1, staging: '/data/staged', filter: {}, view: 'grid', selected: idOf(70) };
    const open = await lab.open(fake.answers, themes.light, { state });
    const tile = open.page.locator(`#tile-${idOf(70)}`);
    await tile.waitFor();
    const before = await tile.boundingBox();
    fake.add(80);
    await open.send({ kind: 'event', name: 'grown', payload: null });
    await expect.poll(() => position(open)).toBe('71 of 200');
    expect(await tile.boundingBox()).toEqual(before);
    await expect.poll(() => spoken(open)).toBe('80 new candidates.');
    await expect.poll(() => open.page.locator('.funnel li.made').textContent()).toBe('Generated 200');
    await open.close();
  });

  it('says what a failed decision means, puts it back, and goes on', async () => {
    const fake = await FakeReview.make(10);
    const answers = { ...fake.answers, decide: () => new Failure('The staging folder does not exist: /data/staged', 'gone') };
    const open = await ready(await lab.open(answers, themes.light));
    await open.page.keyboard.press('a');
    await open.page.getByRole('alert').filter({ hasText: 'The staging folder does not exist' }).waitFor();
    await expect.poll(() => position(open)).toBe('1 of 10');
    await expect.poll(() => open.page.locator('.decision dd').first().textContent()).toBe('Pending');
    await open.page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => open.page.getByRole('alert').count()).toBe(0);
    await open.send({ kind: 'event', name: 'waiting', payload: 'Another Ballast run writes to this staging folder.' });
    await open.page.getByRole('button', { name: 'Stop Waiting' }).waitFor();
    await open.send({ kind: 'event', name: 'waiting', payload: null });
    await expect.poll(() => open.page.getByRole('button', { name: 'Stop Waiting' }).count()).toBe(0);
    await open.close();
  });

  it('says why nothing can be reviewed, when the engine fails and when nothing was made', async () => {
    const fake = await FakeReview.make(0);
    const empty = await lab.open(fake.answers, themes.light);
    await empty.page.getByText('Nothing has been generated yet.').waitFor();
    expect(await axe(empty)).toEqual([]);
    await empty.close();
    fake.refused = 'Ballast does not start its engine in Restricted Mode.';
    const refused = await lab.open(fake.answers, themes.light);
    await refused.page.getByText('Restricted Mode').waitFor();
    expect(requests(refused, 'index')).toEqual([]);
    expect((await refused.drawing()).payload).toMatchObject({ view: 'refused' });
    await refused.page.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await expect.poll(() => requests(refused, 'act')).toEqual(['manageTrust']);
    await refused.close();
    fake.refused = null;
    let isDown = true;
    const failing = await lab.open(
      { ...fake.answers, index: () => (isDown ? '!The engine ended unexpectedly.' : fake.index({})) },
      themes.light,
    );
    await failing.page.getByRole('alert').filter({ hasText: 'ended unexpectedly' }).waitFor();
    isDown = false;
    await failing.page.getByRole('button', { name: 'Try Again' }).click();
    await failing.page.getByText('Nothing has been generated yet.').waitFor();
    await failing.close();
  });

  it('shows hostile words as words, in both views, and missing pictures by their reasons', async () => {
    const fake = await FakeReview.make(15);
    const state = { version: 1, staging: '/data/staged', filter: {}, view: 'single', selected: idOf(14) };
    const open = await ready(await lab.open(fake.answers, themes.light, { state }));
    const text = await open.page.locator('.single').textContent();
    expect(text).toContain('<script>window.injected=2</script>');
    expect(text).toContain('U+202E');
    expect(await open.page.evaluate(() => 'injected' in window)).toBe(false);
    expect(await open.page.locator('.single script, .single img[src="x"]').count()).toBe(0);
    await open.page.keyboard.press('g');
    await open.page
      .locator(`#tile-${idOf(14)}`)
      .getByText('<img src=x')
      .first()
      .waitFor();
    await open.page
      .locator(`#tile-${idOf(6)}`)
      .getByText('damaged')
      .waitFor();
    expect(await open.page.evaluate(() => 'injected' in window)).toBe(false);
    expect(hostileText).toContain('\u202e');
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('shows tiles by keyboard: arrows, decisions, and back to one by one', async () => {
    const fake = await FakeReview.make(50);
    const open = await ready(await lab.open(fake.answers, themes.light, { width: 1000 }));
    await open.page.keyboard.press('g');
    await open.page.locator('.grid').waitFor();
    await expect
      .poll(() => open.page.locator(`#tile-${idOf(3)}`).textContent())
      .toBe('zebraRejectedStopped: Differs from other candidates');
    await open.page.keyboard.press('ArrowRight');
    await open.page.keyboard.press('ArrowDown');
    const columns = await open.page.evaluate(
      () => document.querySelectorAll('.tile').length > 0 && Math.floor((document.querySelector('.tiles')?.clientWidth ?? 0) / 190),
    );
    await expect.poll(() => position(open)).toBe(`${2 + Number(columns)} of 50`);
    const selected = open.page.locator('.tile[aria-selected=true]');
    await expect.poll(() => open.page.locator('.grid').getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'));
    await open.page.keyboard.press('Home');
    await open.page.keyboard.press('a');
    await expect.poll(() => fake.status(0)).toBe('accepted');
    await expect.poll(() => open.page.locator(`#tile-${idOf(0)} .tile-status`).textContent()).toBe('Accepted');
    await expect.poll(() => position(open)).toBe('2 of 50');
    await open.page.keyboard.press('Enter');
    await open.page.locator('.single').waitFor();
    await expect.poll(() => lastDrawn(open)).toMatchObject({ view: 'single', selected: idOf(1), position: 2, total: 50 });
    await open.close();
  });

  it('stays smooth with 10,000 candidates: few tiles in the document, few asked for', async () => {
    const fake = await FakeReview.make(10_000);
    const state = { version: 1, staging: '/data/staged', filter: {}, view: 'grid', selected: null };
    const open = await lab.open(fake.answers, themes.light, { state, width: 1280, height: 800 });
    await open.page.locator('.tile .tile-entity').first().waitFor();
    const longest = await open.page.evaluate(async () => {
      const grid = document.querySelector('.grid') as HTMLElement;
      let worst = 0;
      for (let step = 1; step <= 30; step++) {
        grid.scrollTop = (grid.scrollHeight * step) / 30;
        const started = performance.now();
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        worst = Math.max(worst, performance.now() - started);
      }
      return worst;
    });
    console.log(`longest two frames while scrolling 10,000 tiles: ${longest.toFixed(0)} ms`);
    expect(await open.page.locator('.tile').count()).toBeLessThan(90);
    await open.page.locator('.grid').focus();
    await open.page.keyboard.press('End');
    await expect.poll(() => position(open)).toBe('10,000 of 10,000');
    await open.page.locator(`#tile-${idOf(9999)} .tile-entity`).waitFor();
    expect(fake.mostAsked).toBeLessThanOrEqual(100);
    expect(longest).toBeLessThan(1000);
    await open.close();
  });

  it('zooms both pictures together, by key and wheel', async () => {
    const fake = await FakeReview.make(5);
    const open = await ready(await lab.open(fake.answers, themes.light));
    await open.page.keyboard.press('Space');
    const dialog = open.page.getByRole('dialog');
    await dialog.locator('img').nth(1).waitFor();
    const transforms = () =>
      dialog.locator('.zoom-pane').evaluateAll((panes) => panes.map((pane) => (pane as HTMLElement).style.transform));
    await open.page.keyboard.press('+');
    await open.page.keyboard.press('ArrowLeft');
    const [first, second] = await transforms();
    expect(first).toBe(second);
    expect(first).toContain('scale(1.3)');
    await dialog.locator('.zoom-view').first().hover();
    await open.page.mouse.wheel(0, -100);
    await expect.poll(() => dialog.locator('output').textContent()).toBe('169 %');
    expect(new Set(await transforms()).size).toBe(1);
    await open.page.keyboard.press('0');
    await expect.poll(() => dialog.locator('output').textContent()).toBe('100 %');
    expect(await axe(open)).toEqual([]);
    await open.page.keyboard.press('Space');
    await dialog.waitFor({ state: 'detached' });
    await open.page.keyboard.press('?');
    await open.page.getByRole('dialog').getByText('The keys do nothing while you type in a field.').waitFor();
    expect(await axe(open)).toEqual([]);
    await open.page.keyboard.press('?');
    await expect.poll(() => open.page.getByRole('dialog').count()).toBe(0);
    await open.close();
  });

  it('loads nothing but its own files and images as data', async () => {
    const fake = await FakeReview.make(10);
    const open = await ready(await lab.open(fake.answers, themes.light));
    const files = open.loaded.filter((url) => url.startsWith('http')).map((url) => new URL(url).pathname);
    expect(files).toEqual(['/', '/review.css', '/review.js']);
    expect(open.refused).toEqual([]);
    await open.close();
  });

  for (const [name, theme] of Object.entries(themes))
    for (const width of [1280, 800])
      it(`is accessible in ${name} at ${width}, one by one and as a grid`, async () => {
        const fake = await FakeReview.make(30);
        fake.decide([idOf(1)], 'rejected', 'blurred');
        fake.decide([idOf(2)], 'accepted');
        const state = { version: 1, staging: '/data/staged', filter: {}, view: 'single', selected: idOf(14) };
        const open = await ready(await lab.open(fake.answers, theme, { width, height: 800, state }));
        expect(await axe(open)).toEqual([]);
        const overflow = () => open.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(await overflow()).toBeLessThanOrEqual(0);
        await open.page.screenshot({ path: path.join(artifacts, `review-single-${name}-${width}.png`) });
        await open.page.keyboard.press('r');
        expect(await axe(open)).toEqual([]);
        await open.page.keyboard.press('Escape');
        await open.page.keyboard.press('g');
        await open.page.locator('.tile img').first().waitFor();
        expect(await axe(open)).toEqual([]);
        expect(await overflow()).toBeLessThanOrEqual(0);
        await open.page.screenshot({ path: path.join(artifacts, `review-grid-${name}-${width}.png`) });
        await open.close();
      });
});
