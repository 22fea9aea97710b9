import sharp from 'sharp';
import { diffStrings } from '../../src/extension/diff/diffStrings.ts';
import type { InstanceDetail, InstanceImage, TurnDetail } from '../../src/protocol/browse.ts';
import type { DiffEntities, DiffInstance, DiffInstances, DiffRow, DiffSide } from '../../src/protocol/diff.ts';
import type { DiffContent, InstancePlace, WhichDataset } from '../../src/protocol/diffPage.ts';
import type { DiffPerspective, DiffReport, DistributionSummary, EntityFrequency } from '../../src/protocol/reports.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';

const nouns = ['dog', 'bicycle', 'traffic light', 'zebra', 'teapot', 'surfboard', 'cat', 'umbrella', 'laptop', 'giraffe'];

export const hostileText = '<img src=x onerror="window.injected=1"><script>window.injected=2</script>\u202eevil\u0007\u200b"\'`&amp;';

export function sampleDiffContent(change: Partial<DiffContent> = {}): DiffContent {
  return {
    locale: 'en',
    a: { name: 'train.json', path: '/data/train.json' },
    b: { name: 'train.rebalanced.json', path: '/data/train.rebalanced.json' },
    state: { version: 1, a: '/data/train.json', b: '/data/train.rebalanced.json' },
    refused: null,
    strings: diffStrings(english),
    ...change,
  };
}

function distribution(entities: number, top: number, gini: number): DistributionSummary {
  const ranks = new Set<number>(entities === 0 ? [] : [0, entities - 1]);
  for (let i = 0; i <= 80 && entities > 0; i++) ranks.add(Math.round(entities ** (i / 80)) - 1);
  const k = (1 + gini) / (1 - gini);
  return {
    entities,
    postings: entities * 40,
    gini,
    entropy: 10 + gini,
    tailEntityShare: 1 - gini / 4,
    tailMassShare: gini / 8,
    curve: [...ranks].sort((a, b) => a - b).map((rank) => ({ rank, frequency: Math.max(1, Math.round(top / (rank + 1) ** 0.9)) })),
    lorenz: entities === 0 ? [] : Array.from({ length: 51 }, (_, i) => [i / 50, (i / 50) ** k] as const),
  };
}

const lost = (i: number): EntityFrequency => ({
  entity: `${nouns[i % nouns.length]},lost thing ${i}`,
  frequency: Math.max(1, 40 - Math.floor(i / 3)),
});
const gained = (i: number): EntityFrequency => ({ entity: `gained thing ${i}`, frequency: Math.max(1, 9 - i) });

function perspective(entities: number, kept: number, top: number, gini: number, gains: number): DiffPerspective {
  return {
    tau: entities === 0 ? null : 58,
    before: distribution(entities, top, gini),
    after: distribution(kept + gains, Math.round(top * 0.5), Math.max(0, gini - 0.04)),
    entitiesLost: entities - kept,
    entitiesGained: gains,
    lost: Array.from({ length: Math.min(20, entities - kept) }, (_, i) => lost(i)),
    gained: Array.from({ length: Math.min(20, gains) }, (_, i) => gained(i)),
  };
}

export function sampleDiffReport(change: Partial<DiffReport> = {}): DiffReport {
  const summary = { format: 'json', variant: 'llava' } as const;
  return {
    a: { ...summary, path: '/data/train.json', bytes: 1_005_431_746, sha256: 'a'.repeat(64), instances: 665_298 },
    b: { ...summary, path: '/data/train.rebalanced.json', bytes: 703_898_674, sha256: 'b'.repeat(64), instances: 404_661 },
    common: 391_621,
    added: 13_040,
    removed: 273_677,
    addedOrdinals: [],
    removedOrdinals: [],
    changed: { id: 6196, image: 1844 },
    changedOrdinals: [],
    sources: [
      { kind: 'folder', folder: 'coco', a: 365_386, b: 232_191 },
      { kind: 'folder', folder: 'vg', a: 85_505, b: 53_194 },
      { kind: 'folder', folder: 'ocr_vqa', a: 79_555, b: 22_312 },
      { kind: 'folder', folder: 'gqa', a: 71_900, b: 45_823 },
      { kind: 'textOnly', folder: '', a: 40_955, b: 38_925 },
      { kind: 'folder', folder: hostileText, a: 21_997, b: 7675 },
      { kind: 'noFolder', folder: '', a: 0, b: 4541 },
    ],
    moreSources: 3,
    lengths: {
      a: { meanTurns: 10.63, medianTurns: 10, meanBytes: 1507.25, medianBytes: 1321 },
      b: { meanTurns: 11.16, medianTurns: 10, meanBytes: 1755.22, medianBytes: 1566 },
    },
    perspectives: {
      token: perspective(59_912, 59_710, 310_331, 0.854, 0),
      object: perspective(28_653, 28_565, 246_165, 0.831, 0),
      cooccurrence: perspective(8_145_345, 5_693_527, 79_555, 0.713, 5874),
      interrogation: perspective(57, 51, 343_744, 0.776, 2),
    },
    ...change,
  };
}

/** Which instances a row is about; every third removed or added one has a partner. */
function rowOf(side: DiffSide, position: number): { readonly a: number | null; readonly b: number | null; readonly by: DiffRow['by'] } {
  const pair = { a: position * 2, b: position * 3 + 1, by: position % 4 === 3 ? ('image' as const) : ('id' as const) };
  if (side === 'changed' || position % 3 === 1) return pair;
  return side === 'removed' ? { a: position * 2, b: null, by: null } : { a: null, b: position * 3 + 1, by: null };
}

function turnsOf(which: WhichDataset, ordinal: number): readonly TurnDetail[] {
  const thing = nouns[ordinal % nouns.length] ?? '';
  const turn = (role: string, text: string): TurnDetail => ({ role, text, cut: false, spans: [] });
  const shared = [
    turn('human', `<image>\nWhat is the ${nouns[0]} doing next to the lighthouse?`),
    turn('gpt', `The ${nouns[0]} is waiting for the ferry, which is late again.`),
  ];
  const end = [turn('human', 'How many boats are there?'), turn('gpt', 'Three.')];
  if (which === 'a')
    return [...shared, turn('human', 'Is the sky blue?'), turn('gpt', 'The sky is blue, with a few small clouds over the sea.'), ...end];
  return [
    ...shared,
    turn('human', 'Is the sky blue?'),
    turn('gpt', `The sky is grey, with a few heavy clouds over the bay. ${thing === '' ? '' : hostileText}`),
    ...end,
    turn('human', 'And people?'),
    turn('gpt', 'Nobody.'),
  ];
}

function instanceOf(which: WhichDataset, ordinal: number): DiffInstance {
  const turns = turnsOf(which, ordinal);
  return {
    ordinal,
    id: ordinal % 10 === 9 ? null : `llava-${String(ordinal).padStart(9, '0')}`,
    begin:
      ordinal % 7 === 6 ? hostileText : `What is the ${nouns[ordinal % nouns.length]} doing next to the lighthouse? (${which} ${ordinal})`,
    turns: turns.length,
    bytes: 900 + ordinal,
    content: `${which}${ordinal}`,
  };
}

export function sampleInstances({ side, offset, limit }: { side: DiffSide; offset: number; limit: number }, total: number): DiffInstances {
  const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i): DiffRow => {
    const { a, b, by } = rowOf(side, offset + i);
    return { a: a === null ? null : instanceOf('a', a), b: b === null ? null : instanceOf('b', b), by };
  });
  return { side, total, offset, rows };
}

export function sampleDetail({ which, ordinal }: InstancePlace): InstanceDetail {
  const turns = turnsOf(which, ordinal);
  const image = which === 'b' && ordinal % 2 === 1 ? `coco/edited/${ordinal}.jpg` : `coco/train2017/${ordinal}.jpg`;
  const text = JSON.stringify(
    { id: `llava-${ordinal}`, image, conversations: turns.map(({ role, text }) => ({ from: role, value: text })) },
    null,
    2,
  );
  return {
    ordinal,
    usable: true,
    id: `llava-${String(ordinal).padStart(9, '0')}`,
    file: `/data/${which}.json`,
    range: { byteStart: 100, byteEnd: 100 + text.length, line: 5 },
    bytes: text.length,
    text,
    cut: false,
    turns,
    media: [{ kind: 'image', path: image, state: ordinal % 5 === 4 ? 'missing' : 'present' }],
    problems: [],
    instanceKey: { content: `${which}${ordinal}`, duplicate: 0 },
    copies: 1,
  };
}

let jpeg: string | undefined;

async function samplePicture(): Promise<InstanceImage> {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="220"><rect width="320" height="220" fill="#9cc7e8"/><rect y="150" width="320" height="70" fill="#3f6f8f"/><path d="M230 150l14-100h22l14 100z" fill="#f5f1e6"/><rect x="240" y="30" width="30" height="20" fill="#c0392b"/><circle cx="80" cy="130" r="26" fill="#8a5a2b"/></svg>';
  jpeg ??= (await sharp(Buffer.from(svg)).jpeg().toBuffer()).toString('base64');
  return { ok: true, jpeg, width: 320, height: 220 };
}

/** A host that answers like the real one; single answers can be replaced. */
export function diffAnswers(report: DiffReport = sampleDiffReport(), replaced: Answers = {}): Answers {
  const counts: Readonly<Record<DiffSide, number>> = {
    removed: report.removed,
    added: report.added,
    changed: report.changed.id + report.changed.image,
  };
  return {
    ready: sampleDiffContent(),
    compare: report,
    instances: (page: { side: DiffSide; offset: number; limit: number }) => sampleInstances(page, counts[page.side]),
    entities: (page: { perspective: 'token'; side: 'lost' | 'gained'; offset: number; limit: number; filter: string }): DiffEntities => {
      const compared = report.perspectives[page.perspective];
      const total = (page.side === 'lost' ? compared?.entitiesLost : compared?.entitiesGained) ?? 0;
      const make = page.side === 'lost' ? lost : gained;
      const matches = page.filter === '' ? total : Math.min(total, page.filter === 'nothing' ? 0 : 15);
      const rows = Array.from({ length: Math.max(0, Math.min(page.limit, matches - page.offset)) }, (_, i) => make(page.offset + i));
      return { perspective: page.perspective, side: page.side, total, matches, offset: page.offset, rows };
    },
    detail: sampleDetail,
    image: samplePicture,
    ...replaced,
  };
}
