import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { Dataset, DatasetPart } from '../dataset.ts';
import { filesOf } from './pathPattern.ts';
import { type MixtureEntry, type MixtureFile, readMixture, resolveInMixture } from './readMixture.ts';

/** Where the parts of a selection go. */
export interface OutputPlan {
  readonly parts: readonly { readonly part: DatasetPart; readonly path: string }[];
  /** Text of the new mixture file; undefined for a plain dataset. */
  readonly mixture: string | undefined;
}

interface PartPlan {
  readonly part: DatasetPart;
  readonly path: string;
  readonly kept: number;
}

/**
 * A mixture's selection is a mixture of the same kind: its file, and the selected part files in a folder beside it, named relative to it.
 * Parts of which nothing is kept, and entries whose files are missing, are left out.
 */
export async function planMixtureOutput(dataset: Dataset, kept: Uint32Array, output: string): Promise<OutputPlan> {
  const text = (await readFile(dataset.path, 'utf8')).replace(/^\ufeff/, '');
  const names = new Set(dataset.parts.map((part) => part.name));
  const mixture = readMixture(dataset.path, text, mixtureName(text, names));
  const folder = `${output.slice(0, output.length - extname(output).length)}.parts`;
  const taken = new Set<string>();
  const all = dataset.parts.map((part) => ({ part, kept: countIn(part, kept), path: join(folder, freeName(basename(part.path), taken)) }));
  const some = all.filter((plan) => plan.kept > 0);
  const parts = some.length > 0 ? some : all;
  return { parts, mixture: await mixtureText(mixture, parts, dirname(output), folder) };
}

/** The entry's name is needed only where several are described. */
function mixtureName(text: string, names: ReadonlySet<string | undefined>): string | undefined {
  const [name] = names;
  return /"(file_name)"\s*:/.test(text) ? name : undefined;
}

function countIn(part: DatasetPart, kept: Uint32Array): number {
  let count = 0;
  for (const ordinal of kept) if (ordinal >= part.firstOrdinal && ordinal < part.firstOrdinal + part.records) count++;
  return count;
}

function freeName(name: string, taken: Set<string>): string {
  const end = extname(name);
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name.slice(0, name.length - end.length)}-${n}${end}`;
  taken.add(free.toLowerCase());
  return free;
}

async function mixtureText(mixture: MixtureFile, plans: readonly PartPlan[], outputFolder: string, partsFolder: string): Promise<string> {
  const byEntry: { entry: MixtureEntry; plans: PartPlan[] }[] = [];
  const rest = [...plans];
  for (const entry of mixture.entries) {
    const files = new Set(entry.pattern ? await filesOf(resolveInMixture(mixture, entry.pattern)) : []);
    const own: PartPlan[] = [];
    while (rest[0] && rest[0].part.name === entry.name && files.has(rest[0].part.path) && own.length < files.size)
      own.push(rest.shift() as PartPlan);
    byEntry.push({ entry, plans: own });
  }
  const inOutput = (path: string): string => relative(outputFolder, path).replaceAll('\\', '/');
  if (mixture.kind === 'llava-next') return yamlText(mixture, byEntry, inOutput);

  const result: Record<string, unknown> = {};
  for (const { entry, plans: own } of byEntry) {
    if (mixture.kind === 'llama-factory') {
      result[entry.name] = { ...entry.value, file_name: inOutput(partsFolder) };
      continue;
    }
    for (const [i, plan] of own.entries()) {
      const name = i === 0 ? entry.name : `${entry.name}-${i + 1}`;
      const rootField = mixture.kind === 'internvl' ? 'root' : 'image_dir';
      result[name] = {
        ...entry.value,
        ...(entry.root === undefined ? {} : { [rootField]: movedRoot(entry.root, mixture.path, outputFolder) }),
        [mixture.kind === 'internvl' ? 'annotation' : 'meta_file']: inOutput(plan.path),
        ...('length' in entry.value ? { length: plan.kept } : {}),
      };
    }
  }
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** A relative image root as seen from the new mixture file. */
function movedRoot(root: string, mixturePath: string, outputFolder: string): string {
  if (isAbsolute(root)) return root;
  const moved = relative(outputFolder, resolve(dirname(mixturePath), root)).replaceAll('\\', '/') || '.';
  return root.endsWith('/') ? `${moved}/` : moved;
}

/** The YAML document with its comments; entries that named several files are repeated, taken slices are written as such. */
function yamlText(
  mixture: MixtureFile,
  byEntry: readonly { readonly entry: MixtureEntry; readonly plans: readonly PartPlan[] }[],
  inOutput: (path: string) => string,
): string {
  const document = parseDocument(mixture.text, { logLevel: 'silent' });
  const list = document.get('datasets');
  if (!isSeq(list)) return document.toString();
  const maps = list.items.filter((item) => isMap(item));
  list.items = byEntry.flatMap(({ entry, plans }, i) =>
    plans.map((plan, k) => {
      const source = maps[i];
      const item = k === 0 ? source : source?.clone();
      if (!isMap(item)) return item;
      item.set('json_path', inOutput(plan.path));
      // The slice was taken already; taking it again would take a slice of the slice.
      if (entry.sampling?.kind === 'first' || entry.sampling?.kind === 'end') item.set('sampling_strategy', 'all');
      return item;
    }),
  );
  return document.toString({ lineWidth: 0 });
}
