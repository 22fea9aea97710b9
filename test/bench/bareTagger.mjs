// The tagger's own CPU time: sentences, parts of speech and lemmas of every turn, nothing else, on a share of the records.
//   node bareTagger.mjs DATASET.json SHARE [OFFSET]   -> JSON {records, characters, cpuSeconds, of}
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import model from 'wink-eng-lite-web-model';
import winkNLP from 'wink-nlp';

const [path, share = '0.1', offset = '0'] = process.argv.slice(2);
const step = Math.round(1 / Number(share));
const blockBytes = 4 * 1024 * 1024;
const size = statSync(path).size;
const file = openSync(path, 'r');
const separator = Buffer.from('\n  {\n'); // of the generated, pretty-printed array
let nlp = winkNLP(model, ['sbd', 'pos']);
let [records, characters, cpu, blocks, seen] = [0, 0, 0, 0, 0];
for (let at = 0, block = 0; at < size; at += blockBytes, block++) {
  blocks++;
  if (block % step !== Number(offset)) continue;
  seen++;
  const bytes = Buffer.alloc(Math.min(blockBytes, size - at));
  readSync(file, bytes, 0, bytes.length, at);
  const texts = [];
  for (let from = bytes.indexOf(separator); from >= 0; ) {
    const next = bytes.indexOf(separator, from + 1);
    if (next < 0) break; // the record that the block's end cuts
    const text = bytes.toString('utf8', from, next).trim().replace(/,$/, '');
    from = next;
    try {
      texts.push(...JSON.parse(text).conversations.map(({ value }) => value));
      records++;
    } catch {}
  }
  const before = process.cpuUsage();
  for (const text of texts) {
    characters += text.length;
    const { its } = nlp;
    const tokens = nlp.readDoc(text).tokens();
    tokens.out(its.pos);
    tokens.out(its.lemma);
  }
  const used = process.cpuUsage(before);
  cpu += (used.user + used.system) / 1e6;
  if (seen % 10 === 0) nlp = winkNLP(model, ['sbd', 'pos']); // its table of words only grows
}
closeSync(file);
console.log(JSON.stringify({ records, characters, cpuSeconds: cpu, share: seen / blocks }));
