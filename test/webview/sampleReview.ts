import sharp from 'sharp';
import { reviewStrings } from '../../src/extension/review/reviewStrings.ts';
import type { TurnDetail } from '../../src/protocol/browse.ts';
import type { PageFilter, ReviewContent } from '../../src/protocol/reviewPage.ts';
import type {
  CandidateStatus,
  GateName,
  GateResult,
  ReviewDecision,
  ReviewImage,
  ReviewIndex,
  ReviewSource,
  StagedCandidate,
  StagingCounts,
} from '../../src/protocol/synthesis.ts';
import { gateNames } from '../../src/protocol/synthesis.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';
import { hostileText } from './sampleDiff.ts';

export const idOf = (n: number): string => n.toString(16).padStart(16, '0');
const entities = ['flap', 'teapot', 'surfboard', 'zebra'];

/** What a gate found about a sample, by its number. */
function gatesOf(n: number): readonly GateResult[] {
  const none = { score: null, lower: null, upper: null, finding: null, subject: null };
  const stop = n % 7 === 3 ? 'candidateDuplicate' : n % 7 === 5 ? 'safeText' : undefined;
  return gateNames.map((gate: GateName): GateResult => {
    if (gate === stop && gate === 'candidateDuplicate')
      return { gate, verdict: 'failed', ...none, score: 0.9021, upper: 0.75, subject: idOf(1) };
    if (gate === stop) return { gate, verdict: 'failed', ...none, finding: 'markup' };
    if (gate === 'similarity') return { gate, verdict: 'passed', ...none, score: 0.5775, lower: 0.25, upper: 0.999 };
    return { gate, verdict: gate === 'confirmation' ? 'skipped' : 'passed', ...none };
  });
}

/** Every third one has new words; every fifth has hostile ones everywhere that data comes from. */
function candidateOf(n: number): StagedCandidate {
  const isHostile = n % 5 === 4;
  const hasWords = n % 3 === 2;
  const gates = gatesOf(n);
  const stop = gates.find(({ verdict }) => verdict === 'failed');
  const target = (perspective: 'object' | 'cooccurrence', entity: string) => ({ perspective, entity, frequency: 1, want: 3, deficit: 2 });
  const entity = isHostile ? hostileText : (entities[n % entities.length] as string);
  return {
    id: idOf(n),
    status: stop ? 'rejected' : 'pending',
    method: hasWords ? 'rewrite' : 'augment',
    provider: hasWords ? 'endpoint' : 'local',
    model: { name: isHostile ? hostileText : 'augment', hash: n % 2 ? 'ab'.repeat(32) : null },
    parent: {
      ordinal: 100 + n,
      id: isHostile ? hostileText : `p${n}`,
      key: '0'.repeat(32),
      duplicate: 0,
      image: isHostile ? hostileText : `images/${n}.jpg`,
      imageSha256: null,
    },
    copy: 0,
    targets: [target('object', entity), target('cooccurrence', `${entities[n % 4]},paper`)],
    prompt: hasWords ? (isHostile ? hostileText : `a picture of a ${entity}`) : null,
    seed: 1000 + n,
    parameters: { angle: 11.4, flip: false, ...(isHostile ? { [hostileText]: hostileText } : {}) },
    image: hasWords ? null : { file: `images/${idOf(n)}.jpg`, sha256: '', bytes: 1, width: 545, height: 427 },
    turns: hasWords ? [{ role: 'gpt', text: isHostile ? hostileText : `A ${entity} on a table.` }] : null,
    usage: { requests: 0, inputTokens: 0, outputTokens: 0, images: 0 },
    gates,
    reason: stop?.gate ?? null,
    decidedBy: stop ? 'gates' : null,
  };
}

function sourceOf(n: number): ReviewSource {
  const turn = (role: string, text: string, entity: string): TurnDetail => {
    const start = text.indexOf(entity);
    const spans = start < 0 ? [] : [{ start, end: start + entity.length, perspective: 'object' as const, entity }];
    return { role, text, cut: false, spans };
  };
  const entity = entities[n % entities.length] as string;
  const evil = n % 5 === 4 ? ` ${hostileText}` : '';
  const turns = [turn('human', `<image>\nWhat stands on the ${entity} here?${evil}`, entity), turn('gpt', 'A cat.', entity)];
  const candidate = [turn('human', `<image>\nWhat can be seen on the ${entity} here?${evil}`, entity), turn('gpt', 'A cat.', entity)];
  return { ordinal: 100 + n, id: `p${n}`, turns, candidate: n % 3 === 2 ? candidate : turns };
}

/** A staging folder as the engine would answer; decisions change it, and `add` makes more. */
export class FakeReview {
  readonly all: StagedCandidate[] = [];
  readonly #decisions: {
    readonly ids: readonly string[];
    readonly before: readonly StagedCandidate[];
    readonly status: CandidateStatus;
  }[] = [];
  readonly #jpeg: string;
  /** How many candidates were told at once, at most. */
  mostAsked = 0;
  refused: string | null = null;

  private constructor(jpeg: string, count: number) {
    this.#jpeg = jpeg;
    this.add(count);
  }

  static async make(count: number): Promise<FakeReview> {
    const jpeg = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#4a8' } })
      .jpeg()
      .toBuffer();
    return new FakeReview(jpeg.toString('base64'), count);
  }

  add(count: number): void {
    for (let i = 0; i < count; i++) this.all.push(candidateOf(this.all.length));
  }

  status(n: number): CandidateStatus | undefined {
    return this.all[n]?.status;
  }

  get content(): ReviewContent {
    return { locale: 'en', name: 'staged', staging: '/data/staged', kept: null, refused: this.refused, strings: reviewStrings(english) };
  }

  get answers(): Answers {
    return {
      ready: () => this.content,
      index: (filter: PageFilter) => this.index(filter),
      candidates: (ids: readonly string[]) => {
        this.mostAsked = Math.max(this.mostAsked, ids.length);
        return { candidates: ids.flatMap((id) => this.all.find((one) => one.id === id) ?? []) };
      },
      source: (id: string) => sourceOf(Number.parseInt(id, 16)),
      image: ({ id, which }: { id: string; which: string }): ReviewImage => {
        const n = Number.parseInt(id, 16);
        if (which === 'candidate' && n % 11 === 6) return { ok: false, reason: n % 2 ? 'missing' : 'undecodable' };
        return { ok: true, jpeg: this.#jpeg, width: 60, height: 40 };
      },
      decide: ({ ids, status, reason }: { ids: readonly string[] | 'gated'; status: CandidateStatus; reason?: string }) =>
        this.decide(ids === 'gated' ? this.#acceptable() : ids, status, reason),
      undo: () => this.undo(),
    };
  }

  index({ status, method, gate, perspective, contains }: PageFilter): ReviewIndex {
    const stopped = ({ gates }: StagedCandidate) => gates.find(({ verdict }) => verdict === 'failed')?.gate;
    const shown = this.all.filter(
      (one) =>
        (status === undefined || one.status === status) &&
        (method === undefined || one.method === method) &&
        (gate === undefined || stopped(one) === gate) &&
        one.targets.some(
          (target) =>
            (perspective === undefined || target.perspective === perspective) &&
            (contains === undefined || target.entity.toLowerCase().includes(contains.toLowerCase())),
        ),
    );
    const count = <K extends string>(keys: readonly (K | undefined)[]): Partial<Record<K, number>> => {
      const counts: Partial<Record<K, number>> = {};
      for (const key of keys) if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
      return counts;
    };
    const last = this.#decisions.at(-1);
    return {
      staging: '/data/staged',
      dataset: '/data/train.json',
      counts: this.#counts(),
      ids: shown.map(({ id }) => id),
      statuses: shown.map((one) => one.status[0]).join(''),
      facets: {
        status: { pending: 0, accepted: 0, rejected: 0, ...count(this.all.map((one) => one.status)) },
        method: count(shown.map((one) => one.method)),
        gate: count(shown.map(stopped)),
        perspective: { object: shown.length, cooccurrence: shown.length },
        entity: entities.map((entity) => ({ perspective: 'object', entity, candidates: 3 })),
      },
      undoable: last ? { status: last.status, candidates: last.ids.length } : null,
      acceptable: this.#acceptable().length,
      reasons: [...new Set(this.all.flatMap(({ decidedBy, reason }) => (decidedBy === 'person' && reason ? [reason] : [])))],
    };
  }

  decide(ids: readonly string[], status: CandidateStatus, reason?: string): ReviewDecision {
    const before = ids.map((id) => this.all[Number.parseInt(id, 16)] as StagedCandidate);
    for (const one of before) this.all[Number.parseInt(one.id, 16)] = { ...one, status, reason: reason ?? null, decidedBy: 'person' };
    this.#decisions.push({ ids, before, status });
    return {
      staging: '/data/staged',
      changed: before.map((one) => ({ id: one.id, from: one.status, to: status })),
      counts: this.#counts(),
    };
  }

  undo(): ReviewDecision {
    const last = this.#decisions.pop();
    const changed = (last?.before ?? []).map((one) => ({ id: one.id, from: last?.status ?? 'pending', to: one.status }));
    for (const one of last?.before ?? []) this.all[Number.parseInt(one.id, 16)] = one;
    return { staging: '/data/staged', changed, counts: this.#counts() };
  }

  #acceptable(): readonly string[] {
    return this.all
      .filter(({ status, gates }) => status === 'pending' && gates.every(({ verdict }) => verdict !== 'failed'))
      .map(({ id }) => id);
  }

  #counts(): StagingCounts {
    const of = (status: CandidateStatus) => this.all.filter((one) => one.status === status).length;
    const gated = this.all.filter(({ gates }) => gates.every(({ verdict }) => verdict !== 'failed')).length;
    return {
      planned: this.all.length + 10,
      made: this.all.length,
      failed: 0,
      gated,
      pending: of('pending'),
      accepted: of('accepted'),
      rejected: of('rejected'),
    };
  }
}
