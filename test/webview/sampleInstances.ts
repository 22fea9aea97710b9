import sharp from 'sharp';
import { clusterFacts } from '../../src/extension/instances/clusterFacts.ts';
import { collectReceipt } from '../../src/extension/instances/collectReceipt.ts';
import { instancesStrings } from '../../src/extension/instances/instancesStrings.ts';
import type { BrowseFilter, BrowseResult, Facet, InstanceDetail, InstanceImage, InstanceRow } from '../../src/protocol/browse.ts';
import type {
  DetailView,
  EntityChoices,
  InstancesContent,
  OverrideRequest,
  PageQuery,
  RunChoice,
} from '../../src/protocol/instancesPage.ts';
import type { Receipt } from '../../src/protocol/reports.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';

const nouns = ['dog', 'bicycle', 'traffic light', 'zebra', 'teapot', 'surfboard', 'cat', 'umbrella', 'laptop', 'giraffe'];

/** An instance of the sample; everything follows from its ordinal. */
export function sampleRow(ordinal: number, query: PageQuery = {}): InstanceRow {
  if (ordinal % 97 === 13)
    return { ordinal, usable: false, id: null, begin: '', turns: 0, bytes: 90, images: 0, problems: ['record.invalidJson'] };
  const rare = nouns[ordinal % nouns.length] ?? '';
  const dropped = ordinal % 3 === 1;
  return {
    ordinal,
    usable: true,
    id: `llava-${String(ordinal).padStart(9, '0')}`,
    begin: `What is the ${rare} doing next to the ${nouns[(ordinal * 7) % nouns.length]} in this picture? The ${rare} stands at the left.`,
    turns: 2 + (ordinal % 5) * 2,
    bytes: 1200 + ordinal,
    images: ordinal % 5 === 0 ? 0 : ordinal % 7 === 0 ? 3 : 1,
    entities: [
      { perspective: 'object', entity: rare, frequency: 3 + (ordinal % 9), tail: ordinal % 2 === 0 },
      { perspective: 'token', entity: 'picture', frequency: 4210, tail: false },
      { perspective: 'interrogation', entity: 'what is', frequency: 250_123, tail: false },
    ],
    ...(query.manifest === undefined ? {} : { verdict: dropped ? ('dropped' as const) : ('kept' as const) }),
    ...(query.manifest !== undefined && ordinal % 11 === 3 ? { forced: true as const } : {}),
    problems: ordinal % 23 === 4 ? ['image.missing', 'record.emptyTurn'] : [],
  };
}

/** A dataset of a million instances as the engine would answer. */
export class SampleHost {
  readonly records: number;
  readonly queries: PageQuery[] = [];
  readonly rowRequests: { readonly offset: number; readonly limit: number }[] = [];
  readonly overrides: OverrideRequest[] = [];
  readonly #row: (ordinal: number, query: PageQuery) => InstanceRow;

  constructor(records = 1_000_000, row: (ordinal: number, query: PageQuery) => InstanceRow = sampleRow) {
    this.records = records;
    this.#row = row;
  }

  /** Answers of all requests; single ones can be replaced. */
  answers(replaced: Answers = {}): Answers {
    return {
      ready: this.content(),
      first: () => ({
        format: 'json',
        variant: 'llava',
        bytes: 1e9,
        rows: this.#rows({}, 0, Math.min(100, this.records)),
        complete: false,
      }),
      runs: [{ manifest: '/data/train.rebalanced.json.manifest.json', label: 'train.rebalanced.json · 49% · today' }] satisfies RunChoice[],
      query: ({ query }: { query: PageQuery }) => this.#query(query),
      rows: ({ query, offset, limit }: { query: PageQuery; offset: number; limit: number }) => {
        this.rowRequests.push({ offset, limit });
        return { offset, rows: this.#rows(query, offset, limit) };
      },
      find: ({ query, ordinal }: { query: PageQuery; ordinal: number }) => ({ position: positionOf(query, ordinal, this.records) }),
      entities: {
        matches: 120,
        rows: nouns.map((entity, i) => ({ entity, label: entity, frequency: 9000 >> i, tail: i > 5 })),
      } satisfies EntityChoices,
      detail: ({ instance }: { instance: number }) => sampleDetail(this.#row(instance, {})),
      image: ({ instance, side }: { instance: number; side: number }) => samplePicture(instance, side),
      receipt: ({ instance }: { instance: number }) => collectReceipt(sampleReceipt(instance), english, 'en'),
      override: (request: OverrideRequest) => {
        this.overrides.push(request);
        return request.verdict === 'none' ? null : { verdict: request.verdict, reason: request.reason };
      },
      ...replaced,
    };
  }

  content(changes: Partial<InstancesContent> = {}): InstancesContent {
    return {
      locale: 'en',
      name: 'train.json',
      size: '1 GB',
      dataset: 'file:///data/train.json',
      mode: { kind: 'engine' },
      openAt: null,
      planned: [],
      strings: instancesStrings(english),
      ...changes,
    };
  }

  #query(query: PageQuery): BrowseResult {
    this.queries.push(query);
    return {
      records: this.records,
      instances: this.records - Math.floor((this.records + 83) / 97),
      matches: matchesOf(query, this.records),
      format: 'json',
      variant: 'llava',
      hasEntities: true,
      facets: facets(query),
      seconds: 0.01,
    };
  }

  #rows(query: PageQuery, offset: number, limit: number): InstanceRow[] {
    const length = Math.max(0, Math.min(limit, matchesOf(query, this.records) - offset));
    return Array.from({ length }, (_, i) => this.#row(ordinalAt(query, offset + i, this.records), query));
  }
}

/** The sample's filters: a text leaves every thousandth row, "nothing" none; everything else halves the list. */
function stepOf({ text, ...others }: BrowseFilter): number {
  return (text === undefined ? 1 : 1000) * 2 ** Object.keys(others).length;
}

function matchesOf({ filter = {} }: PageQuery, records: number): number {
  return filter.text === 'nothing' ? 0 : Math.ceil(records / stepOf(filter));
}

function ordinalAt({ filter = {}, sort }: PageQuery, position: number, records: number): number {
  const at = sort?.descending ? matchesOf({ filter }, records) - 1 - position : position;
  return at * stepOf(filter);
}

function positionOf(query: PageQuery, ordinal: number, records: number): number {
  const step = stepOf(query.filter ?? {});
  if (ordinal % step !== 0 || matchesOf(query, records) === 0) return -1;
  return query.sort?.descending ? matchesOf(query, records) - 1 - ordinal / step : ordinal / step;
}

function facets(query: PageQuery): readonly Facet[] {
  const verdict = {
    name: 'verdict',
    values: [
      { value: 'kept', count: 666_667 },
      { value: 'dropped', count: 333_333 },
    ],
    more: 0,
  };
  return [
    ...(query.manifest === undefined ? [] : [verdict]),
    {
      name: 'problem',
      values: [
        { value: 'any', count: 53_000 },
        { value: 'image.missing', count: 43_478 },
        { value: 'record.invalidJson', count: 10_309 },
      ],
      more: 0,
    },
    {
      name: 'media',
      values: [
        { value: 'image', count: 700_000 },
        { value: 'none', count: 200_000 },
        { value: 'images', count: 100_000 },
      ],
      more: 0,
    },
    {
      name: 'folder',
      values: [
        { value: 'coco', count: 364_100 },
        { value: 'gqa', count: 72_140 },
        { value: 'textvqa', count: 21_953 },
      ],
      more: 4,
    },
    {
      name: 'field:source',
      values: [
        { value: 'chat', count: 500_000 },
        { value: '', count: 12 },
      ],
      more: 0,
    },
  ];
}

export function sampleDetail(row: InstanceRow, changes: Partial<InstanceDetail> = {}): DetailView {
  const question = `What is the ${nouns[row.ordinal % nouns.length]} doing next to the traffic light?\nLook at the left of the picture.`;
  const answer = 'The dog rides a bicycle past the traffic light, while a cat watches from a window.';
  const span = (text: string, word: string, perspective: 'token' | 'object' | 'cooccurrence' | 'interrogation', entity = word) => {
    const start = text.indexOf(word);
    return start < 0 ? [] : [{ start, end: start + word.length, perspective, entity }];
  };
  const detail: InstanceDetail = {
    ordinal: row.ordinal,
    usable: row.usable,
    id: row.id,
    file: '/data/train.json',
    range: { byteStart: 1_234_567, byteEnd: 1_236_000, line: 4321 },
    bytes: row.bytes,
    text: JSON.stringify(
      { id: row.id, image: 'coco/train2017/000000033471.jpg', conversations: [{ from: 'human', value: question }] },
      null,
      1,
    ),
    cut: false,
    turns: row.usable
      ? [
          {
            role: 'human',
            text: question,
            cut: false,
            spans: [
              ...span(question, 'What is', 'interrogation'),
              ...span(question, 'traffic light', 'object'),
              ...span(question, 'traffic', 'token'),
              ...span(question, 'light', 'token'),
            ],
          },
          {
            role: 'gpt',
            text: answer,
            cut: false,
            spans: [
              ...span(answer, 'dog', 'token'),
              ...span(answer, 'dog', 'object'),
              ...span(answer, 'dog rides a bicycle', 'cooccurrence', 'bicycle,dog'),
              ...span(answer, 'bicycle', 'object'),
              ...span(answer, 'traffic light', 'object'),
              ...span(answer, 'cat', 'object'),
              ...span(answer, 'window', 'token'),
            ],
          },
        ]
      : [],
    media: Array.from(
      { length: row.images },
      () => ({ kind: 'image', path: 'coco/train2017/000000033471.jpg', state: 'present' }) as const,
    ),
    problems: [],
    entities: {
      object: [
        { entity: 'cat', frequency: 11, tail: true },
        { entity: 'bicycle', frequency: 2210, tail: false },
        { entity: 'dog', frequency: 5100, tail: false },
        { entity: 'traffic light', frequency: 9021, tail: false },
      ],
      cooccurrence: [{ entity: 'bicycle,dog', frequency: 3, tail: true }],
      interrogation: [{ entity: 'what is', frequency: 250_123, tail: false }],
    },
    instanceKey: { content: '0123456789abcdef0123456789abcdef', duplicate: 0 },
    copies: 1,
    ...changes,
  };
  return {
    detail,
    problems: row.problems.map((code) => ({ label: code, place: 'line 4,321, byte 1,234,567', message: `Something is wrong: ${code}.` })),
    cluster: detail.cluster === undefined ? null : clusterFacts(detail.cluster, english, 'en'),
    override: null,
  };
}

export function sampleReceipt(ordinal: number, changes: Partial<Receipt> = {}): Receipt {
  return {
    ordinal,
    id: `llava-${ordinal}`,
    verdict: ordinal % 3 === 1 ? 'dropped' : 'kept',
    keepProbability: 0.3421,
    protected: false,
    perspectives: {
      token: {
        tau: 120,
        q: 0.0285,
        passed: false,
        entities: [{ entity: 'picture', frequency: 4210, probability: 0.0285, draw: 0.63127, won: false }],
      },
      object: {
        tau: 85,
        q: 1,
        passed: true,
        entities: [
          { entity: 'dog', frequency: 5100, probability: 0.01667, draw: 0.4413, won: false },
          { entity: 'cat', frequency: 11, probability: 1, draw: 0.8123, won: true },
        ],
      },
      cooccurrence: { tau: null, q: 0, passed: false, entities: [] },
    },
    passes: 1,
    minPerspectives: 1,
    alpha: 1,
    seed: 42,
    sampler: 'hash',
    instanceKey: { content: '0123456789abcdef0123456789abcdef', duplicate: 0 },
    flip: { parameter: 'tau', perspective: 'object', entity: 'cat', from: 85, to: 8.93530001, distance: 2.25 },
    manifest: '/data/train.rebalanced.json.manifest.json',
    byteStart: 1,
    byteEnd: 2,
    file: '/data/train.json',
    ...changes,
  };
}

/** A small landscape whose colours follow from the ordinal. */
async function samplePicture(ordinal: number, side: number): Promise<InstanceImage> {
  const [width, height] = [side, Math.round(side * 0.75)];
  const hue = (ordinal * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 4 3"><rect width="4" height="3" fill="hsl(${hue},60%,75%)"/><circle cx="3" cy="0.8" r="0.4" fill="hsl(${(hue + 180) % 360},80%,60%)"/><path d="M0 3V2l1.2-1L2.4 2.2l.8-.6L4 2.3V3z" fill="hsl(${hue},40%,35%)"/></svg>`;
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer();
  return { ok: true, jpeg: jpeg.toString('base64'), width, height };
}
