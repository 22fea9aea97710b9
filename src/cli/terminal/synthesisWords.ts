import type { GateName, SkipReason } from '../../protocol/synthesis.ts';

/** What a candidate has that a gate stopped; the names are those of `review --gate`. */
export const gateWords: Readonly<Record<GateName, string>> = {
  decodes: 'its picture is damaged',
  size: 'its picture is too small, too large or no still picture',
  content: 'its picture is black, white or one colour',
  sourceDuplicate: 'nearly the same as its source',
  datasetDuplicate: 'nearly the same as another instance',
  candidateDuplicate: 'nearly the same as another candidate',
  similarity: 'too far from its source, or the source again',
  safeText: 'unsafe text',
  conversation: 'its conversation is broken',
  mentionsEntity: 'its new words do not mention the entity',
  newText: 'it only repeats its source',
  confirmation: 'a model did not see the entity in its picture',
};

/** Why scarce instances cannot be parents, after their number. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  noImage: 'have no picture',
  sharedImage: 'share their picture with other instances',
  severalImages: 'have several pictures',
  otherMedia: 'hold videos or sound',
  coordinates: 'hold coordinates, which a moved picture would make false',
  noTurns: 'have no conversation',
  oddTurns: 'have a conversation that cannot be written anew',
  noVariation: 'allow no change that keeps their text true',
  noSynonym: 'hold no noun with a scarce synonym',
};
