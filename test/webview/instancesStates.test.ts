import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headInstance } from '../../src/extension/instances/headInstance.ts';
import { headRecords } from '../../src/extension/instances/headRecords.ts';
import { freshState } from '../../webview-ui/instances/pageState.ts';
import { asked, drawn, ready, shows, violations } from './openInstances.ts';
import { axeSource, Failure, PageLab } from './openPage.ts';
import { SampleHost, sampleDetail, sampleRow } from './sampleInstances.ts';
import { themes } from './themes.ts';

const manifest = '/data/train.rebalanced.json.manifest.json';
let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.start('instances');
});
afterAll(() => lab.close());

describe('what can go wrong', () => {
  it('says that the page cannot be filled', async () => {
    const open = await lab.open({ ready: '!The host is gone.' }, themes.light);
    await expect.poll(() => open.page.getByRole('alert').textContent()).toBe('The host is gone.');
    await open.close();
  });

  it('says that the engine ended, and asks again on demand', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    let isDead = true;
    const mortal = (method: string) => (params: unknown) =>
      isDead ? new Failure('The Ballast engine ended unexpectedly.', 'engine') : (answers[method] as (params: unknown) => unknown)(params);
    const open = await lab.open({ ...answers, query: mortal('query'), first: mortal('first'), detail: mortal('detail') }, themes.light);
    const { page } = open;
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('The Ballast engine ended unexpectedly.');
    await page.getByRole('button', { name: 'Show Log' }).click();
    await expect.poll(() => asked(open, 'act')).toEqual(['showLog']);
    expect(await violations(open, axeSource)).toEqual([]);
    isDead = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await shows(open, { matches: 1_000_000, indexed: true, message: '' });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await open.close();
  });

  it('keeps what is shown when the engine ends while one scrolls, and goes on there', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    let isDead = false;
    const rows = (params: unknown): unknown =>
      isDead ? new Failure('The Ballast engine ended unexpectedly.', 'engine') : (answers.rows as (params: unknown) => unknown)(params);
    const open = await lab.open({ ...answers, rows }, themes.light);
    await ready(open);
    const { page } = open;
    isDead = true;
    await page.locator('.row[tabindex="0"]').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    const before = asked(open, 'rows').length;
    await page.waitForTimeout(400);
    expect(asked(open, 'rows').length).toBe(before); // no storm of requests
    isDead = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await shows(open, { last: 999_999 });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await open.close();
  });

  it('says that the dataset is gone, and reloads when it is back', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    let isGone = true;
    const query = (params: unknown): unknown =>
      isGone ? new Failure('train.json does not exist any more.', 'gone') : (answers.query as (params: unknown) => unknown)(params);
    const open = await lab.open({ ...answers, query, first: '!train.json does not exist any more.' }, themes.light);
    const { page } = open;
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('train.json does not exist any more.');
    isGone = false;
    await page.getByRole('button', { name: 'Reload' }).click();
    await shows(open, { indexed: true, matches: 1_000_000 });
    await open.close();
  });

  it('tells that the file changed or went, and reloads on demand', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await ready(open);
    const { page } = open;
    await open.send({ kind: 'event', name: 'fileChanged', payload: { kind: 'deleted' } });
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/^The file does not exist any more\./);
    await open.send({ kind: 'event', name: 'fileChanged', payload: { kind: 'changed' } });
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/^The file changed on the disk\./);
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(5);
    const before = host.queries.length;
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => host.queries.length).toBeGreaterThan(before);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await expect.poll(() => asked(open, 'first').length).toBe(2);
    await open.close();
  });

  it('shows the rows without verdicts when the newest run was made from other bytes', async () => {
    const host = new SampleHost();
    const answers = host.answers();
    const query = (params: { query: { manifest?: string } }): unknown =>
      params.query.manifest === undefined
        ? (answers.query as (params: unknown) => unknown)(params)
        : new Failure('train.json changed.', 'changed');
    const open = await lab.open({ ...answers, query }, themes.light, {
      state: { ...freshState('file:///data/train.json'), filter: { verdict: 'dropped', media: ['image'] } },
    });
    const { page } = open;
    await shows(open, { indexed: true, matches: 500_000 });
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('so its verdicts are not shown');
    await expect.poll(() => host.queries.at(-1)).toEqual({ filter: { media: ['image'] } });
    await expect.poll(() => page.getByLabel('Run', { exact: true }).inputValue()).toBe('');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await open.close();
  });

  it('says that a dataset is empty', async () => {
    const open = await lab.open(new SampleHost(0).answers({ runs: [] }), themes.light);
    await expect.poll(() => open.page.locator('.placeholder').textContent()).toBe('The dataset holds no records.');
    expect(await violations(open, axeSource)).toEqual([]);
    await open.close();
  });

  it('shows the verdicts of a run that ends while the page is open', async () => {
    const host = new SampleHost();
    let runs: { manifest: string; label: string }[] = [];
    const open = await lab.open(host.answers({ runs: () => runs }), themes.light);
    await ready(open);
    const { page } = open;
    await page.locator('.list').evaluate((list) => {
      list.scrollTop = 30_000;
    });
    await expect.poll(() => drawn(open)?.first).toBeGreaterThan(300);
    const before = drawn(open)?.first;
    await expect.poll(() => page.locator('.verdict-word').count()).toBe(0);
    runs = [{ manifest: '/data/new.manifest.json', label: 'new.json' }];
    await open.send({ kind: 'event', name: 'runsChanged', payload: null });
    await expect.poll(() => host.queries.at(-1)).toEqual({ manifest: '/data/new.manifest.json' });
    await expect.poll(() => page.locator('.verdict-word').count()).toBeGreaterThan(3);
    expect(drawn(open)?.first).toBe(before);
    await expect.poll(() => page.locator('#run option:checked').textContent()).toBe('new.json');
    await open.close();
  });

  it('starts anew when the host says so', async () => {
    const host = new SampleHost();
    const open = await lab.open(host.answers(), themes.light);
    await ready(open);
    await open.page.locator('.row').nth(4).click();
    await open.send({ kind: 'event', name: 'restart', payload: null });
    await expect.poll(() => asked(open, 'ready').length).toBe(2);
    await expect.poll(() => open.page.locator('.detail h2').textContent()).toMatch(/^Instance 4/);
    await expect.poll(() => open.page.locator('.browser').count()).toBe(1);
    await open.close();
  });
});

describe('without the engine', () => {
  const text = JSON.stringify([
    {
      id: 'one',
      image: 'a.jpg',
      conversations: [
        { from: 'human', value: 'What is it?' },
        { from: 'gpt', value: 'A <b>cat</b>.' },
      ],
    },
    { id: 'two', query: 'And this?', response: 'A dog.' },
  ]);
  const instances = headRecords(text, 100).map((record, ordinal) => headInstance(record, ordinal, '/data/train.json'));

  it('shows the first records as they are, says why, and asks the engine nothing', async () => {
    const host = new SampleHost();
    const why = 'Restricted Mode: the engine is off.';
    const answers = host.answers({
      ready: host.content({ mode: { kind: 'head', why, canTrust: true } }),
      first: { format: 'json', variant: 'unknown', bytes: 9, rows: instances.map(({ row }) => row), complete: true },
      detail: ({ instance }: { instance: number }) => ({ detail: instances[instance]?.detail, problems: [], override: null }),
    });
    const open = await lab.open(answers, themes.dark, { width: 1280 });
    await shows(open, { matches: 2 });
    const { page } = open;
    await expect.poll(() => page.getByRole('note').textContent()).toContain(why);
    await expect.poll(() => page.locator('.count-text').textContent()).toBe('The first 2 records, without the engine');
    await page.locator('.row').first().click();
    await expect.poll(() => page.locator('.turn .running').allTextContents()).toEqual(['What is it?', 'A <b>cat</b>.']);
    await expect.poll(() => page.locator('.detail h3').allTextContents()).toEqual(['Images', 'Conversation', 'Record']);
    await expect.poll(() => page.locator('figure').textContent()).toBe('Images are shown by the engine only.a.jpg');
    await expect.poll(() => page.getByRole('searchbox').isVisible()).toBe(false);
    await expect.poll(() => page.getByRole('button', { name: 'Force Keep' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await expect.poll(() => asked(open, 'act')).toEqual(['manageTrust']);
    const methods = new Set(open.messages.flatMap((message) => (message.kind === 'request' ? [message.method] : [])));
    expect([...methods].sort()).toEqual(['act', 'detail', 'first', 'ready']);
    expect(await violations(open, axeSource)).toEqual([]);
    await open.close();
  });

  it('says why not even those can be shown', async () => {
    const host = new SampleHost();
    const ready = host.content({ mode: { kind: 'head', why: 'No engine.', canTrust: false } });
    const open = await lab.open(host.answers({ ready, first: '!The file is too large to be read without the engine.' }), themes.light);
    await expect.poll(() => open.page.getByRole('alert').textContent()).toContain('The file is too large');
    await expect.poll(() => open.page.getByRole('button', { name: 'Manage Workspace Trust' }).count()).toBe(0);
    await open.close();
  });
});

describe('what the page may do', () => {
  it('loads its own files and pictures as data, nothing else', async () => {
    const open = await lab.open(new SampleHost().answers(), themes.light);
    await ready(open);
    const { page } = open;
    await expect.poll(() => page.locator('.picture img').count()).toBeGreaterThan(3);
    const blocked = await page.evaluate(async () => {
      const directives: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => directives.push(event.violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/leak.png';
      document.body.append(script, image);
      await fetch('/instances.js').catch(() => undefined);
      document.body.setAttribute('style', 'color: red');
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { directives: directives.sort(), injected: 'injected' in window };
    });
    expect(blocked).toEqual({ directives: ['connect-src', 'img-src', 'script-src-elem', 'style-src-attr'], injected: false });
    const paths = open.loaded.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).pathname);
    expect(paths).toEqual(['/', '/instances.css', '/instances.js']);
    await open.close();
  });

  it('reports what fails in it to the host', async () => {
    const open = await lab.open(new SampleHost().answers({ openBytes: '!There is no such instance.' }), themes.light, { width: 1280 });
    await ready(open);
    await open.page.locator('.row').nth(2).click();
    await open.page.getByRole('button', { name: 'Open at Its Bytes' }).click();
    await expect.poll(() => open.page.getByRole('alert').textContent()).toContain('There is no such instance.');
    await open.close();
  });

  it('shows what it says it shows', async () => {
    const open = await lab.open(new SampleHost(12).answers(), themes.light, { width: 1280 });
    await shows(open, { matches: 12, indexed: true, first: 0, selected: null });
    await open.page.locator('.row').nth(3).click();
    await shows(open, { matches: 12, selected: 3, message: '' });
    await expect.poll(async () => drawn(open)?.rows === (await open.page.locator('.row').count())).toBe(true);
    await expect.poll(() => asked(open, 'detail')).toEqual([{ instance: 3 }]);
    expect(sampleDetail(sampleRow(3)).detail.ordinal).toBe(3);
    await expect.poll(() => asked(open, 'query').at(-1)?.query).toEqual({ manifest });
    await open.close();
  });
});
