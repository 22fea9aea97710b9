import type { SynthesisTarget } from '../../../protocol/synthesis.ts';
import type { Turn } from '../../dataset/dataset.ts';
import { withoutMarks } from './placeholders.ts';
import { namesOf } from './writing.ts';

/** Text encoders of image models read about 77 tokens. */
const sceneWords = 30;

/** What a new picture should show: the scarce entities first, so that a cut leaves them, then the scene as the source tells it. */
export function scenePrompt(targets: readonly SynthesisTarget[], turns: readonly Turn[]): string {
  const names = namesOf(targets)
    .slice(0, 3)
    .map((name) => plain(name.replaceAll(',', ' and ')));
  const told = turns
    .filter(({ role }) => role === 'gpt')
    .map(({ text }) => plain(withoutMarks(text)))
    .sort((a, b) => b.length - a.length)[0];
  const scene = told?.split(' ').slice(0, sceneWords).join(' ') ?? '';
  return [names.length > 0 ? `A photograph that clearly shows ${names.join(', ')}` : 'A photograph', scene].filter(Boolean).join('. ');
}

/** Words only: no markup, no line breaks, nothing that a prompt language reads as weights. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^<>]*>|https?:\S+/g, ' ')
    .replaceAll(/[^\p{L}\p{N}\p{M}.,'’ -]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
