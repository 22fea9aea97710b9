import type { EntitySpan, TurnDetail } from '../../../protocol/browse.ts';
import { perspectives } from '../../../protocol/perspectives.ts';
import { cutText } from '../../dataset/browse/shortText.ts';
import type { Turn } from '../../dataset/dataset.ts';
import type { MentionFinder } from '../../entities/locateMentions.ts';
import type { Mention } from '../../entities/mentions.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import type { InstanceEntities } from './entityAccess.ts';

const turnUnits = 64 * 1024;
/** UTF-16 units of all turns together, and turns, that an answer holds. */
const allUnits = 1024 * 1024;
const turnLimit = 2000;
/** UTF-16 units in which entities are looked for: half a second of work. */
const searchedUnits = 256 * 1024;
/** UTF-16 units of a role. */
const roleUnits = 200;

/** The first turns, as many as an answer holds. */
export function shownTurns(turns: readonly Turn[]): Omit<TurnDetail, 'spans'>[] {
  const shown: Omit<TurnDetail, 'spans'>[] = [];
  let left = allUnits;
  for (const { role, text } of turns) {
    if (shown.length >= turnLimit || (left <= 0 && text !== '')) break;
    const kept = cutText(text, Math.min(turnUnits, left));
    shown.push({ role: cutText(role, roleUnits), text: kept, cut: kept.length < text.length });
    left -= kept.length;
  }
  return shown;
}

/** Adds where the instance's entities stand in the turns. */
export function withSpans(
  turns: readonly Omit<TurnDetail, 'spans'>[],
  entities: InstanceEntities | undefined,
  finder: MentionFinder,
  job: JobContext,
): Promise<TurnDetail[]> {
  return withSpansOf(turns, entities && entityNames(entities), finder, job);
}

/** Adds where entities of these names stand in the turns. */
export async function withSpansOf(
  turns: readonly Omit<TurnDetail, 'spans'>[],
  names: EntityNames | undefined,
  finder: MentionFinder,
  job: JobContext,
): Promise<TurnDetail[]> {
  let searched = 0;
  let units = 0;
  while (searched < turns.length && units + (turns[searched]?.text.length ?? 0) <= searchedUnits)
    units += turns[searched++]?.text.length ?? 0;
  if (!names || units === 0) return turns.map((turn) => ({ ...turn, spans: [] }));
  const asked = turns.slice(0, searched).map(({ role, text }) => ({ text, isHuman: role === 'human' }));
  const mentions = await finder.find(asked, job);
  return turns.map((turn, i) => ({ ...turn, spans: spansOf(mentions[i] ?? [], names) }));
}

/** Names by perspective. */
export type EntityNames = ReadonlyMap<EntitySpan['perspective'], ReadonlySet<string>>;

function entityNames({ indexes, row }: InstanceEntities): EntityNames {
  const names = new Map<EntitySpan['perspective'], ReadonlySet<string>>();
  for (const [at, { perspective, nameOf }] of indexes.entries())
    if (perspective !== 'cooccurrence') names.set(perspective, new Set(Array.from(row[at] ?? [], (id) => nameOf(id)))); // its objects are marked
  return names;
}

/** Mentions of what the index says that the instance holds; hygiene may have written a name in lower case, or taken it out. */
function spansOf(mentions: readonly Mention[], names: EntityNames): EntitySpan[] {
  const spans: EntitySpan[] = [];
  for (const { start, end, perspective, entity } of mentions) {
    const own = names.get(perspective);
    const name = [entity, entity.toLowerCase()].find((spelled) => own?.has(spelled));
    if (name !== undefined) spans.push({ start, end, perspective, entity: name });
  }
  return spans.sort(
    (a, b) => a.start - b.start || a.end - b.end || perspectives.indexOf(a.perspective) - perspectives.indexOf(b.perspective),
  );
}
