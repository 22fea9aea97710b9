import * as v from 'valibot';
import { type Perspective, perspectives } from '../../../protocol/perspectives.ts';
import { planVersion } from '../../../protocol/plan.ts';
import { hygieneSwitches, samplers } from '../../../protocol/requests.ts';

/**
 * The shape of a plan file. `media/schemas/plan.schema.json` says the same to the editor; a test holds the two together.
 * Each message completes "<key> takes ...".
 */

/** Objects without a prototype: `key in entries` must not find "constructor". */
function strict<const Entries extends v.ObjectEntries>(entries: Entries, message: string) {
  return v.strictObject(Object.assign(Object.create(null), entries) as Entries, message);
}

const path = (what: string) => v.pipe(v.string(what), v.minLength(1, what));
const choice = <const Choices extends readonly string[]>(choices: Choices) => v.picklist(choices, oneOf(choices));

function oneOf(choices: readonly string[]): string {
  return choices.map((one) => `"${one}"`).join(', ');
}

function number(least: number, most: number, message: string) {
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message));
}

function positive(message: string, most = Number.MAX_VALUE) {
  return v.pipe(v.number(message), v.gtValue(0, message), v.maxValue(most, message));
}

function integer(least: number, most: number, message: string) {
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(least, message), v.maxValue(most, message));
}

function distinct<const Choices extends readonly string[]>(choices: Choices, message: string) {
  return v.pipe(
    v.array(choice(choices), message),
    v.check((items) => new Set(items).size === items.length, message),
  );
}

const listed = `a list without repeats of ${oneOf(perspectives)}`;
const countMessage = 'a whole number from 1';
const share = number(0, 1, 'a number from 0 to 1');
const threshold = positive('a number above 0');
const rule = '{"kind": "text-only"} or {"kind": "field", "field": NAME, "value": TEXT}';
const protection = v.variant(
  'kind',
  [
    strict({ kind: v.literal('text-only') }, rule),
    strict({ kind: v.literal('field'), field: path('the name of a field'), value: v.string('a text') }, rule),
  ],
  rule,
);
const volume = '{"kind": "count" or "percent", "value": NUMBER}';
const target = v.variant(
  'kind',
  [
    strict({ kind: v.literal('count'), value: positive('a number of instances above 0') }, volume),
    strict({ kind: v.literal('percent'), value: positive('a number above 0 to 100', 100) }, volume),
  ],
  volume,
);

/** A forced verdict as plan files and manifests hold it. */
export const overrideSchema = strict(
  {
    ordinal: integer(0, Number.MAX_SAFE_INTEGER, 'a whole number from 0'),
    content: v.pipe(v.string('32 hexadecimal digits, lower case'), v.regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits, lower case')),
    duplicate: integer(0, Number.MAX_SAFE_INTEGER, 'a whole number from 0'),
    verdict: choice(['keep', 'drop']),
    reason: v.string('a text'),
  },
  '{"ordinal", "content", "duplicate", "verdict", "reason"}',
);

const byPerspective = <Schema extends typeof share | typeof threshold>(schema: Schema, message: string) =>
  v.pipe(
    // To the library an empty list is an object without keys.
    v.custom<Partial<Record<Perspective, number>>>((value) => typeof value === 'object' && !Array.isArray(value), message),
    strict(
      {
        token: v.exactOptional(schema),
        object: v.exactOptional(schema),
        cooccurrence: v.exactOptional(schema),
        interrogation: v.exactOptional(schema),
      },
      message,
    ),
  );

export const planSchema = strict(
  {
    $schema: v.exactOptional(v.string('the address of a JSON schema')),
    ballastPlan: v.literal(planVersion, `${planVersion}, the version of the format that this Ballast knows`),
    dataset: v.exactOptional(path('the path of a dataset')),
    perspectives: v.exactOptional(v.pipe(distinct(perspectives, listed), v.minLength(1, listed))),
    mass: v.exactOptional(byPerspective(share, '{"token": NUMBER, ...}')),
    tau: v.exactOptional(byPerspective(threshold, '{"token": NUMBER, ...}')),
    minPerspectives: v.exactOptional(integer(1, perspectives.length, `a whole number from 1 to ${perspectives.length}`)),
    alpha: v.exactOptional(share),
    target: v.exactOptional(target),
    targetBy: v.exactOptional(choice(['tau', 'mass', 'alpha'])),
    sampler: v.exactOptional(choice(samplers)),
    seed: v.exactOptional(integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'a whole number')),
    hygiene: v.exactOptional(distinct(hygieneSwitches, `a list without repeats of ${oneOf(hygieneSwitches)}`)),
    minFrequency: v.exactOptional(integer(1, Number.MAX_SAFE_INTEGER, countMessage)),
    protect: v.exactOptional(v.array(protection, 'a list of protection rules')),
    entities: v.exactOptional(path('the path of an entities file')),
    lexicon: v.exactOptional(path('the path of a lexicon file')),
    stopList: v.exactOptional(path('the path of a stop list')),
    images: v.exactOptional(v.pipe(v.array(path('the path of a folder'), 'a list of folders'), v.minLength(1, 'a list of folders'))),
    overrides: v.exactOptional(v.array(overrideSchema, 'a list of overrides')),
  },
  'one JSON object',
);

/** A plan file as written: paths relative to its folder or absolute. */
export type PlanFile = v.InferOutput<typeof planSchema>;

/** Keys in the order in which plans are written. */
export const planKeys = Object.keys(planSchema.entries) as readonly (keyof PlanFile)[];
