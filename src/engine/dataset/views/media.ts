import type { Media, ViewSpec } from '../dataset.ts';
import { isRecordValue, type RecordValue } from './recordValue.ts';

type Kind = Media['kind'];

/** Field names, singular and plural, by kind; LLaMA-Factory may rename the plural one. */
const fields: readonly (readonly [Kind, string, string])[] = [
  ['image', 'image', 'images'],
  ['video', 'video', 'videos'],
  ['audio', 'audio', 'audios'],
];

/** Media named by the fields of a record, in order: a path, a list, a placeholder map (MiniCPM-V) or a Hugging Face image struct. */
export function collectMedia(record: RecordValue, spec: ViewSpec, into: Media[]): void {
  for (const [kind, singular, plural] of fields) {
    const one = record[singular];
    if (one !== undefined) pushMedia(kind, one, into);
    const many = record[spec.columns?.[plural] ?? plural];
    if (many !== undefined) pushMedia(kind, many, into);
  }
}

/** One value as media: path, data URL, `{path, bytes}`, `{url}`, `{"<image_00>": path}` or a list of those. */
export function pushMedia(kind: Kind, value: unknown, into: Media[]): void {
  if (typeof value === 'string') {
    if (value === '') return;
    into.push(value.startsWith('data:') ? { kind, embedded: true, data: value } : { kind, path: value });
  } else if (Array.isArray(value)) {
    for (const item of value) pushMedia(kind, item, into);
  } else if (isRecordValue(value)) {
    const data = typeof value.bytes === 'string' ? { data: value.bytes } : {};
    if (typeof value.path === 'string' && value.path !== '')
      into.push(value.bytes ? { kind, path: value.path, embedded: true, ...data } : { kind, path: value.path });
    else if (value.bytes !== undefined && value.bytes !== null) into.push({ kind, embedded: true, ...data });
    else if (value.url !== undefined) pushMedia(kind, value.url, into);
    else for (const [key, path] of Object.entries(value)) if (key.startsWith('<')) pushMedia(kind, path, into);
  }
}

const inlineImage = /<img>(.*?)<\/img>/gs;

/** Paths that Qwen-VL writes inside the text: `<img>path</img>`. */
export function pushInlineImages(text: string, into: Media[]): void {
  if (!text.includes('<img>')) return;
  for (const [, path] of text.matchAll(inlineImage)) if (path) pushMedia('image', path.trim(), into);
}
