import type { SkipReason } from '../../protocol/synthesis.ts';
import { type InstanceView, partOf } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { parseLexicon, readLexiconText } from '../entities/lexicon.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { deficits } from '../synthesis/planning/deficitQuota.ts';
import { scarceEntitiesOf, type WantedPerspective } from '../synthesis/planning/scarcity.ts';
import { instancesToExchange, nounExchanges } from '../synthesis/planning/synonymPlan.ts';
import { visitRecords } from '../synthesis/planning/visitRecords.ts';
import { NounExchange } from '../synthesis/synonyms/exchangeable.ts';
import { readThesaurus } from '../synthesis/synonyms/thesaurus.ts';
import { type ChosenPicks, type PlanInput, type PlannedPick, targetOf } from './synthesisInputs.ts';

/** Instances looked at per wanted one: many words are also verbs or parts of names where they stand. */
const looksPerWanted = 8;
/** Instances per synonym where no quota bounds them. */
const mostPerSynonym = 1000;

/**
 * Parents of the synonym method: not scarce instances but those that hold a common noun with a scarce synonym. No scarce entity gets more
 * than its quota, neither the synonym nor what else the parent holds.
 */
export async function planSynonyms(input: PlanInput, deps: EngineDeps, job: JobContext): Promise<ChosenPicks> {
  const { dataset, request, parameters, wanted, rarest } = input;
  const position = wanted.findIndex(({ index }) => index.perspective === 'token');
  const tokens = wanted[position];
  if (!tokens)
    throw new EngineError('usage', 'Synonyms are entities of the token perspective: leave it in --perspectives.', {
      option: 'perspectives',
    });
  const lexicon = parseLexicon(await readLexiconText(deps.lexicon, request.lexicon));
  const exchanges =
    tokens.want === null ? [] : nounExchanges(tokens.index, tokens.want, await readThesaurus(deps.thesaurus), parameters.senses);
  const quota = wanted.map((one) => deficits(one, request.entityCap));
  const looks: { readonly ordinal: number; readonly noun: number; readonly synonym: number }[] = [];
  const wantedRecords = new Uint8Array(dataset.records);
  for (const { noun, synonym } of exchanges) {
    const most = Math.min(mostPerSynonym, (quota[position]?.[synonym] ?? 0) * looksPerWanted);
    for (const ordinal of instancesToExchange(tokens.index, noun, input.rank, most)) {
      looks.push({ ordinal, noun, synonym });
      wantedRecords[ordinal] = 1;
    }
  }
  const skipped: Partial<Record<SkipReason, number>> = {};
  const views = new Map<number, InstanceView>();
  const visit = (ordinal: number, view: InstanceView, record: Buffer): void => {
    const capacity = input.method.capacity(view, record, partOf(dataset, ordinal).view, parameters);
    if (typeof capacity === 'number') views.set(ordinal, view);
    else skipped[capacity] = (skipped[capacity] ?? 0) + 1;
  };
  await visitRecords(dataset, wantedRecords, visit, job);

  const nouns = new NounExchange(lexicon);
  const perParent = request.perParent ?? (request.quota ? 2 : 1);
  const used = new Map<number, number>();
  const parents = new Set<number>();
  const picks: PlannedPick[] = [];
  for (const { ordinal, noun, synonym } of looks) {
    throwIfCancelled(job);
    if (picks.length >= (request.count ?? Number.POSITIVE_INFINITY)) break;
    const view = views.get(ordinal);
    const copy = used.get(ordinal) ?? 0;
    if (!view || copy >= perParent || !hasRoom(wanted, quota, position, ordinal, noun, synonym, request.quota !== undefined)) continue;
    const [from, to] = [tokens.index.nameOf(noun), tokens.index.nameOf(synonym)];
    if (!nouns.exchange(view.turns, from, to)) {
      skipped.noSynonym = (skipped.noSynonym ?? 0) + 1;
      continue;
    }
    take(wanted, quota, position, ordinal, noun, synonym);
    used.set(ordinal, copy + 1);
    parents.add(ordinal);
    picks.push({ ordinal, copy, exchange: { noun: from, synonym: to, target: targetOf(tokens, synonym) } });
  }
  const full = wanted.map((one) => deficits(one, request.entityCap));
  const planned = quota.map((left, i) => left.map((value, entity) => (full[i]?.[entity] ?? 0) - value));
  const scarce = rarest.reduce((count, least) => count + (least > 0 ? 1 : 0), 0);
  return { picks, scarce, parents: parents.size, skipped, planned };
}

/** The synonym is wanted and, under a quota, so is every other scarce entity of the parent. */
function hasRoom(
  wanted: readonly WantedPerspective[],
  quota: readonly Int32Array[],
  tokens: number,
  ordinal: number,
  noun: number,
  synonym: number,
  strict: boolean,
): boolean {
  if ((quota[tokens]?.[synonym] ?? 0) <= 0) return false;
  if (!strict) return true;
  return scarceEntitiesOf(wanted, ordinal).every(
    ({ perspective, entity }) => (perspective === tokens && entity === noun) || (quota[perspective]?.[entity] ?? 0) > 0,
  );
}

function take(
  wanted: readonly WantedPerspective[],
  quota: readonly Int32Array[],
  tokens: number,
  ordinal: number,
  noun: number,
  synonym: number,
): void {
  const spend = (perspective: number, entity: number): void => {
    const left = quota[perspective];
    if (left) left[entity] = (left[entity] as number) - 1;
  };
  spend(tokens, synonym);
  for (const { perspective, entity } of scarceEntitiesOf(wanted, ordinal))
    if (!(perspective === tokens && entity === noun)) spend(perspective, entity);
}
