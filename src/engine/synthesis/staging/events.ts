import * as v from 'valibot';
import { perspectives } from '../../../protocol/perspectives.ts';
import { candidateStatuses, gateNames, synthesisMethods, synthesisProviders } from '../../../protocol/synthesis.ts';

/**
 * Schema of a staging folder, version 1. `staging.json` is the header; `journal.jsonl` holds one event per line, and the state is what
 * the events make of it, in their order. Pictures lie in `images` under their candidate's id.
 *
 * - `run`: a call and how many synthetic instances it planned (`plan`: hash of what decides them).
 * - `made`: a candidate with its provenance, not judged yet.
 * - `gated`: what the gates say about it. A candidate that one of them stops is rejected, else pending.
 * - `failed`: an item could not be made; the next call tries it again.
 * - `decided`: a review, numbered from 1. `undone`: takes the decision of that number back.
 */
export const stagingVersion = 1;

const usage = v.object({ requests: v.number(), inputTokens: v.number(), outputTokens: v.number(), images: v.number() });
const turns = v.array(v.object({ role: v.string(), text: v.string() }));
/** Names that a file of the staging folder may have: never a path out of it. */
const imageFile = v.pipe(v.string(), v.regex(/^images\/[0-9a-f]{16}\.(?:jpg|png|webp|gif|tif|avif)$/));
const candidateId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

export const candidateSchema = v.object({
  id: candidateId,
  method: v.picklist(synthesisMethods),
  provider: v.picklist(synthesisProviders),
  model: v.object({ name: v.string(), hash: v.nullable(v.string()) }),
  parent: v.object({
    ordinal: v.pipe(v.number(), v.integer(), v.minValue(0)),
    id: v.nullable(v.string()),
    key: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    duplicate: v.number(),
    image: v.nullable(v.string()),
    imageSha256: v.nullable(v.string()),
  }),
  copy: v.number(),
  targets: v.array(
    v.object({ perspective: v.picklist(perspectives), entity: v.string(), frequency: v.number(), want: v.number(), deficit: v.number() }),
  ),
  prompt: v.nullable(v.string()),
  seed: v.number(),
  parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  image: v.nullable(v.object({ file: imageFile, sha256: v.string(), bytes: v.number(), width: v.number(), height: v.number() })),
  turns: v.nullable(turns),
  usage,
});
/** A candidate as it was made, before anybody judged it. */
export type MadeCandidate = v.InferOutput<typeof candidateSchema>;

const gateResult = v.object({
  gate: v.picklist(gateNames),
  verdict: v.picklist(['passed', 'failed', 'skipped']),
  score: v.nullable(v.number()),
  lower: v.nullable(v.number()),
  upper: v.nullable(v.number()),
  finding: v.nullable(v.string()),
  subject: v.nullable(v.string()),
});

export const eventSchema = v.variant('event', [
  v.object({ event: v.literal('run'), plan: v.string(), method: v.picklist(synthesisMethods), planned: v.number() }),
  v.object({ event: v.literal('made'), seconds: v.number(), candidate: candidateSchema }),
  v.object({
    event: v.literal('gated'),
    id: candidateId,
    gates: v.array(gateResult),
    /** Base64 of the picture's look (`gates/looks.ts`), so that later candidates are compared with it without decoding it again. */
    look: v.nullable(v.string()),
  }),
  v.object({ event: v.literal('failed'), id: candidateId, ordinal: v.number(), code: v.string(), message: v.string() }),
  v.object({
    event: v.literal('decided'),
    number: v.number(),
    ids: v.array(candidateId),
    status: v.picklist(candidateStatuses),
    reason: v.nullable(v.string()),
    by: v.picklist(['person', 'gates']),
    at: v.string(),
  }),
  v.object({ event: v.literal('undone'), number: v.number(), at: v.string() }),
]);
export type StagingEvent = v.InferOutput<typeof eventSchema>;
export type Decision = Extract<StagingEvent, { readonly event: 'decided' }>;

export const headerSchema = v.object({
  format: v.literal('ballast-staging'),
  version: v.literal(stagingVersion),
  /** `path` is relative to the folder, with `/`; absolute on another drive. */
  dataset: v.object({ path: v.string(), sha256: v.string(), bytes: v.number() }),
  images: v.nullable(v.array(v.string())),
  runDir: v.string(),
});
export type StagingHeader = v.InferOutput<typeof headerSchema>;
