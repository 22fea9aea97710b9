// A workspace for the in-host and UI tests: datasets with a long tail beside files that are none. Seeded, so every run sees the same.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { generateDataset } from '../fixtures/generateDataset.mjs';

/** `big`: instances of big.jsonl, enough that a run on it can be cancelled or killed on the way. */
export async function makeWorkspace(folder, { big = 60_000 } = {}) {
  const at = (name) => path.join(folder, name);
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), text);
  };
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  await generateDataset({ outFile: at('train.json'), instances: 400, profile: 'small', images: { dir: at('.'), count: 8, size: 64 } });
  // Not listed, since folders named out are not searched; most pictures belong to one instance, so that they can be varied.
  const tailImages = { dir: at('out'), count: 40, size: 96 };
  await generateDataset({ outFile: at('out/tail.json'), instances: 40, profile: 'small', seed: 3, images: tailImages });
  await generateDataset({ outFile: at('annotations/chat.jsonl'), instances: 50, profile: 'small', seed: 7, format: 'jsonl' });
  if (big > 0) await generateDataset({ outFile: at('big.jsonl'), instances: big, profile: 'small', format: 'jsonl' });
  await writeParquet(at('annotations/chat.jsonl'), at('annotations/table.parquet'));
  const record = (id) =>
    JSON.stringify({
      id,
      conversations: [
        { from: 'human', value: 'What is it?' },
        { from: 'gpt', value: 'A cat.' },
      ],
    });
  write('annotations/broken.json', `[${record('1')},\n{"id": "2", "conversations": [}},\n${record('3')}\n]\n`);
  write('package.json', json({ name: 'not-a-dataset', messages: 'no' }));
  write('tsconfig.json', '{\n  // not even JSON\n  "compilerOptions": {}\n}\n');
  write('colors.json', json([{ name: 'red' }, { name: 'blue' }]));
  write('old.rebalanced.json.manifest.json', json({ conversations: 'a manifest is no dataset' }));
  // A hostile workspace: it may not choose the program that runs as the engine.
  write('trap.sh', `#!/bin/sh\ntouch "${at('trapped')}"\n`);
  fs.chmodSync(at('trap.sh'), 0o755);
  write('.vscode/settings.json', json({ 'ballast.engine.nodePath': at('trap.sh') }));
  return folder;
}

/** A workspace of two folders of this machine and one of a file system that only the suite knows; the second folder has settings of its own. */
export async function makeMultiRoot(folder) {
  const at = (name) => path.join(folder, name);
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  await generateDataset({ outFile: at('one/first.json'), instances: 60, profile: 'small' });
  await generateDataset({ outFile: at('two/second.json'), instances: 60, profile: 'small', seed: 9 });
  fs.mkdirSync(at('two/.vscode'));
  fs.writeFileSync(at('two/.vscode/settings.json'), json({ 'ballast.runFolder': 'runs-of-two', 'ballast.engine.threads': 1 }));
  const folders = [{ path: 'one' }, { path: 'two' }, { uri: 'memfs:/virtual', name: 'virtual' }];
  fs.writeFileSync(at('several.code-workspace'), json({ folders }));
  return folder;
}

async function writeParquet(jsonl, parquet) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const source = `read_json('${jsonl}', format = 'newline_delimited', columns = {id: 'VARCHAR', image: 'VARCHAR', conversations: 'STRUCT("from" VARCHAR, "value" VARCHAR)[]'})`;
  await connection.run(`COPY (SELECT * FROM ${source}) TO '${parquet}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
