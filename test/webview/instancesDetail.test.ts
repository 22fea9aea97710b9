import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceDetail, InstanceRow } from '../../src/protocol/browse.ts';
import { asked, focusedOrdinal, ready, violations } from './openInstances.ts';
import { axeSource, type OpenPage, PageLab } from './openPage.ts';
import { SampleHost, sampleDetail, sampleRow } from './sampleInstances.ts';
import { longestTask } from './scrollMeasures.ts';
import { themes } from './themes.ts';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
const manifest = '/data/train.rebalanced.json.manifest.json';
let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.start('instances');
});
afterAll(() => lab.close());

async function opened(position: number, replaced: Readonly<Record<string, unknown>> = {}, host = new SampleHost()): Promise<OpenPage> {
  const open = await lab.open(host.answers(replaced), themes.light, { width: 1280, height: 1000 });
  await ready(open);
  await open.page.locator('.row').nth(position).click();
  await expect.poll(() => open.page.locator('.detail section').count()).toBeGreaterThan(0);
  return open;
}

describe('detail of an instance', () => {
  it('shows its cluster and leads there', async () => {
    const cluster = {
      clustering: 'c1',
      cluster: 17,
      size: 1234,
      transferability: 0.51237,
      density: null,
      score: null,
      similarity: 0.875,
      rank: 4,
      entities: ['<b>kite</b>', 'sky\u202e'],
    };
    const open = await opened(3, { detail: ({ instance }: { instance: number }) => sampleDetail(sampleRow(instance), { cluster }) });
    const { page } = open;
    const facts = await page
      .locator('.detail .cluster dl div')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(facts).toEqual([
      ['Cluster', '17'],
      ['Instances', '1,234'],
      ['Transferability', '0.5124'],
      ['Density', '–'],
      ['Score', '–'],
      ['Similarity to its centroid', '0.875'],
      ['Place in its order', '5 of 1,234'],
    ]);
    await expect.poll(() => page.locator('.cluster-entities').textContent()).toBe('Typical entities: <b>kite</b>, sky‹U+202E›');
    await page.getByRole('button', { name: 'Show Cluster' }).click();
    await expect.poll(() => asked(open, 'showCluster')).toEqual([{ cluster: 17, clustering: 'c1', manifest }]);
    expect(await violations(open, axeSource)).toEqual([]);
    await open.close();
  });

  it('shows conversation, receipt, entities and record', async () => {
    const open = await opened(3);
    const { page } = open;
    await expect.poll(() => page.locator('.receipt details').count()).toBe(3);
    await expect
      .poll(() => page.locator('.detail h3').allTextContents())
      .toEqual(['Images', 'Conversation', 'Why kept or dropped', 'Entities', 'Record']);
    await expect.poll(() => page.locator('.turn .role').allTextContents()).toEqual(['Human (human)', 'Model (gpt)']);
    await expect.poll(() => page.locator('.receipt .lead').textContent()).toBe('Kept 1 of 3 perspectives passed; 1 were needed.');
    await expect
      .poll(() => page.getByText('Smallest change that drops it: τ of Object from 85 down to 8.9353; "cat" then loses its draw.').count())
      .toBe(1);
    await expect.poll(() => asked(open, 'receipt')).toEqual([{ instance: 3, manifest }]);
    await page.locator('.receipt summary').nth(1).click();
    const cells = await page.locator('.receipt details').nth(1).locator('tbody tr').first().locator('th, td').allTextContents();
    expect(cells).toEqual(['cattail', '11', '1', '0.8123', 'won']);
    await expect
      .poll(() => page.locator('.entities table').first().locator('tbody tr').first().locator('th, td').allTextContents())
      .toEqual(['cat', '11', 'tail']);
    await page.locator('.record summary').click();
    await expect.poll(() => page.locator('.raw').textContent()).toContain('"image": "coco/train2017/000000033471.jpg"');
    await expect
      .poll(() => page.locator('.record summary').textContent())
      .toBe('train.json, line 4,321, bytes 1,234,567 to 1,236,000 (1,203 bytes)');
    expect(open.errors).toEqual([]);
    await open.close();
  });

  it('underlines entities by perspective, each in its own way, overlapping ones too', async () => {
    const open = await opened(3);
    const { page } = open;
    await page.getByRole('checkbox', { name: 'Cooccurrence' }).check();
    await page.getByRole('checkbox', { name: 'Token' }).check();
    const turn = page.locator('.turn.model');
    await expect.poll(() => turn.locator('.mark.cooccurrence').allTextContents()).toEqual(['dog', ' rides a ', 'bicycle']);
    await expect.poll(() => turn.locator('.mark.cooccurrence .mark.object').allTextContents()).toEqual(['dog', 'bicycle']);
    const styles = await page.evaluate(() =>
      ['token', 'object', 'cooccurrence', 'interrogation'].map((perspective) => {
        const mark = document.querySelector(`.turns .mark.${perspective}`);
        const { textDecorationStyle, textDecorationLine, textUnderlineOffset } = getComputedStyle(mark ?? document.body);
        return `${textDecorationLine} ${textDecorationStyle} ${textUnderlineOffset}`;
      }),
    );
    expect(new Set(styles).size).toBe(4);
    expect(styles.every((style) => style.startsWith('underline '))).toBe(true);
    await page.getByRole('checkbox', { name: 'Object' }).uncheck();
    expect(
      await turn
        .locator('.mark.object')
        .first()
        .evaluate((mark) => getComputedStyle(mark).textDecorationLine),
    ).toBe('none');
    await expect
      .poll(() => turn.locator('.running').textContent())
      .toBe('The dog rides a bicycle past the traffic light, while a cat watches from a window.');
    await expect.poll(() => turn.locator('.mark.object').first().getAttribute('title')).toBe('Object: dog');
    await open.close();
  });

  it('shows each picture, larger on demand, or says why there is none', async () => {
    const media: InstanceDetail['media'] = [
      { kind: 'image', path: 'a.jpg', state: 'present' },
      { kind: 'image', path: '../../etc/passwd', state: 'refused' },
      { kind: 'image', path: 'b.jpg', state: 'missing' },
      { kind: 'image', path: null, state: 'embedded' },
      { kind: 'video', path: 'c.mp4', state: 'present' },
    ];
    const host = new SampleHost();
    const image = host.answers().image as (params: { instance: number; index: number; side: number }) => Promise<unknown>;
    const open = await opened(3, {
      detail: ({ instance }: { instance: number }) => sampleDetail(sampleRow(instance), { media }),
      image: (params: { instance: number; index: number; side: number }) =>
        params.index === 3 ? { ok: false, reason: 'tooLarge' } : image(params),
    });
    const { page } = open;
    await expect.poll(() => page.locator('figure img').count()).toBe(1);
    await expect
      .poll(() => page.locator('figure').allTextContents())
      .toEqual([
        'a.jpg',
        'The image path leaves the image folders, so it is not opened.../../etc/passwd',
        'The image file was not found in the image folders.b.jpg',
        'The image has more pixels than Ballast decodes.embedded in the record',
        'Videos are not shown.c.mp4',
      ]);
    expect(
      asked(open, 'image')
        .filter(({ side }) => side === 1024)
        .map(({ index }) => index),
    ).toEqual([0, 3]);
    const picture = page.getByRole('button', { name: 'Image 1 of 5: a.jpg' });
    const width = (): Promise<number> => picture.locator('img').evaluate((img) => img.clientWidth);
    const before = await width();
    await picture.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => picture.getAttribute('aria-pressed')).toBe('true');
    expect(await width()).toBe(1024);
    await page.keyboard.press('Space');
    expect(await width()).toBe(before);
    await open.close();
  });

  it('follows the list, steps to the neighbours, and gives the focus back', async () => {
    const open = await opened(0);
    const { page } = open;
    const heading = (): Promise<string | null> => page.locator('.detail h2').textContent();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(heading).toMatch(/^Instance 2 llava/);
    expect(asked(open, 'detail').map(({ instance }) => instance)).not.toContain(1); // only where one stops
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    await page.getByRole('button', { name: 'Next Instance' }).click();
    await expect.poll(heading).toMatch(/^Instance 3 llava/);
    await page.getByRole('button', { name: 'Previous Instance' }).click();
    await page.getByRole('button', { name: 'Previous Instance' }).click();
    await page.getByRole('button', { name: 'Previous Instance' }).click();
    await expect.poll(heading).toMatch(/^Instance 0 llava/);
    await expect.poll(() => page.getByRole('button', { name: 'Previous Instance' }).isDisabled()).toBe(true);
    await page.locator('.detail h2').focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedOrdinal(open)).toBe(0);
    await expect.poll(() => page.locator('.detail').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.detail').isVisible()).toBe(false);
    await expect.poll(() => page.locator('.row[aria-selected=true]').count()).toBe(0);
    await open.close();
  });

  it('filters by an entity of the instance', async () => {
    const host = new SampleHost();
    const open = await opened(3, {}, host);
    await open.page.getByRole('button', { name: 'bicycle + dog' }).click();
    await expect
      .poll(() => host.queries.at(-1))
      .toEqual({ manifest, filter: { entities: [{ perspective: 'cooccurrence', entity: 'bicycle,dog' }] } });
    await expect.poll(() => open.page.locator('.chips').getByRole('button').allTextContents()).toEqual(['Cooccurrence: bicycle + dog']);
    await open.close();
  });

  it('opens the bytes and copies the receipt through the host', async () => {
    const open = await opened(3);
    const { page } = open;
    await page.getByRole('button', { name: 'Open at Its Bytes' }).click();
    await page.getByRole('button', { name: 'Copy Receipt as JSON' }).click();
    await expect.poll(() => asked(open, 'copyReceipt')).toEqual([{ instance: 3, manifest }]);
    await expect.poll(() => asked(open, 'openBytes')).toEqual([{ instance: 3 }]);
    await expect.poll(() => page.locator('main > [role=status]').textContent()).toBe('Receipt copied.');
    await open.close();
  });

  it('finds the entities when nobody has yet', async () => {
    const host = new SampleHost();
    let isExtracted = false;
    const detail = ({ instance }: { instance: number }): unknown => {
      const { detail: whole, ...view } = sampleDetail(sampleRow(instance));
      const { entities, ...bare } = whole;
      return { ...view, detail: isExtracted ? { ...bare, entities } : bare };
    };
    const entities = (): unknown => {
      isExtracted = true;
      return { matches: 0, rows: [] };
    };
    const open = await opened(3, { detail, entities }, host);
    await open.page.getByRole('button', { name: 'Find Entities' }).click();
    await expect.poll(() => open.page.locator('.entities table').count()).toBe(3);
    await open.close();
  });

  it('without a run says what makes receipts, and offers it', async () => {
    const open = await opened(3, { runs: [] });
    const { page } = open;
    await expect.poll(() => page.locator('.receipt').textContent()).toContain('No run is chosen. Rebalance this dataset');
    await expect.poll(() => page.getByRole('button', { name: 'Copy Receipt as JSON' }).count()).toBe(0);
    await page.locator('.receipt').getByRole('button', { name: 'Open Rebalance Panel' }).click();
    await expect.poll(() => asked(open, 'act')).toEqual(['rebalance']);
    await open.close();
  });

  it('shows a broken position with its text and its problem', async () => {
    const open = await opened(13);
    const { page } = open;
    await expect.poll(() => page.locator('.row').nth(13).locator('.begin').textContent()).toBe('No usable record at this position');
    await expect.poll(() => page.locator('.detail .complaint').textContent()).toContain('This position holds no usable record.');
    await expect.poll(() => page.locator('.detail h3').allTextContents()).toEqual(['Problems', 'Record']);
    await expect.poll(() => page.getByRole('button', { name: 'Force Keep' }).count()).toBe(0);
    await open.close();
  });

  it('says why a receipt or the detail itself cannot be shown, and tries again', async () => {
    let fails = true;
    const detail = ({ instance }: { instance: number }): unknown => (fails ? '!It is broken.' : sampleDetail(sampleRow(instance)));
    const host = new SampleHost();
    const open = await lab.open(host.answers({ detail, receipt: '!The manifest cannot be used.' }), themes.light, { width: 1280 });
    await ready(open);
    const { page } = open;
    await page.locator('.row').nth(2).click();
    await expect.poll(() => page.locator('.detail [role=alert]').textContent()).toBe('It is broken.');
    fails = false;
    await page.locator('.detail').getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => page.locator('.receipt .complaint').textContent()).toBe('The manifest cannot be used.');
    await expect.poll(() => page.locator('.turn').count()).toBe(2);
    await open.close();
  });
});

describe('override', () => {
  it('needs a reason, is stored, shown at once and can be taken back', async () => {
    const host = new SampleHost();
    const open = await opened(4, {}, host);
    const { page } = open;
    await page.getByRole('button', { name: 'Force Keep' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('override-reason');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('.override [role=alert]').textContent())
      .toBe('Write a reason, so that others understand the exception.');
    expect(host.overrides).toEqual([]);
    await page.keyboard.type('The only teapot with a face <b>');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.override .lead').textContent()).toBe('Forced to be kept: The only teapot with a face <b>');
    await expect.poll(() => page.getByText('This takes effect at the next Apply in the rebalance panel.').count()).toBe(2); // and spoken
    const key = { ordinal: 4, content: '0123456789abcdef0123456789abcdef', duplicate: 0 };
    await expect.poll(() => host.overrides).toEqual([{ ...key, verdict: 'keep', reason: 'The only teapot with a face <b>' }]);
    await open.send({ kind: 'event', name: 'planned', payload: [{ ordinal: 4, verdict: 'keep' }] });
    await expect
      .poll(() => page.locator('.row').nth(4).locator('.planned').getAttribute('title'))
      .toBe('Forced to be kept at the next Apply');
    await page.locator('.override').getByRole('button', { name: 'Open Rebalance Panel' }).click();
    await expect.poll(() => asked(open, 'act')).toEqual(['rebalance']);
    await page.getByRole('button', { name: 'Remove Override' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Force Drop' }).count()).toBe(1);
    await expect.poll(() => host.overrides.at(-1)).toEqual({ ...key, verdict: 'none', reason: '' });
    await open.close();
  });

  it('is let be with Escape', async () => {
    const host = new SampleHost();
    const open = await opened(4, {}, host);
    const { page } = open;
    await page.getByRole('button', { name: 'Force Drop' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Force Drop');
    expect(host.overrides).toEqual([]);
    await open.close();
  });
});

describe('hostile data', () => {
  const strings = {
    markup: '<img src=x onerror="window.injected=1"><script>window.injected=2</script><a href="javascript:window.injected=3">x</a>',
    entities: '&lt;b&gt; "\'` $' + '{window.injected=4}',
    bidi: 'safe\u202egnp.exe\u202c \u2066isolated\u2069 \u061c',
    control: 'bell\u0007 escape\u001b[31m null\u0000 tab\t newline\n delete\u007f',
    tags: 'plain\u{e0049}\u{e0067}\u{e006e}',
    halves: 'half \ud83d pair \udc00',
    longId: 'i'.repeat(10_000),
    long: 'word '.repeat(200_000),
    unbroken: 'x'.repeat(60_000),
  };
  const names = Object.keys(strings) as (keyof typeof strings)[];
  const row = (ordinal: number): InstanceRow => {
    const text = strings[names[ordinal] ?? 'markup'];
    return {
      ordinal,
      usable: true,
      id: text,
      begin: text.slice(0, 200),
      turns: 2,
      bytes: text.length,
      images: 1,
      entities: [{ perspective: 'cooccurrence', entity: `${text.slice(0, 5000)},b`, frequency: 1, tail: true }],
      verdict: 'kept',
      problems: [],
    };
  };
  const detail = ({ instance }: { instance: number }): unknown => {
    const text = strings[names[instance] ?? 'markup'];
    const turnText = text.slice(0, 65_536);
    const view = sampleDetail(row(instance), {
      id: text,
      text: JSON.stringify({ id: text }).slice(0, 262_144),
      cut: text.length > 262_144,
      turns: [
        {
          role: text.slice(0, 300),
          text: turnText,
          cut: text.length > 65_536,
          spans: [{ start: 2, end: 8, perspective: 'object', entity: text.slice(0, 9000) }],
        },
      ],
      media: [{ kind: 'image', path: text.slice(0, 4096), state: 'missing' }],
      entities: { object: [{ entity: text.slice(0, 9000), frequency: 1, tail: true }] },
    });
    return {
      ...view,
      problems: [{ label: 'Problem', place: 'line 1', message: text.slice(0, 9000) }],
      override: { verdict: 'keep', reason: text.slice(0, 500) },
    };
  };

  it('is shown inert and readable in every field', async () => {
    const host = new SampleHost(names.length, row);
    const text = strings.markup;
    const facets = [
      { name: `field:${strings.bidi}`, values: names.map((name) => ({ value: strings[name].slice(0, 1000), count: 1 })), more: 0 },
    ];
    const query = (): unknown => ({
      records: names.length,
      instances: names.length,
      matches: names.length,
      format: 'json',
      variant: 'llava',
      hasEntities: true,
      facets,
      seconds: 0,
    });
    const entities = {
      matches: 1,
      rows: names.map((name) => ({ entity: strings[name].slice(0, 99), label: strings[name].slice(0, 99), frequency: 1, tail: true })),
    };
    const answers = host.answers({
      ready: host.content({ name: text }),
      detail,
      query,
      entities,
      image: '!no',
      runs: [{ manifest: text, label: text }],
      receipt: `!${text}`,
    });
    const open = await lab.open(answers, themes.dark, { width: 1280, height: 900 });
    await ready(open);
    const { page } = open;
    await expect.poll(() => page.locator('h1').textContent()).toBe(text);
    const longest = await longestTask(page, async () => {
      for (const [i, name] of names.entries()) {
        await page.locator(`.row[data-position="${i}"]`).click();
        await expect.poll(() => page.locator('.turn .running').count(), { message: name }).toBe(1);
        await expect.poll(() => page.locator('.detail-body').getAttribute('aria-busy')).toBe('false');
        await page.locator('.record summary').click();
        await page.screenshot({ path: path.join(artifacts, `instances-hostile-${name}.png`) });
        const shown = ((await page.locator('main').textContent()) ?? '').replace(/[\t\n]/g, '');
        expect(shown, name).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, name).toBeLessThanOrEqual(0);
      }
    });
    console.log(`hostile data: longest task ${longest} ms`);
    expect(longest).toBeLessThan(200);
    await page.locator('.row[data-position="2"]').click();
    await expect.poll(() => page.locator('.turn .unseen').allTextContents()).toEqual(['U+202E', 'U+202C', 'U+2066', 'U+2069', 'U+061C']);
    await page.locator('.row[data-position="3"]').click();
    await expect.poll(() => page.locator('.turn .unseen').allTextContents()).toEqual(['U+0007', 'U+001B', 'U+0000', 'U+007F']);
    await page.getByRole('button', { name: 'Source and fields' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Entity' }).click();
    await expect.poll(() => page.locator('.choices li').count()).toBe(names.length);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => 'injected' in window)).toBe(false);
    expect(await page.locator('main script, main a, .running img, main [onerror]').count()).toBe(0);
    expect(open.errors).toEqual([]);
    expect(await violations(open, axeSource)).toEqual([]);
    await open.close();
  });

  it('shows a long turn piece by piece', async () => {
    const host = new SampleHost(names.length, row);
    const open = await lab.open(host.answers({ detail }), themes.light, { width: 1280 });
    await ready(open);
    const { page } = open;
    await page.locator(`.row[data-position="${names.indexOf('long')}"]`).click();
    const turn = page.locator('.turn .running');
    await expect.poll(() => turn.textContent().then((text) => text?.length)).toBe(4000);
    await page.locator('.turn').getByRole('button', { name: 'Show More (61,536 left)' }).click();
    expect((await turn.textContent())?.length).toBe(24_000);
    await expect.poll(() => page.locator('.turn .hint').textContent()).toContain('longer than what is shown here');
    const id = page.locator('.row .id').nth(names.indexOf('longId'));
    expect((await id.textContent())?.length).toBe(81);
    expect((await id.getAttribute('title'))?.length).toBe(1001);
    await open.close();
  });
});
