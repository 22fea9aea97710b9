import * as v from 'valibot';
import { perspectives } from '../../protocol/perspectives.ts';
import { synthesisMethods, synthesisProviders } from '../../protocol/synthesis.ts';
import type { SynthesisSettings } from '../../protocol/synthesisPage.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
/** What is typed into a field: an address, the id of a model. */
const typed = v.pipe(v.string(), v.maxLength(2000));
const above = v.pipe(v.number(), v.finite(), v.gtValue(0));
const price = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Settings as they come from the page and from the store; both may be of another version. */
export const synthesisSettingsSchema: v.GenericSchema<unknown, SynthesisSettings> = v.object({
  method: v.picklist(synthesisMethods),
  provider: v.optional(v.picklist(synthesisProviders)),
  // Names and ranges are the declarations' matter; what a method does not read is not sent.
  parameters: v.record(
    v.pipe(v.string(), v.maxLength(40)),
    v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.maxLength(100))]),
  ),
  amount: v.variant('kind', [v.object({ kind: v.literal('deficit') }), v.object({ kind: v.literal('count'), value: count })]),
  perspectives: v.pipe(
    v.array(v.picklist(perspectives)),
    v.transform((chosen) => perspectives.filter((one) => chosen.includes(one))),
  ),
  perParent: v.optional(v.pipe(count, v.maxValue(16))),
  entityCap: v.optional(count),
  wantAtLeast: v.optional(count),
  seed: v.pipe(v.number(), v.safeInteger()),
  endpoint: v.optional(typed),
  model: v.optional(typed),
  textEndpoint: v.optional(typed),
  textModel: v.optional(typed),
  confirm: v.optional(v.boolean()),
  editorModel: v.optional(v.object({ id: typed, name: typed })),
  modelFolder: v.optional(path),
  agreedTo: v.optional(path),
  limits: v.object({
    concurrency: v.optional(v.pipe(count, v.maxValue(64))),
    requestsPerMinute: v.optional(above),
    maxRequests: v.optional(count),
    maxCost: v.optional(above),
    priceInput: v.optional(price),
    priceOutput: v.optional(price),
    priceImage: v.optional(price),
  }),
  staging: v.optional(path),
}) as v.GenericSchema<unknown, SynthesisSettings>;

/** What the page begins with: the method that needs no model, up to what each entity lacks. */
export const defaultSynthesisSettings: SynthesisSettings = {
  method: 'augment',
  parameters: {},
  amount: { kind: 'deficit' },
  perspectives,
  seed: 42,
  limits: {},
};
