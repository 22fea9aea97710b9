import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { makeLexicon } from '../../../src/engine/entities/build/makeLexicon.mjs';
import { type Lexicon, parseLexicon } from '../../../src/engine/entities/lexicon.ts';

export interface ExtractorParts extends Disposable {
  readonly lexiconPath: string;
  readonly lexicon: Lexicon;
}

/** The lexicon as the build makes it, in a folder that disappears with the scope. */
export async function makeExtractorParts(): Promise<ExtractorParts> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-lexicon-'));
  const lexiconPath = join(folder, 'lexicon.json');
  await makeLexicon({ outFile: lexiconPath });
  return {
    lexiconPath,
    lexicon: parseLexicon({ builtIn: readFileSync(lexiconPath, 'utf8'), user: '' }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The entity worker, bundled as the build does it. */
export async function bundleWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'entityWorker.js');
  await esbuild.build({
    entryPoints: ['src/engine/entities/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
