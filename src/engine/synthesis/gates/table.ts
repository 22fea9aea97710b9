import type { GateName, GateResult } from '../../../protocol/synthesis.ts';
import { confirmationGate } from './confirmation.ts';
import { contentGate } from './content.ts';
import { conversationGate } from './conversation.ts';
import { decodesGate } from './decodes.ts';
import { candidateDuplicateGate, datasetDuplicateGate, sourceDuplicateGate } from './duplicates.ts';
import { type Gate, type GateCandidate, type GateContext, skipped } from './gate.ts';
import { mentionsEntityGate } from './mentionsEntity.ts';
import { newTextGate } from './newText.ts';
import { safeTextGate } from './safeText.ts';
import { similarityGate } from './similarity.ts';
import { sizeGate } from './size.ts';

/** Every gate, cheap ones first. What a question to a model costs is spent only on candidates that passed all before. */
const gates: readonly Gate[] = [
  decodesGate,
  sizeGate,
  contentGate,
  sourceDuplicateGate,
  datasetDuplicateGate,
  candidateDuplicateGate,
  similarityGate,
  safeTextGate,
  conversationGate,
  mentionsEntityGate,
  newTextGate,
  confirmationGate,
];

/** Gates that a reviewer cannot overrule. */
export const hardGates: ReadonlySet<GateName> = new Set(gates.filter(({ hard }) => hard).map(({ name }) => name));

/** Judges a candidate by every gate. After a picture that is none, gates about pictures are skipped. */
export async function judgeCandidate(candidate: GateCandidate, context: GateContext): Promise<GateResult[]> {
  const results: GateResult[] = [];
  const broken = (): boolean => results.some(({ gate, verdict }) => verdict === 'failed' && (gate === 'decodes' || gate === 'size'));
  for (const gate of gates) {
    const idle =
      (gate.about === 'picture' && broken()) || (gate.name === 'confirmation' && results.some(({ verdict }) => verdict === 'failed'));
    results.push({ gate: gate.name, ...(idle ? skipped : await gate.judge(candidate, context)) });
  }
  return results;
}
