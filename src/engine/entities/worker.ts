import { workerData } from 'node:worker_threads';
import { serveTasks } from '../jobs/workerProtocol.ts';
import { type ExtractTask, extractShard } from './extractShard.ts';
import { type LexiconText, parseLexicon } from './lexicon.ts';
import type { LocateTask } from './mentions.ts';
import { TurnAnalyzer } from './turnAnalyzer.ts';

const analyzer = new TurnAnalyzer(parseLexicon(workerData as LexiconText));

serveTasks({
  async extract(task: ExtractTask) {
    await extractShard(task, analyzer);
    return { result: null };
  },
  locate({ turns }: LocateTask) {
    return { result: turns.map(({ text, isHuman }) => analyzer.locate(text, isHuman)) };
  },
});
