import * as v from 'valibot';
import { browseSorts, mediaKinds, verdicts } from '../../protocol/browse.ts';
import { problemCodes } from '../../protocol/dataset.ts';
import { type DrawnInstances, pageActions } from '../../protocol/instancesPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';

/** A page is a foreign process: what it asks is checked before anything is done. Texts have limits that no user meets. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(100_000));
const perspective = v.picklist(perspectives);
const many = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.maxLength(10_000));

const query = v.object({
  filter: v.exactOptional(
    v.object({
      text: v.exactOptional(text),
      entities: v.exactOptional(many(v.object({ perspective, entity: text }))),
      verdict: v.exactOptional(v.picklist(verdicts)),
      clusters: v.exactOptional(v.object({ clustering: v.exactOptional(text), ids: v.pipe(v.array(count), v.maxLength(100_000)) })),
      problems: v.exactOptional(many(v.picklist([...problemCodes, 'any']))),
      media: v.exactOptional(many(v.picklist(mediaKinds))),
      fields: v.exactOptional(v.record(text, many(text))),
    }),
  ),
  sort: v.exactOptional(v.object({ by: v.picklist(browseSorts), descending: v.exactOptional(v.boolean()) })),
  manifest: v.exactOptional(text),
});

export const requestSchemas = {
  none: v.null(),
  first: v.object({ limit: v.pipe(count, v.maxValue(1000)) }),
  query: v.object({ ticket: count, query }),
  rows: v.object({ query, offset: count, limit: v.pipe(count, v.maxValue(500)) }),
  find: v.object({ query, ordinal: count }),
  entities: v.object({ ticket: count, perspective, text }),
  detail: v.object({ instance: count }),
  image: v.object({ instance: count, index: count, side: v.pipe(count, v.minValue(16), v.maxValue(2048)) }),
  receipt: v.object({ instance: count, manifest: text }),
  override: v.object({
    ordinal: count,
    content: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    duplicate: count,
    verdict: v.picklist(['keep', 'drop', 'none']),
    reason: v.pipe(v.string(), v.maxLength(2000)),
  }),
  act: v.picklist(pageActions),
};

const drawnSchema = v.object({
  matches: v.number(),
  rows: v.number(),
  first: v.number(),
  last: v.number(),
  indexed: v.boolean(),
  selected: v.nullable(v.number()),
  message: v.string(),
});

/** Undefined for anything that is no report of what the page shows. */
export function parseDrawn(value: unknown): DrawnInstances | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(1), dataset: v.pipe(v.string(), v.minLength(1)) });

/** URI of the dataset of a panel that is restored; undefined for what another version kept. */
export function datasetOfState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.dataset : undefined;
}
