import type { Progress, Stage } from '../../protocol/progress.ts';
import { bytes, count, decimal } from './format.ts';

const sentences: Readonly<Record<Stage, string>> = {
  hash: 'Reading the source',
  index: 'Indexing records',
  images: 'Checking images',
  keys: 'Hashing instances',
  extract: 'Extracting entities',
  reverseIndex: 'Building the reverse index',
  distribution: 'Measuring distributions',
  features: 'Computing features',
  cluster: 'Clustering',
  scores: 'Scoring clusters',
  neighbours: 'Finding nearest instances',
  columns: 'Reading fields',
  search: 'Searching text',
  select: 'Selecting',
  plan: 'Planning synthetic instances',
  synthesize: 'Making synthetic instances',
  gates: 'Checking synthetic instances',
  write: 'Writing the result',
  verify: 'Verifying',
  wait: 'Waiting for another Ballast process',
};

/** A log without a terminal gets a line at least this often. */
const plainIntervalMs = 5000;

/** Progress on standard error: one line that is written over in a terminal, occasional lines elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #stage: Stage | undefined;
  #last = 0;
  #open = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: Progress): void {
    const now = performance.now();
    const isNew = progress.stage !== this.#stage;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${text(progress)}`);
      this.#open = true;
    } else if (isNew) {
      this.#stream.write(`${progress.reused ? text(progress) : sentences[progress.stage]}\n`);
      this.#last = now;
    } else if (now - this.#last >= plainIntervalMs) {
      this.#stream.write(`${text(progress)}\n`);
      this.#last = now;
    }
    this.#stage = progress.stage;
  }

  clear(): void {
    if (this.#open) this.#stream.write('\r\x1b[2K');
    this.#open = false;
  }
}

function text({ stage, done, total, unit, reused, clustering }: Progress): string {
  const sentence = sentences[stage];
  if (reused) return `${sentence}: found ready`;
  if (stage === 'wait') return sentence;
  const amount = (value: number): string => (unit === 'bytes' ? bytes(value) : count(value));
  if (total <= 0) return done > 0 ? `${sentence}: ${amount(done)}` : sentence;
  const share = Math.min(1, done / total);
  if (clustering) {
    const { iteration, iterations, objective, imbalance, splits } = clustering;
    return `${sentence}: ${Math.floor(share * 100)} % (iteration ${iteration} of ${iterations}, objective ${decimal(objective)}, imbalance ${decimal(imbalance, 2)}, ${count(splits)} splits)`;
  }
  return `${sentence}: ${Math.floor(share * 100)} % (${amount(done)} of ${amount(total)}${unit === 'bytes' ? '' : ` ${unit}`})`;
}
