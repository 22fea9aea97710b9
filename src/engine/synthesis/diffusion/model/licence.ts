import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { ModelLicence } from '../../../../protocol/synthesis.ts';
import { EngineError } from '../../../jobs/engineError.ts';
import { type KnownLicence, knownLicences, prohibition, trainingClause } from './licenceTable.ts';

/** Where the terms are said, the model's own card first. */
const cards = ['README.md', 'README.MD', 'Readme.md'];
const texts = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'LICENSE.TXT'];
/** Licences are far shorter. */
const mostText = 1_000_000;

/** Reads the card's front matter, then the licence text, then `model_index.json`. All of them are asked: the strictest terms count. */
export async function readLicence(folder: string): Promise<ModelLicence> {
  const found = [await fromCard(folder), await fromText(folder), await fromIndex(folder)].filter((each) => each !== undefined);
  const [first] = found;
  if (!first) return { id: null, name: null, file: null, terms: [], known: false };
  const stricter = found.find(({ terms }) => terms.includes('forbidsTraining'));
  return stricter ?? found.find(({ known }) => known) ?? first;
}

/** @param accepted the user was shown the licence and says that they may use the pictures @throws EngineError `model.licence` */
export function demandLicence(model: { readonly name: string; readonly licence: ModelLicence }, accepted: boolean): void {
  const { licence } = model;
  if (!licence.terms.includes('forbidsTraining') || accepted) return;
  throw new EngineError(
    'model.licence',
    `The licence of ${model.name} (${licence.name}, in ${licence.file}) forbids using its pictures to train other models. Read it; ` +
      'if you may use them all the same, add --accept-licence.',
    { model: model.name, licence: licence.id, name: licence.name, file: licence.file },
  );
}

async function fromCard(folder: string): Promise<ModelLicence | undefined> {
  const { file, text } = await firstText(folder, cards);
  const front = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  if (front === undefined) return undefined;
  const fields = frontMatter(front);
  const [licence, name] = ['license', 'license_name'].map((field) => textOf(fields, field));
  const spelled = licence === undefined || /^(other|unknown)$/i.test(licence) ? (name ?? licence) : licence;
  return spelled === undefined ? undefined : named(spelled, file);
}

async function fromText(folder: string): Promise<ModelLicence | undefined> {
  const { file, text } = await firstText(folder, texts);
  if (text.trim() === '') return undefined;
  const known = knownLicences.find((each) => each.text?.test(text));
  // A text that names a licence but adds this clause is another one.
  if (known && (known.terms.includes('forbidsTraining') || !forbidsTraining(text))) return ofKnown(known, file);
  const name = text.trim().split('\n')[0]?.trim().slice(0, 100) ?? file;
  return { id: slug(name), name, file, terms: forbidsTraining(text) ? ['forbidsTraining'] : [], known: false };
}

async function fromIndex(folder: string): Promise<ModelLicence | undefined> {
  const { file, text } = await firstText(folder, ['model_index.json']);
  try {
    const licence = textOf(JSON.parse(text) as unknown, 'license');
    return licence === undefined ? undefined : named(licence, file);
  } catch {
    return undefined; // that it cannot be read is told by who needs it
  }
}

/** Cards are written by hand: a broken one says nothing, which is no reason to refuse the model. */
function frontMatter(text: string): unknown {
  try {
    return parseDocument(text).toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    return undefined;
  }
}

function named(spelled: string, file: string): ModelLicence {
  const id = slug(spelled);
  const known = knownLicences.find((each) => each.id === id || each.aliases?.includes(id));
  return known ? ofKnown(known, file) : { id, name: spelled.slice(0, 100), file, terms: [], known: false };
}

function ofKnown({ id, name, terms }: KnownLicence, file: string): ModelLicence {
  return { id, name, file, terms, known: true };
}

function forbidsTraining(text: string): boolean {
  const flat = text.replaceAll(/\s+/g, ' ');
  for (const sentence of flat.split(/(?<=\.)\s/)) {
    const clause = trainingClause.exec(sentence);
    if (clause && prohibition.test(sentence.slice(0, clause.index))) return true;
  }
  return false;
}

function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-')
    .slice(0, 100);
}

function textOf(fields: unknown, name: string): string | undefined {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return undefined;
  const value = (fields as Readonly<Record<string, unknown>>)[name];
  const one = Array.isArray(value) ? (value[0] as unknown) : value;
  return typeof one === 'string' && one.trim() !== '' ? one.trim() : undefined;
}

async function firstText(folder: string, names: readonly string[]): Promise<{ readonly file: string; readonly text: string }> {
  for (const file of names) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    if (bytes && bytes.length <= mostText) return { file, text: bytes.toString('utf8') };
  }
  return { file: '', text: '' };
}
