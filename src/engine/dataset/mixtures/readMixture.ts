import { basename, dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { EngineError } from '../../jobs/engineError.ts';
import type { GivenView } from '../partIndex.ts';
import { isRecordValue, type RecordValue } from '../views/recordValue.ts';
import { type MixtureKind, mixtureKindOf } from './mixtureKinds.ts';
import { parseSampling, type Sampling } from './sampling.ts';

/** One entry of a mixture file. It may name several files. */
export interface MixtureEntry {
  readonly name: string;
  /** Path or pattern as spelled. */
  readonly pattern: string;
  /** Folder that images are relative to, as spelled. */
  readonly root?: string;
  readonly sampling?: Sampling;
  /** What the trainer does with the entry that is not done here; kept in the output's mixture file. */
  readonly keptRule?: string;
  readonly view: GivenView;
  /** The entry as parsed. */
  readonly value: RecordValue;
}

export interface MixtureFile {
  readonly path: string;
  readonly kind: MixtureKind;
  readonly text: string;
  readonly entries: readonly MixtureEntry[];
}

/** Reads the text of a mixture file. `name` picks an entry of LLaMA-Factory's `dataset_info.json`. @throws EngineError */
export function readMixture(path: string, text: string, name: string | undefined): MixtureFile {
  const value = parseMixture(path, text);
  const kind = mixtureKindOf(value);
  if (!kind || !isRecordValue(value)) {
    throw new EngineError(
      'dataset.notADataset',
      `${path} is no mixture file that Ballast knows (InternVL meta, Ovis datainfo, LLaVA-NeXT YAML, LLaMA-Factory dataset_info.json).`,
      { path },
    );
  }
  if (name !== undefined && kind !== 'llama-factory')
    throw new EngineError('usage', `${path} is no dataset_info.json, so "#${name}" has no meaning. Leave it out.`, { path, name });
  return { path, kind, text, entries: kind === 'llama-factory' ? [pickEntry(path, value, name)] : entriesOf(kind, value) };
}

function parseMixture(path: string, text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML's flow style looks like JSON too
    }
  }
  const document = parseDocument(text, { logLevel: 'silent' });
  const error = document.errors[0];
  if (error) {
    const line = error.linePos?.[0].line ?? 1;
    throw new EngineError('dataset.notADataset', `${path} is not valid YAML: ${error.message.split('\n', 1)[0]}`, { path, line });
  }
  return document.toJS({ maxAliasCount: 100 });
}

function entriesOf(kind: MixtureKind, value: RecordValue): readonly MixtureEntry[] {
  if (kind === 'llava-next') {
    const list = (value.datasets as readonly unknown[]).filter(isRecordValue);
    return list.map((entry, i) => {
      const pattern = text(entry.json_path);
      const sampling = parseSampling(text(entry.sampling_strategy) || 'all');
      return {
        name: basename(pattern) || `entry ${i + 1}`,
        pattern,
        sampling,
        view: {},
        value: entry,
        ...rule(sampling.kind === 'random' ? `sampling_strategy ${text(entry.sampling_strategy)}` : undefined),
      };
    });
  }
  return Object.entries(value).map(([name, entry]) => {
    const fields = isRecordValue(entry) ? entry : {};
    const pattern = text(fields[kind === 'internvl' ? 'annotation' : 'meta_file']);
    const root = text(fields[kind === 'internvl' ? 'root' : 'image_dir']);
    const repeat = fields.repeat_time;
    return {
      name,
      pattern,
      view: {},
      value: fields,
      ...(root ? { root } : {}),
      ...rule(typeof repeat === 'number' && repeat !== 1 ? `repeat_time ${repeat}` : undefined),
    };
  });
}

function rule(keptRule: string | undefined): { readonly keptRule?: string } {
  return keptRule === undefined ? {} : { keptRule };
}

/** The named entry of `dataset_info.json`; its only one needs no name. */
function pickEntry(path: string, value: RecordValue, name: string | undefined): MixtureEntry {
  const names = Object.keys(value);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const listed = names.length > 60 ? `${names.slice(0, 60).join(', ')} and ${names.length - 60} more` : names.join(', ');
  if (chosen === undefined) {
    throw new EngineError('usage', `${path} describes ${names.length} datasets. Name one of them, as ${path}#${names[0]}: ${listed}.`, {
      path,
      names: listed,
    });
  }
  const entry = value[chosen];
  if (!Object.hasOwn(value, chosen) || !isRecordValue(entry))
    throw new EngineError('dataset.notFound', `${path} describes no dataset "${chosen}". It has: ${listed}.`, {
      path,
      name: chosen,
      names: listed,
    });
  const pattern = text(entry.file_name);
  if (!pattern) {
    const hub = text(entry.hf_hub_url ?? entry.ms_hub_url ?? entry.om_hub_url ?? entry.script_url);
    throw new EngineError(
      'dataset.notADataset',
      `"${chosen}" in ${path} lies on a hub (${hub}), not in a file. Download it and open the file, or add its "file_name".`,
      { path, name: chosen },
    );
  }
  const columns = texts(entry.columns);
  const tags = texts(entry.tags);
  return { name: chosen, pattern, value: entry, view: { ...(columns ? { columns } : {}), ...(tags ? { tags } : {}) } };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecordValue(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** A path of the mixture, relative to the mixture file. */
export function resolveInMixture(mixture: Pick<MixtureFile, 'path'>, path: string): string {
  return resolve(dirname(mixture.path), path);
}
