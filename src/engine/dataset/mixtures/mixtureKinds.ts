import { isRecordValue } from '../views/recordValue.ts';

/** Ways of naming several dataset files in one. */
export type MixtureKind = 'internvl' | 'ovis' | 'llava-next' | 'llama-factory';

/** The kind of a parsed mixture file, undefined when it is none. */
export function mixtureKindOf(value: unknown): MixtureKind | undefined {
  if (!isRecordValue(value)) return undefined;
  if (Array.isArray(value.datasets) && value.datasets.some((entry: unknown) => isRecordValue(entry) && typeof entry.json_path === 'string'))
    return 'llava-next';
  const entries = Object.values(value);
  if (entries.length === 0 || !entries.every(isRecordValue)) return undefined;
  if (entries.some((entry) => 'annotation' in entry)) return 'internvl';
  if (entries.some((entry) => 'meta_file' in entry)) return 'ovis';
  const named = ['file_name', 'hf_hub_url', 'ms_hub_url', 'om_hub_url', 'script_url', 'cloud_file_name'];
  return entries.every((entry) => named.some((name) => typeof entry[name] === 'string')) ? 'llama-factory' : undefined;
}

export function isMixtureValue(value: unknown): boolean {
  return mixtureKindOf(value) !== undefined;
}

/** YAML of LLaVA-NeXT, told by its only required key. */
export function isMixtureText(text: string): boolean {
  return /^datasets\s*:/m.test(text);
}
