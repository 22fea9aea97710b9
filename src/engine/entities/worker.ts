import { workerData } from 'node:worker_threads';
import { serveTasks } from '../jobs/workerProtocol.ts';
import { type ExtractTask, extractShard } from './extractShard.ts';
import { type LexiconText, parseLexicon } from './lexicon.ts';
import { TurnAnalyzer } from './turnAnalyzer.ts';

const analyzer = new TurnAnalyzer(parseLexicon(workerData as LexiconText));

serveTasks({
  async extract(task: ExtractTask) {
    await extractShard(task, analyzer);
    return { result: null };
  },
});
