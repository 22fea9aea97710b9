import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetOfSynthesisState } from '../../src/extension/synthesis/synthesisMessages.ts';
import type { DrawnSynthesis, SynthesisContent, SynthesisSettings } from '../../src/protocol/synthesisPage.ts';
import { violations } from './openInstances.ts';
import { axeSource, type OpenPage, PageLab } from './openPage.ts';
import { FakeSynthesisHost, sampleFunnel, sampleMade, sampleOutcome, samplePlan, tinyJpeg } from './sampleSynthesis.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let lab: PageLab;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  lab = await PageLab.start('synthesis');
});
afterAll(() => lab.close());

interface Started {
  readonly host: FakeSynthesisHost;
  readonly open: OpenPage;
  readonly page: Page;
  readonly drawn: DrawnSynthesis;
}

/** The page on a fake host, drawn and at rest. */
async function start(
  host = new FakeSynthesisHost(),
  more: Readonly<Record<string, unknown>> = {},
  options: Parameters<PageLab['open']>[2] = {},
): Promise<Started> {
  const open = await lab.open({ ...host.answers, ...more }, themes.light, options);
  const drawn = (await open.drawing()).payload as DrawnSynthesis;
  return { host, open, page: open.page, drawn };
}

function asked<T>(open: OpenPage, method: string): T[] {
  return open.messages.flatMap((message) => (message.kind === 'request' && message.method === method ? [message.params as T] : []));
}
const lastEdit = (open: OpenPage): SynthesisSettings | undefined => asked<SynthesisSettings>(open, 'edit').at(-1);
const tell = (open: OpenPage, name: string, payload: unknown): Promise<void> => open.send({ kind: 'event', name, payload });
const field = (page: Page, name: string) => page.getByRole('spinbutton', { name, exact: true });
const text = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const chosen = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const unfold = (page: Page): Promise<void> =>
  page.locator('details').evaluateAll((groups) => {
    for (const group of groups) group.setAttribute('open', '');
  });
const lead = (page: Page): Promise<string | null> => page.locator('.keeps').textContent();
const missing = (page: Page): Promise<string | null> => page.locator('header .message.changed').first().textContent();

describe('tail synthesis', () => {
  it('asks for a plan and shows who is scarce, what it takes and who is asked', async () => {
    const { open, page, drawn } = await start();
    await expect
      .poll(() => open.messages.flatMap((message) => (message.kind === 'request' ? [message.method] : [])))
      .toEqual(['ready', 'plan']);
    expect(drawn).toMatchObject({ theme: 'vscode-light', planned: 140, deficits: 25, funnel: [], made: 0, running: false });
    await expect.poll(() => page.locator('h1').textContent()).toBe('Tail Synthesis: train.json');
    await expect.poll(() => lead(page)).toBe('Makes 140 new instances');
    await expect.poll(() => page.locator('.asks').textContent()).toBe('Nothing leaves this machine.');
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Makes 140 new instances Nothing leaves this machine.');
    await expect.poll(() => page.locator('.numbers dt').allTextContents()).toEqual(['To make', 'Scarce', 'Requests', 'Time', 'Cost']);
    await page.locator('summary', { hasText: 'Scarce, but no parents' }).click();
    await expect
      .poll(() => page.locator('.notes li').allTextContents())
      .toEqual(['1 share their picture with other instances.', '9 hold coordinates, which a moved picture would make false.']);
    expect([await button(page, 'Review').isDisabled(), await button(page, 'Compose…').isDisabled()]).toEqual([true, true]);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('loads nothing but its own files', async () => {
    const { open } = await start(new FakeSynthesisHost({}, { made: sampleMade(3) }));
    expect(open.loaded.filter((url) => url.startsWith('http')).map((url) => new URL(url).pathname)).toEqual([
      '/',
      '/synthesis.css',
      '/synthesis.js',
    ]);
    expect(open.refused).toEqual([]);
    await open.close();
  });

  it('shows hostile names and words as text', async () => {
    const hostile = '<img src=x onerror="window.injected=1"><script>window.injected=2</script>"\'`&amp;';
    const host = new FakeSynthesisHost(
      { modelFolder: `/models/${hostile.replaceAll('/', ':')}`, method: 'variation' },
      {
        title: hostile,
        made: [{ id: 'a', title: hostile, detail: '\u202eevil', jpeg: null, words: hostile }],
        outcome: { kind: 'done', sentence: hostile, lines: [hostile] },
        funnel: { ...sampleFunnel(), stopped: [hostile] },
      },
    );
    const plan = samplePlan(host.settings);
    const entity = { perspective: 'object' as const, have: '1', want: '3', gap: '2', planned: '1', filled: 0.5 };
    const deficits = {
      totals: { object: 2 },
      rows: [
        { ...entity, entity: hostile },
        { ...entity, entity: `\u202eevil${'x'.repeat(5000)}` },
      ],
    };
    const licence = { model: hostile, sentences: [hostile] };
    const { open, page } = await start(host, { plan: { ok: true, value: { ...plan, lead: hostile, asks: hostile, deficits, licence } } });
    await expect.poll(() => page.locator('h1').textContent()).toBe(hostile);
    await expect.poll(() => lead(page)).toBe(hostile);
    await expect.poll(() => page.locator('.made-list .words').textContent()).toBe(hostile);
    await expect.poll(() => page.locator('.licence li').textContent()).toBe(hostile);
    const names = await page.locator('.deficits tbody th').allTextContents();
    expect(names[0]).toContain('<img src=x');
    expect(names[1]).toMatch(/^‹U\+202E›evilx+…$/);
    expect(names[1]?.length).toBeLessThan(200);
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(await page.evaluate(() => 'injected' in window)).toBe(false);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('says why nothing can be made', async () => {
    const host = new FakeSynthesisHost();
    const plan = { ...samplePlan(host.settings), planned: 0, ready: 0, lead: 'Nothing can be made of the scarce instances' };
    const { open, page } = await start(host, { plan: { ok: true, value: plan } });
    await expect.poll(() => page.locator('.notes li').first().isVisible()).toBe(true);
    await expect.poll(() => button(page, 'Make').isDisabled()).toBe(true);
    await open.close();
  });

  it('shows what the host still knows without asking again', async () => {
    const known = new FakeSynthesisHost();
    const changes: Partial<SynthesisContent> = {
      plan: samplePlan(known.settings, 20),
      funnel: sampleFunnel(),
      made: sampleMade(5),
      outcome: sampleOutcome,
    };
    const { open, page, drawn } = await start(new FakeSynthesisHost({}, changes));
    await expect.poll(() => lead(page)).toBe('Makes 120 more new instances');
    expect(asked(open, 'plan')).toEqual([]);
    expect(drawn).toMatchObject({ funnel: [140, 90, 80, 50, 40], made: 5, pictures: 4 });
    await expect.poll(() => page.locator('.outcome li').allTextContents()).toEqual(sampleOutcome.lines);
    await open.close();
  });
});

describe('settings', () => {
  it('of a method come from its declaration, and only those that matter', async () => {
    const { open, page } = await start();
    await expect.poll(() => field(page, 'Light and colour').inputValue()).toBe('0.5');
    await field(page, 'Light and colour').fill('3');
    await field(page, 'Light and colour').blur();
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'Write a number from 0 to 1.' }).count()).toBe(1);
    await field(page, 'Light and colour').fill('0.25');
    await expect.poll(() => lastEdit(open)?.parameters).toEqual({ photometric: 0.25 });
    await chosen(page, 'Method').selectOption('text-to-image');
    await expect.poll(() => lastEdit(open)?.method).toBe('text-to-image');
    await chosen(page, 'Made by').selectOption('endpoint');
    // Steps are a local pipeline's; the words are asked of a model that sees.
    await expect.poll(() => field(page, 'Steps').isVisible()).toBe(false);
    await expect.poll(() => text(page, 'Its model').isVisible()).toBe(true);
    await chosen(page, 'Words').selectOption('source');
    await expect.poll(() => text(page, 'Its model').isVisible()).toBe(false);
    await expect.poll(() => field(page, 'Temperature').isVisible()).toBe(false);
    await open.close();
  });

  it('name what is missing, and the plan waits for it', async () => {
    const { open, page } = await start();
    await chosen(page, 'Method').selectOption('rewrite');
    await expect.poll(() => missing(page)).toBe('The endpoint is missing. The model is missing.');
    await expect.poll(() => button(page, 'Make').isDisabled()).toBe(true);
    await expect.poll(() => asked(open, 'plan')).toHaveLength(1);
    await expect.poll(() => page.locator('.keeps.stale').count()).toBe(1);
    await text(page, 'Endpoint').fill('https://api.example.com/v1');
    await text(page, 'Model').fill('qwen');
    await expect.poll(() => asked(open, 'plan').length).toBe(2);
    await expect
      .poll(() => page.locator('.asks.leaves').textContent())
      .toBe('Instances of the dataset go to https://api.example.com (qwen).');
    await expect.poll(() => button(page, 'Make').isEnabled()).toBe(true);
    await expect.poll(() => page.locator('.keys p').textContent()).toBe('The stored API key of https://api.example.com is used.');
    await button(page, 'Set API Key…').click();
    await button(page, 'Forget API Key').click();
    await expect.poll(() => asked(open, 'result')).toEqual(['setKey', 'forgetKey']);
    await open.close();
  });

  it('take a model of the editor that the host asks for', async () => {
    const { open, page } = await start(new FakeSynthesisHost({ method: 'rewrite', provider: 'editor' }), {}, {}).catch(() => {
      throw new Error('the page did not come to rest');
    });
    await expect.poll(() => missing(page)).toBe('The editorModel is missing.');
    await button(page, 'Choose: Model').click();
    await expect.poll(() => lastEdit(open)?.editorModel).toEqual({ id: 'vendor/m', name: 'Model M' });
    await expect.poll(() => page.locator('.file-name').first().textContent()).toBe('Model M');
    await open.close();
  });

  it('show the terms of a local model before anything can be made', async () => {
    const { open, page } = await start(new FakeSynthesisHost({ method: 'variation' }));
    await expect.poll(() => page.locator('.licence').isVisible()).toBe(false);
    await button(page, 'Choose: Model folder').click();
    await expect.poll(() => lastEdit(open)?.modelFolder).toBe('/models/sd-turbo');
    await expect.poll(() => page.locator('.licence strong').textContent()).toBe('Terms of sd-turbo');
    await expect.poll(() => missing(page)).toBe('The agreement is missing.');
    await expect.poll(() => button(page, 'Make').isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'I have read the terms' }).check();
    await expect.poll(() => lastEdit(open)?.agreedTo).toBe('/models/sd-turbo');
    await expect.poll(() => button(page, 'Make').isEnabled()).toBe(true);
    await button(page, 'Remove: Model folder').click();
    await expect.poll(() => lastEdit(open)).not.toHaveProperty('modelFolder');
    await open.close();
  });

  it('say how much, for whom, and leave empty what is the default', async () => {
    const { open, page } = await start();
    await expect.poll(() => field(page, 'Want at least').getAttribute('placeholder')).toBe('3');
    await field(page, 'Want at least').fill('5');
    await expect.poll(() => lastEdit(open)?.wantAtLeast).toBe(5);
    await field(page, 'Want at least').fill('');
    await expect.poll(() => lastEdit(open)).not.toHaveProperty('wantAtLeast');
    await chosen(page, 'Make').selectOption('count');
    await expect.poll(() => field(page, 'Instances').inputValue()).toBe('140');
    await field(page, 'Instances').fill('12');
    await expect.poll(() => lead(page)).toBe('Makes 12 new instances');
    await page.getByRole('checkbox', { name: 'Cooccurrence' }).uncheck();
    await expect.poll(() => lastEdit(open)?.perspectives).toEqual(['token', 'object', 'interrogation']);
    await expect.poll(() => page.locator('.perspectives tbody th').allTextContents()).toEqual(['Token', 'Object', 'Interrogation']);
    await open.close();
  });

  it('limit what is asked and spent, where somebody is asked', async () => {
    const { open, page } = await start();
    await expect.poll(() => page.locator('summary', { hasText: 'Limits and prices' }).isVisible()).toBe(false);
    await chosen(page, 'Method').selectOption('rewrite');
    await page.locator('summary', { hasText: 'Limits and prices' }).click();
    await field(page, 'Requests').fill('20');
    await field(page, 'Price in').fill('0');
    await expect.poll(() => lastEdit(open)?.limits).toEqual({ maxRequests: 20, priceInput: 0 });
    await expect.poll(() => field(page, 'Price of a picture').isVisible()).toBe(false);
    await field(page, 'Requests').fill('0');
    await field(page, 'Requests').blur();
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'Write a number of at least 1.' }).count()).toBe(1);
    await open.close();
  });

  it('that changed elsewhere are shown, and none is lost when the page goes away', async () => {
    const { host, open, page } = await start();
    host.settings = { ...host.settings, seed: 7, wantAtLeast: 4 };
    await tell(open, 'settings', host.view);
    await expect.poll(() => field(page, 'Seed').inputValue()).toBe('7');
    await field(page, 'Seed').fill('8');
    await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    await expect.poll(() => lastEdit(open)?.seed).toBe(8);
    await open.close();
  });

  it('ask for one plan after another, the newest last', async () => {
    const releases: (() => void)[] = [];
    const host = new FakeSynthesisHost();
    const plan = (settings: SynthesisSettings): Promise<unknown> =>
      new Promise((resolve) => releases.push(() => resolve({ ok: true, value: samplePlan(settings) })));
    const open = await lab.open({ ...host.answers, plan }, themes.light);
    await expect.poll(() => releases.length).toBe(1);
    for (const want of [4, 5, 6]) {
      await field(open.page, 'Want at least').fill(String(want));
      await expect.poll(() => lastEdit(open)?.wantAtLeast).toBe(want);
    }
    releases[0]?.();
    await expect.poll(() => releases.length).toBe(2);
    releases[1]?.();
    await open.drawing();
    await expect.poll(() => asked<SynthesisSettings>(open, 'plan').map(({ wantAtLeast }) => wantAtLeast)).toEqual([undefined, 6]);
    await expect.poll(() => open.page.locator('.stale').count()).toBe(0);
    await open.close();
  });
});

describe('who is scarce', () => {
  it('is a table that is filtered by perspective and grows on demand, and stays so', async () => {
    const { open, page } = await start();
    const rows = page.locator('.deficits tbody tr');
    await expect
      .poll(() => page.locator('.deficits thead th').allTextContents())
      .toEqual(['Entity', 'Perspective', 'Have', 'Want', 'Gap', 'Planned']);
    await expect.poll(() => page.locator('.deficits caption').textContent()).toBe('25 of 140 entities with a gap, the largest first');
    await button(page, 'Show More').click();
    await expect.poll(() => rows.count()).toBe(125);
    await chosen(page, 'Show').selectOption('cooccurrence');
    await expect.poll(() => rows.first().locator('th').textContent()).toBe('cat 0 + dog 0');
    await expect.poll(() => rows.count()).toBe(25);
    const state = await page.evaluate(() => (window as unknown as { kept: { state: unknown } }).kept.state);
    expect(datasetOfSynthesisState(state)).toBe('/data/train.json');
    await open.close();
    const again = await start(undefined, {}, { state });
    await expect.poll(() => chosen(again.page, 'Show').inputValue()).toBe('cooccurrence');
    await again.open.close();
  });
});

describe('making', () => {
  it('shows progress, a picture on its way, what was made and how far it went; the end says what to do', async () => {
    const { host, open, page } = await start();
    await button(page, 'Make').click();
    await expect.poll(() => asked(open, 'make').length).toBe(1);
    await expect.poll(() => button(page, 'Make').isDisabled()).toBe(true);
    const preview = { jpeg: tinyJpeg, title: 'From instance 17', detail: 'Step 3 of 8' };
    await tell(open, 'progress', { sentence: 'Making synthetic instances, 4 of 140', percent: 20, preview });
    await expect.poll(() => page.locator('.working span').textContent()).toBe('Making synthetic instances, 4 of 140');
    await expect.poll(() => page.getByRole('progressbar').getAttribute('value')).toBe('20');
    await expect.poll(() => page.locator('.made-list .preview .detail').textContent()).toBe('Step 3 of 8');
    await tell(open, 'made', sampleMade(4));
    await tell(open, 'funnel', sampleFunnel({ made: 4, gated: 0, accepted: 0 }));
    await expect.poll(() => page.locator('.made-list li:not(.preview)').count()).toBe(4);
    await expect.poll(() => page.getByRole('img', { name: 'Picture: From instance 0' }).count()).toBe(1);
    await expect.poll(() => button(page, 'Review').isEnabled()).toBe(true);
    await tell(open, 'progress', { sentence: 'Checking synthetic instances, 50 %', percent: 80 });
    await expect.poll(() => page.locator('.made-list .preview').isVisible()).toBe(false);
    host.ready = 90;
    await tell(open, 'funnel', sampleFunnel());
    await tell(open, 'ended', { ok: true, value: sampleOutcome });
    await expect.poll(() => page.locator('.outcome p').textContent()).toBe(sampleOutcome.sentence);
    await expect.poll(() => page.locator('.working').isVisible()).toBe(false);
    await expect.poll(() => lead(page)).toBe('Makes 50 more new instances');
    await expect.poll(() => button(page, 'Make').isEnabled()).toBe(true);
    await expect
      .poll(() => page.locator('.funnel tbody tr').allTextContents())
      .toEqual([
        'Planned140',
        'Generated2 failed9064 %',
        'Gatedthrough all gates8057 %',
        'Accepted10 rejected, 30 wait5035 %',
        'Mergedin the newest composition4028 %',
      ]);
    for (const name of ['Review', 'Compose…', 'Reveal Staging Folder']) await button(page, name).click();
    await expect.poll(() => asked(open, 'result')).toEqual(['review', 'compose', 'revealStaging']);
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('can be cancelled, once', async () => {
    const { open, page } = await start(
      new FakeSynthesisHost({}, { progress: { sentence: 'Making synthetic instances, 1 of 9', percent: 5 } }),
    );
    await button(page, 'Cancel').click();
    await expect.poll(() => asked(open, 'cancel').length).toBe(1);
    await expect.poll(() => button(page, 'Cancel').isDisabled()).toBe(true);
    // What still comes does not take the word back.
    await tell(open, 'progress', { sentence: 'Making synthetic instances, 2 of 9', percent: 6 });
    await expect.poll(() => page.locator('.working span').textContent()).toBe('Cancelling…');
    await tell(open, 'ended', { ok: true, value: { kind: 'cancelled', sentence: 'Cancelled. What was made is kept.', lines: [] } });
    await expect.poll(() => page.locator('.outcome.changed p').textContent()).toBe('Cancelled. What was made is kept.');
    await expect.poll(() => button(page, 'Make').isEnabled()).toBe(true);
    await open.close();
  });

  it('that fails says why, and goes on where it ended', async () => {
    const { open, page } = await start();
    await button(page, 'Make').click();
    const failure = {
      sentence: 'The model did not answer.',
      repairs: [
        { action: 'tryAgain', label: 'Try Again' },
        { action: 'showLog', label: 'Show Log' },
      ],
    };
    await tell(open, 'ended', { ok: false, failure });
    await page.getByRole('alert').filter({ hasText: 'The model did not answer.' }).waitFor();
    // A plan that comes afterwards does not hide what went wrong.
    await expect.poll(() => asked(open, 'plan').length).toBe(2);
    await expect.poll(() => page.locator('.failure').isVisible()).toBe(true);
    await button(page, 'Show Log').click();
    await expect.poll(() => asked(open, 'repair')).toEqual(['showLog']);
    await button(page, 'Try Again').click();
    await expect.poll(() => asked(open, 'make').length).toBe(2);
    await open.close();
  });

  it('is offered only while something is left', async () => {
    const host = new FakeSynthesisHost();
    host.ready = 140;
    const { open, page } = await start(host);
    await expect.poll(() => lead(page)).toBe('All 140 planned instances are made');
    await expect.poll(() => button(page, 'Make').isDisabled()).toBe(true);
    await open.close();
  });

  it('can be had by a command, which is shown', async () => {
    const { open, page } = await start();
    await field(page, 'Seed').fill('9');
    await button(page, 'Copy CLI Command').click();
    await expect.poll(() => page.locator('.done').textContent()).toMatch(/^ballast synthesize /);
    const methods = open.messages.flatMap((message) => (message.kind === 'request' ? [message.method] : []));
    expect(methods.indexOf('edit')).toBeLessThan(methods.indexOf('copyCommand'));
    await open.close();
  });
});

describe('failing', () => {
  it('of a plan says what went wrong and offers what the host can do', async () => {
    const failure = { sentence: 'The disk is full.', repairs: [{ action: 'openRunFolderSetting', label: 'Choose Run Folder' }] };
    const open = await lab.open({ ...new FakeSynthesisHost().answers, plan: { ok: false, failure } }, themes.light);
    await open.page.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor();
    await button(open.page, 'Choose Run Folder').click();
    await expect.poll(() => asked(open, 'repair')).toEqual(['openRunFolderSetting']);
    await expect.poll(() => asked(open, 'plan')).toHaveLength(1);
    await open.close();
  });

  it('of a later plan leaves the numbers of the one before, as of earlier settings', async () => {
    const failure = { sentence: 'This model cannot be used.', repairs: [] };
    const plan = (settings: SynthesisSettings): unknown =>
      settings.seed === 7 ? { ok: false, failure } : { ok: true, value: samplePlan(settings) };
    const { open, page } = await start(undefined, { plan });
    await field(page, 'Seed').fill('7');
    await page.getByRole('alert').filter({ hasText: 'This model cannot be used.' }).waitFor();
    await expect.poll(() => page.locator('.keeps.stale').count()).toBe(1);
    await expect.poll(() => page.locator('.keeps').getAttribute('title')).toBe('This plan is of earlier settings.');
    await field(page, 'Seed').fill('8');
    await expect.poll(() => page.locator('.keeps.stale').count()).toBe(0);
    await open.close();
  });

  it('of the engine is told, and the page begins when what stood in the way is gone', async () => {
    let isTrusted = false;
    const host = new FakeSynthesisHost();
    const open = await lab.open({ ...host.answers, ready: () => (isTrusted ? host.content : '!Trust this workspace.') }, themes.light);
    await expect.poll(() => open.page.getByRole('alert').textContent()).toBe('Trust this workspace.');
    isTrusted = true;
    await tell(open, 'retry', null);
    await open.drawing();
    await expect.poll(() => lead(open.page)).toBe('Makes 140 new instances');
    await open.close();
  });

  it('of the file is said; the plan stays in sight as one of earlier', async () => {
    const { open, page } = await start();
    await tell(open, 'datasetChanged', 'train.json was changed.');
    await page.getByRole('alert').filter({ hasText: 'train.json was changed.' }).waitFor();
    await expect.poll(() => page.locator('.keeps.stale').count()).toBe(1);
    await button(page, 'Reload').click();
    await expect.poll(() => asked(open, 'plan').length).toBe(2);
    await open.close();
  });
});

describe('looks', () => {
  const full = (): FakeSynthesisHost => {
    const settings = {
      method: 'text-to-image',
      provider: 'endpoint',
      endpoint: 'https://api.example.com/v1',
      model: 'a-model-with-a-name-that-goes-on-and-on-and-on',
      confirm: true,
      limits: { priceInput: 1 },
    } as const;
    const progress = { sentence: 'Making synthetic instances, 4 of 140', percent: 20 };
    return new FakeSynthesisHost(settings, { funnel: sampleFunnel(), made: sampleMade(12), outcome: sampleOutcome, progress });
  };

  it.each([800, 1280])('has no sideways scroll bar at %i px', async (width) => {
    const { open, page } = await start(full(), {}, { width });
    await unfold(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await open.close();
  });

  it.each(Object.keys(themes).flatMap((theme) => [800, 1280].map((width) => [theme as keyof typeof themes, width] as const)))(
    'has no accessibility violation in %s at %i px',
    async (theme, width) => {
      const open = await lab.open(full().answers, themes[theme], { width });
      await open.drawing();
      await unfold(open.page);
      await open.page.screenshot({ path: path.join(artifacts, `synthesis-${theme}-${width}.png`), fullPage: true });
      expect(await violations(open, axeSource)).toEqual([]);
      expect(open.errors).toEqual([]);
      await open.close();
    },
  );

  it('shows the terms of a local model without a violation', async () => {
    const open = await lab.open(
      new FakeSynthesisHost({ method: 'variation', modelFolder: '/m/sd', agreedTo: '/m/sd' }).answers,
      themes.dark,
    );
    await open.drawing();
    expect(await violations(open, axeSource)).toEqual([]);
    await open.close();
  });
});
