import type { MadeCandidate } from '../../../src/engine/synthesis/staging/events.ts';

/** A candidate with everything that a journal wants. */
export function candidateOf(id: string, change: Partial<MadeCandidate> = {}): MadeCandidate {
  return {
    id,
    method: 'augment',
    provider: 'local',
    model: { name: 'augment', hash: null },
    parent: { ordinal: 3, id: '3', key: '0'.repeat(32), duplicate: 0, image: 'a.jpg', imageSha256: null },
    copy: 0,
    targets: [{ perspective: 'token', entity: 'cat', frequency: 1, want: 3, deficit: 2 }],
    prompt: null,
    seed: 1,
    parameters: {},
    image: null,
    turns: null,
    usage: { requests: 0, inputTokens: 0, outputTokens: 0, images: 0 },
    ...change,
  };
}
