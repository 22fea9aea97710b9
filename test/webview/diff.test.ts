import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrawnDiff } from '../../src/protocol/diffPage.ts';
import { axeSource, type OpenPage, PageLab } from './openPage.ts';
import { diffAnswers, hostileText, sampleDetail, sampleDiffContent, sampleDiffReport } from './sampleDiff.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('diff');
});
afterAll(() => lab.close());

const requests = (open: OpenPage, method: string) =>
  open.messages.flatMap((message) => (message.kind === 'request' && message.method === method ? [message] : []));

const never = () => new Promise(() => undefined);

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

/** Chooses the second changed pair, whose image, question and answers differ. */
async function choosePair(open: OpenPage): Promise<void> {
  await open.page.getByRole('tab', { name: /Changed/ }).click();
  await open.page.getByRole('listbox').press('ArrowDown');
  await expect.poll(() => open.page.locator('.detail-body').getAttribute('aria-busy')).toBe('false');
  await open.page.locator('.turn').first().waitFor();
}

describe('page of a comparison', () => {
  it('asks for the comparison, draws four charts and says what it drew', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    const drawn = (await open.drawing()).payload as DrawnDiff;
    await expect
      .poll(() => open.messages.slice(0, 2))
      .toEqual([
        { kind: 'request', id: 1, method: 'ready', params: null },
        { kind: 'request', id: 2, method: 'compare', params: { ticket: 1 } },
      ]);
    expect(drawn).toMatchObject({ theme: 'vscode-light', common: 391_621, removed: 273_677, added: 13_040, changed: 8040 });
    expect(drawn.charts.map((chart) => chart.perspective)).toEqual(['token', 'object', 'cooccurrence', 'interrogation']);
    for (const chart of drawn.charts) {
      expect(Math.min(...chart.points)).toBeGreaterThan(10);
      expect(chart.paintedPixels).toBeGreaterThan(3000);
    }
    await expect
      .poll(() => open.page.locator('.name').allTextContents())
      .toEqual(['Atrain.json665,298 instances · 1 GB', 'Btrain.rebalanced.json404,661 instances · 703.9 MB']);
    await expect.poll(() => open.page.locator('.tile-number').allTextContents()).toEqual(['391,621', '273,677', '13,040', '8,040']);
    await expect
      .poll(() => open.page.locator('canvas').nth(2).getAttribute('aria-label'))
      .toBe(
        'Cooccurrence: rank-frequency curves on logarithmic axes. A has 8,145,345 entities and Gini 0.713, B 5,699,401 entities and Gini 0.673. 2,451,818 entities are lost, 5,874 gained.',
      );
    const kept = await open.page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state);
    expect(kept).toEqual({ version: 1, a: '/data/train.json', b: '/data/train.rebalanced.json' });
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('tells the measures, lengths and sources of both', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const rowsOf = (place: string) =>
      open.page.locator(`${place} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    const measures = await rowsOf('.card:nth-child(3) div > table');
    expect(measures.slice(-8)).toEqual([
      ['Entities', '8,145,345', '5,699,401', '-30%'],
      ['Entities lost', '2,451,818', '', ''],
      ['Entities gained', '', '5,874', ''],
      ['Occurrences', '325,813,800', '227,976,040', '-30%'],
      ['Gini', '0.713', '0.673', '-0.040'],
      ['Entropy in bits', '10.713', '10.673', '-0.040'],
      ['Entities in the tail', '82.2%', '83.2%', '+1.0 points'],
      ['Occurrences in the tail', '8.9%', '8.4%', '-0.5 points'],
    ]);
    expect((await rowsOf('.lengths'))[0]).toEqual(['Turns, mean', '10.6', '11.2', '+5%']);
    const sources = await rowsOf('.sources');
    expect(sources[4]).toEqual(['Text only', '40,955', '38,925', '-5%']);
    expect(sources[6]).toEqual(['(no folder)', '0', '4,541', '–']);
    await expect.poll(() => open.page.getByText('3 more sources are not listed.').isVisible()).toBe(true);
    await open.close();
  });

  it('loads nothing but its own files and images as data, and runs no other script', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    await choosePair(open);
    await expect.poll(() => open.page.locator('.frame img').count()).toBe(2);
    const violations = await open.page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/leak.png';
      document.body.append(image);
      await fetch('/diff.js').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { blocked: [...new Set(blocked)].sort(), injected: 'injected' in window };
    });
    expect(violations).toEqual({ blocked: ['connect-src', 'img-src', 'script-src-elem'], injected: false });
    const files = open.loaded.filter((url) => url.startsWith('http')).map((url) => new URL(url).pathname);
    expect(files).toEqual(['/', '/diff.css', '/diff.js']);
    await open.close();
  });

  it('shows hostile texts as text, and characters that cannot be seen by their names', async () => {
    const name = { name: hostileText, path: `/data/${hostileText}` };
    const hostile = sampleDetail({ which: 'a', ordinal: 0, content: '' });
    const turns = [{ role: hostileText, text: hostileText.repeat(2000), cut: true, spans: [] }];
    const answers = diffAnswers(sampleDiffReport(), {
      ready: sampleDiffContent({ a: name }),
      detail: { ...hostile, id: hostileText, turns, media: [{ kind: 'image', path: hostileText, state: 'refused' }], text: hostileText },
      entities: { perspective: 'token', side: 'lost', total: 202, matches: 1, offset: 0, rows: [{ entity: hostileText, frequency: 1 }] },
    });
    const open = await lab.open(answers, themes.light);
    await open.drawing();
    await open.page.getByRole('searchbox').fill('x');
    await expect.poll(() => open.page.locator('section.lost tbody').textContent()).toContain('<script>');
    await open.page.getByRole('listbox').press('ArrowDown');
    await open.page.locator('.turn').first().waitFor();
    await expect.poll(() => open.page.locator('.running .unseen').first().textContent()).toBe('U+202E');
    expect(await open.page.locator('.running').first().textContent()).not.toMatch(/\p{Cf}|[^\P{Cc}\n\t]/u);
    await expect.poll(() => open.page.locator('.name bdi').first().textContent()).toContain('U+202E');
    await open.page
      .getByRole('button', { name: /Show More/ })
      .last()
      .click();
    await open.page.getByRole('radio', { name: 'Record' }).check();
    await expect.poll(() => open.page.locator('.raw').textContent()).toContain('<img src=x');
    expect(await open.page.locator('main script, main img').count()).toBe(0);
    expect(await open.page.evaluate(() => 'injected' in window)).toBe(false);
    expect(await open.page.evaluate(() => document.body.scrollWidth <= innerWidth)).toBe(true);
    await open.close();
  });

  it('shows the curves as tables one key away, and Lorenz curves', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const { page } = open;
    await expect.poll(() => page.locator('.tables').first().isVisible()).toBe(false);
    await page.keyboard.press('t');
    await expect.poll(() => page.locator('canvas').first().isVisible()).toBe(false);
    await expect.poll(() => page.getByRole('button', { name: 'Tables (T)' }).getAttribute('aria-pressed')).toBe('true');
    const first = page.locator('.card').first().locator('.tables tbody tr').first();
    await expect.poll(() => first.locator('th, td').allTextContents()).toEqual(['1', '310,331', '155,166']);
    await page.screenshot({ path: path.join(artifacts, 'diff-tables.png'), fullPage: true });
    await page.getByRole('searchbox').press('t');
    await expect.poll(() => page.locator('canvas').first().isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Tables (T)' }).click();
    await open.drawing(2);
    await page.getByRole('radio', { name: 'Lorenz' }).check();
    const drawn = (await open.drawing(3)).payload as DrawnDiff;
    expect(drawn.charts.every(({ points, paintedPixels }) => points.join() === '51,51' && paintedPixels > 3000)).toBe(true);
    await expect.poll(() => page.locator('canvas').first().getAttribute('aria-label')).toMatch(/^Token: Lorenz curves\./);
    await expect
      .poll(() => page.locator('.legend li').allTextContents())
      .toEqual(['Atrain.json', 'Btrain.rebalanced.json', 'All entities equally frequent']);
    await page.screenshot({ path: path.join(artifacts, 'diff-lorenz.png') });
    await open.close();
  });

  it('speaks each point of a chart that the arrow keys reach', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const live = open.page.getByRole('status').last();
    await open.page.locator('canvas').first().focus();
    await open.page.keyboard.press('ArrowRight');
    await expect.poll(() => live.textContent()).toBe('A, rank 1: 310,331 instances; B, rank 1: 155,166 instances');
    await open.page.keyboard.press('End');
    await expect.poll(() => live.textContent()).toMatch(/^A, rank 59,912: /);
    await open.page.getByRole('radio', { name: 'Lorenz' }).check();
    await open.page.locator('canvas').first().focus();
    await open.page.keyboard.press('End');
    await expect.poll(() => live.textContent()).toMatch(/^A: the rarest 100% of the entities hold 100% of the occurrences; B: /);
    await open.close();
  });

  it('lists lost and gained entities, more of them, and those that hold a text', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const { page } = open;
    const lostRows = page.locator('section.lost tbody tr');
    await expect.poll(() => lostRows.count()).toBe(10);
    expect(requests(open, 'entities')).toEqual([]);
    await page.getByRole('button', { name: 'Show More (192 left)' }).click();
    await expect.poll(() => lostRows.count()).toBe(110);
    await expect
      .poll(() => requests(open, 'entities')[0]?.params)
      .toEqual({ perspective: 'token', side: 'lost', offset: 10, limit: 100, filter: '' });
    await expect.poll(() => page.getByText('No entity is gained.').isVisible()).toBe(true);
    await page.getByRole('radio', { name: 'Cooccurrence: 2,451,818 lost, 5,874 gained' }).check();
    await expect.poll(() => page.locator('section.gained h3').textContent()).toBe('Gained: only in B 10 of 5,874');
    await page.getByRole('searchbox').fill('thing');
    await expect.poll(() => page.locator('section.lost h3').textContent()).toBe('Lost: only in A 10 of 15');
    await page.getByRole('searchbox').fill('nothing');
    await expect.poll(() => page.getByText('No entity holds this text.').count()).toBe(2);
    await page.getByRole('searchbox').fill('');
    await expect.poll(() => page.locator('section.lost h3').textContent()).toBe('Lost: only in A 10 of 2,451,818');
    await open.close();
  });

  it('walks hundreds of thousands of instances by keyboard and shows the chosen one', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const { page } = open;
    await page.getByRole('tab', { name: 'Removed (273,677)' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('tab', { name: 'Added (13,040)' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Home');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('.side h4').textContent()).toBe('A · instance 0');
    await expect.poll(() => page.locator('.side.absent').textContent()).toBe('Not in B');
    await expect.poll(() => page.locator('del, ins').count()).toBe(0);
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('.row[aria-selected=true] b').textContent()).toBe('#547352');
    await expect.poll(() => page.locator('.row[aria-selected=true]').getAttribute('aria-posinset')).toBe('273677');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-activedescendant'))).toBe('row-273676');
    expect(await page.locator('.row').count()).toBeLessThan(60);
    await expect.poll(() => page.locator('.side h4').first().textContent()).toBe('A · instance 547352');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Side by side');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
    const largest = Math.max(...requests(open, 'instances').map(({ params }) => (params as { limit: number }).limit));
    expect(largest).toBeLessThanOrEqual(100);
    await page.locator('button.tile.changed').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Changed (8,040)');
    await open.close();
  });

  it('shows a changed pair turn beside turn, its differing words marked by more than a colour', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    await choosePair(open);
    const { page } = open;
    await expect.poll(() => page.locator('.side h4').allTextContents()).toEqual(['A · instance 0', 'B · instance 1']);
    await expect.poll(() => page.getByText('3 of 8 turns differ.').isVisible()).toBe(true);
    expect(await page.locator('.turn').evaluateAll((turns) => turns.map((turn) => turn.className.split(' ').at(-1)))).toEqual([
      ...['same', 'same', 'same', 'different'],
      ...['same', 'same', 'different', 'different'],
    ]);
    await expect.poll(() => page.locator('del').allTextContents()).toEqual(['blue', 'small', 'sea']);
    expect((await page.locator('ins').allTextContents()).slice(0, 3)).toEqual(['grey', 'heavy', 'bay']);
    await expect.poll(() => page.locator('.turn').nth(6).locator('.cell').first().textContent()).toBe('no such turn');
    const decoration = (tag: string) =>
      page
        .locator(tag)
        .first()
        .evaluate((mark) => getComputedStyle(mark).textDecorationLine);
    expect([await decoration('del'), await decoration('ins')]).toEqual(['line-through', 'underline']);
    await expect.poll(() => page.locator('.facts-list .differs').count()).toBeGreaterThan(2);
    await page.getByRole('radio', { name: 'Record' }).check();
    await expect.poll(() => page.locator('.raw').count()).toBe(2);
    await expect.poll(() => page.locator('.raw').first().locator('del').allTextContents()).toContain('train2017');
    await page.getByRole('button', { name: 'Open at Its Bytes' }).nth(1).click();
    await page.getByRole('button', { name: 'Browse Instances' }).first().click();
    await expect.poll(() => requests(open, 'browse').length).toBe(1);
    await expect.poll(() => requests(open, 'openBytes')[0]?.params).toEqual({ which: 'b', ordinal: 1 });
    await expect.poll(() => requests(open, 'browse')[0]?.params).toEqual({ which: 'a', ordinal: 0 });
    await expect.poll(() => requests(open, 'detail')[1]?.params).toEqual({ which: 'b', ordinal: 1, content: 'b1' });
    await open.close();
  });

  it('folds long runs of equal turns away until they are asked for', async () => {
    const long = (at: Parameters<typeof sampleDetail>[0]) => {
      const turns = Array.from({ length: 60 }, (_, i) => ({
        role: i % 2 === 0 ? 'human' : 'gpt',
        text: `Turn ${i}`,
        cut: false,
        spans: [],
      }));
      const changed = at.which === 'a' ? turns : turns.map((turn, i) => (i === 57 ? { ...turn, text: 'Turn 57 and more' } : turn));
      return { ...sampleDetail(at), turns: changed };
    };
    const open = await lab.open(diffAnswers(sampleDiffReport(), { detail: long }), themes.light);
    await open.drawing();
    await choosePair(open);
    const { page } = open;
    await expect.poll(() => page.getByText('1 of 60 turns differ.').isVisible()).toBe(true);
    await expect.poll(() => page.locator('.turn:not(.fold)').count()).toBe(4);
    await expect.poll(() => page.locator('ins').allTextContents()).toEqual([' and more']);
    await page.getByRole('button', { name: 'Show 56 Equal Turns' }).click();
    await expect.poll(() => page.locator('.turn:not(.fold)').count()).toBe(44);
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('turn');
    await page.getByRole('button', { name: 'Show More (16 left)' }).click();
    await expect.poll(() => page.locator('.turn:not(.fold)').count()).toBe(60);
    await expect.poll(() => page.locator('.turn .running').first().textContent()).toBe('Turn 0');
    await open.close();
  });

  it('tells progress, and is cancelled and begun again', async () => {
    const open = await lab.open(diffAnswers(sampleDiffReport(), { compare: never }), themes.light);
    const { page } = open;
    await page.getByText('Comparing…').waitFor();
    await open.send({ kind: 'event', name: 'progress', payload: { ticket: 1, text: 'Finding entities, 42 %', share: 0.4 } });
    await page.getByText('Finding entities, 42 %').waitFor();
    await expect.poll(() => page.getByRole('progressbar').getAttribute('value')).toBe('0.4');
    await open.send({ kind: 'event', name: 'progress', payload: { ticket: 7, text: 'of another request', share: 0.9 } });
    expect(await axe(open)).toEqual([]);
    await page.screenshot({ path: path.join(artifacts, 'diff-progress.png') });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => open.messages.at(-1)).toEqual({ kind: 'cancel', id: 2 });
    await open.send({ kind: 'failure', id: 2, message: 'cancelled', cancelled: true });
    await page.getByText('Cancelled. Finished stages are used again.').first().waitFor();
    await expect.poll(() => page.getByText('of another request').count()).toBe(0);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => requests(open, 'compare').map(({ params }) => params)).toEqual([{ ticket: 1 }, { ticket: 2 }]);
    await open.close();
  });

  it('says what failed and what can be done', async () => {
    const open = await lab.open(diffAnswers(sampleDiffReport(), { compare: never }), themes.light);
    const { page } = open;
    await page.getByText('Comparing…').waitFor();
    await open.send({ kind: 'failure', id: 2, message: 'The engine ended unexpectedly.', reason: 'engine' });
    const notice = page.getByRole('alert');
    await expect.poll(() => notice.textContent()).toContain('The engine ended unexpectedly.');
    await expect.poll(() => notice.getByRole('button').allTextContents()).toEqual(['Try Again', 'Show Log']);
    expect(await axe(open)).toEqual([]);
    await notice.getByRole('button', { name: 'Show Log' }).click();
    await expect.poll(() => requests(open, 'act').map(({ params }) => params)).toEqual(['showLog']);
    await notice.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => requests(open, 'compare').length).toBe(2);
    await expect.poll(() => notice.count()).toBe(0);
    const second = requests(open, 'compare')[1]?.id ?? 0;
    await open.send({ kind: 'failure', id: second, message: 'train.json does not exist any more.', reason: 'gone' });
    await expect.poll(() => notice.getByRole('button').allTextContents()).toEqual(['Refresh']);
    await open.close();
  });

  it('keeps what it shows when a row cannot be had, and asks again', async () => {
    let fails = true;
    const open = await lab.open(
      diffAnswers(sampleDiffReport(), {
        detail: (at: Parameters<typeof sampleDetail>[0]) => (fails ? '!engine is gone' : sampleDetail(at)),
      }),
      themes.light,
    );
    await open.drawing();
    await open.page.getByRole('listbox').press('ArrowDown');
    await open.page.getByRole('alert').waitFor();
    await expect.poll(() => open.page.locator('canvas').count()).toBe(4);
    fails = false;
    await open.page.getByRole('alert').getByRole('button', { name: 'Try Again' }).click();
    await open.page.locator('.turn').first().waitFor();
    await open.close();
  });

  it('says when a button asked the host in vain', async () => {
    const open = await lab.open(
      diffAnswers(sampleDiffReport(), { openBytes: '!train.json cannot be read', copySummary: '!no clipboard' }),
      themes.light,
    );
    await open.drawing();
    await choosePair(open);
    const notice = open.page.getByRole('alert');
    await open.page.getByRole('button', { name: 'Open at Its Bytes' }).first().click();
    await expect.poll(() => notice.textContent()).toContain('train.json cannot be read');
    await open.page.getByRole('button', { name: 'Copy Summary as Markdown' }).click();
    await expect.poll(() => notice.textContent()).toContain('no clipboard');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => notice.count()).toBe(0);
    await expect.poll(() => open.messages.filter((message) => message.kind === 'event' && message.name === 'problem')).toHaveLength(2);
    await open.close();
  });

  it('says that a file changed since, and compares again on request', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    await open.send({ kind: 'event', name: 'fileChanged', payload: { which: 'b', kind: 'changed' } });
    const notice = open.page.getByRole('alert');
    await expect.poll(() => notice.textContent()).toContain('train.rebalanced.json changed on the disk since it was compared.');
    await notice.getByRole('button', { name: 'Refresh' }).click();
    await open.drawing(2);
    await expect.poll(() => notice.count()).toBe(0);
    await expect.poll(() => requests(open, 'compare')).toHaveLength(2);
    await open.send({ kind: 'event', name: 'fileChanged', payload: { which: 'a', kind: 'deleted' } });
    await expect.poll(() => notice.textContent()).toContain('train.json does not exist any more.');
    await open.close();
  });

  it('explains Restricted Mode and compares nothing until trust is granted', async () => {
    const refused = 'Ballast does not start its engine in Restricted Mode.';
    const open = await lab.open(diffAnswers(sampleDiffReport(), { ready: sampleDiffContent({ refused }) }), themes.light);
    await open.page.getByRole('note').waitFor();
    await expect.poll(() => open.page.getByRole('note').textContent()).toContain(refused);
    await open.page.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await expect.poll(() => requests(open, 'act').map(({ params }) => params)).toEqual(['manageTrust']);
    expect(requests(open, 'compare')).toEqual([]);
    await expect.poll(() => open.page.getByRole('button', { name: 'Copy Summary as Markdown' }).isDisabled()).toBe(true);
    expect(await axe(open)).toEqual([]);
    await open.send({ kind: 'event', name: 'content', payload: sampleDiffContent() });
    await open.drawing();
    await expect.poll(() => open.page.getByRole('note').count()).toBe(0);
    await open.close();
  });

  it('asks the host to copy and to swap, and shows the swapped pair', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    const { page } = open;
    await page.getByRole('button', { name: 'Copy Summary as Markdown' }).click();
    await expect.poll(() => page.getByRole('status').last().textContent()).toBe('Summary copied.');
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await expect.poll(() => requests(open, 'swap').length).toBe(1);
    const { a, b } = sampleDiffContent();
    const state = { version: 1 as const, a: b.path, b: a.path };
    await open.send({ kind: 'event', name: 'content', payload: sampleDiffContent({ a: b, b: a, state }) });
    await open.drawing(2);
    await expect.poll(() => page.locator('.name bdi').allTextContents()).toEqual(['train.rebalanced.json', 'train.json']);
    expect(await page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state)).toEqual(state);
    await open.close();
  });

  it('shows equal datasets, empty ones and perspectives without an entity', async () => {
    const empty = { entities: 0, postings: 0, gini: 0, entropy: 0, tailEntityShare: 0, tailMassShare: 0, curve: [], lorenz: [] };
    const bare = { tau: null, before: empty, after: empty, entitiesLost: 0, entitiesGained: 0, lost: [], gained: [] };
    const report = sampleDiffReport({
      common: 0,
      removed: 0,
      added: 0,
      changed: { id: 0, image: 0 },
      sources: [],
      moreSources: 0,
      perspectives: { token: bare, object: bare, cooccurrence: bare, interrogation: bare },
    });
    const open = await lab.open(diffAnswers(report), themes.light);
    await open.drawing();
    await expect.poll(() => open.page.getByText('Both hold the same instances.').isVisible()).toBe(true);
    await expect.poll(() => open.page.getByText('No entity in this perspective.').count()).toBe(4);
    await expect.poll(() => open.page.getByText('Every instance of A is in B.').isVisible()).toBe(true);
    await open.page.getByRole('tab', { name: 'Changed (0)' }).click();
    await expect.poll(() => open.page.getByText('No removed instance has a counterpart among the added ones.').isVisible()).toBe(true);
    await expect.poll(() => open.page.locator('.detail').isVisible()).toBe(false);
    expect(await axe(open)).toEqual([]);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('says when the host cannot show anything', async () => {
    const open = await lab.open({ ready: '!no pair' }, themes.light);
    await expect.poll(() => open.page.getByRole('alert').textContent()).toBe('no pair');
    await open.close();
  });

  it('redraws in the colours of a new theme', async () => {
    const open = await lab.open(diffAnswers(), themes.light);
    await open.drawing();
    await open.setTheme(themes.dark);
    expect(((await open.drawing(2)).payload as DrawnDiff).theme).toBe('vscode-dark');
    await open.close();
  });

  it.each(Object.entries(themes).flatMap(([name, theme]) => [1280, 800].map((width) => [name, width, theme] as const)))(
    'has no accessibility violation in %s at %i pixels',
    async (name, width, theme) => {
      const open = await lab.open(diffAnswers(), theme, { width, height: 900 });
      await open.drawing();
      await choosePair(open);
      await expect.poll(() => open.page.locator('.frame img').count()).toBe(2);
      await open.page.screenshot({ path: path.join(artifacts, `diff-${name}-${width}.png`), fullPage: true });
      expect(await axe(open), 'charts').toEqual([]);
      expect(await open.page.evaluate(() => document.body.scrollWidth <= innerWidth), 'fits the width').toBe(true);
      await open.page.getByRole('tab', { name: /Removed/ }).click();
      await open.page.keyboard.press('t');
      expect(await axe(open), 'tables').toEqual([]);
      expect(open.errors).toEqual([]);
      await open.close();
    },
  );
});
