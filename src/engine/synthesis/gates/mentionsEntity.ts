import { failed, type Gate, skipped, within } from './gate.ts';

/**
 * New words speak of an entity that they were made for. Entities that the extractors do not find in the parent's own text (imported ones,
 * detections) cannot be looked for; a synonym's must all be there.
 */
export const mentionsEntityGate: Gate = {
  name: 'mentionsEntity',
  hard: false,
  about: 'text',
  async judge({ made, parent }, { mentioned }) {
    if (!made.turns) return skipped;
    const named = made.targets.map(({ perspective, entity }) => ({ entity, key: `${perspective} ${entity}` }));
    const before = made.method === 'synonym' ? undefined : mentioned(parent.turns);
    const wanted = before ? named.filter(({ key }) => before.has(key)) : named;
    if (wanted.length === 0) return skipped;
    const after = mentioned(made.turns);
    const found = wanted.filter(({ key }) => after.has(key)).length;
    const least = before ? 1 / wanted.length : 1;
    const result = within(found / wanted.length, Math.floor(least * 10_000) / 10_000, null);
    return result.verdict === 'passed'
      ? result
      : failed('missing', { score: result.score, lower: result.lower, subject: wanted.find(({ key }) => !after.has(key))?.entity ?? null });
  },
};
