import { dirname, isAbsolute, relative, sep } from 'node:path';
import { type MediaKind, mediaKinds } from '../../../protocol/browse.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { type Dataset, recordFlags } from '../dataset.ts';
import { recordProblemCodes } from '../indexBuilder.ts';
import { type LineMark, obtainBrowseColumns } from './browseColumns.ts';
import type { BitProperty, CodedProperty, FacetProperty } from './facetQuery.ts';
import { readProblemBits } from './problemBits.ts';

/** Everything that filters, facets and sorts rows without a look at the records, in memory. */
export interface BrowseTable {
  /** In the order in which facets are shown; without those that no row has a value of. */
  readonly properties: readonly FacetProperty[];
  /** Bits of `recordProblemCodes` per ordinal. */
  readonly problems: Uint16Array;
  /** Rank of the id in natural order; `noRank` without one. */
  readonly idRank: Uint32Array;
  /** Bytes of the records. */
  readonly bytes: Uint32Array;
  readonly lines: readonly LineMark[];
  /** Columns in which copies of an instance agree, wherever the parts are read alike. */
  readonly likeness: readonly ArrayLike<number>[];
}

/** Loads the table of a dataset, making its columns when they are not there. */
export async function loadBrowseTable(dataset: Dataset, deps: { readonly workerScript: string }, job: JobContext): Promise<BrowseTable> {
  const { fields, folder, folders, idRank, lines } = await obtainBrowseColumns(dataset, deps, job);
  const problems = await readProblemBits(dataset);
  const properties: FacetProperty[] = [];
  if (problems.some((bits) => bits !== 0)) properties.push(problemProperty(problems));
  if (dataset.instances > 0) properties.push(mediaProperty(dataset));
  if (dataset.summary.format === 'mixture' && dataset.records > 0) properties.push(partProperty(dataset));
  if (folders.length > 0) properties.push({ name: 'folder', codes: folder, values: folders });
  for (const { name, values, codes } of fields) properties.push({ name: `field:${name}`, codes, values });
  const bytes = new Uint32Array(dataset.records);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (dataset.end[i] as number) - (dataset.start[i] as number);
  const likeness = readAlike(dataset) ? [dataset.turns, folder, ...fields.map(({ codes }) => codes)] : [];
  return { properties, problems, idRank, bytes, lines, likeness };
}

/** What a record's columns say depends on the record only. */
function readAlike({ parts }: Dataset): boolean {
  return new Set(parts.map(({ view }) => JSON.stringify(view))).size < 2;
}

/** The codes, and `any` for rows that have one. */
function problemProperty(problems: Uint16Array): BitProperty {
  const any = 1 << recordProblemCodes.length;
  return { name: 'problem', bits: problems.map((bits) => (bits === 0 ? 0 : bits | any)), values: [...recordProblemCodes, 'any'] };
}

function mediaProperty({ flags }: Dataset): CodedProperty {
  const codeOf = (kind: MediaKind): number => mediaKinds.indexOf(kind) + 1;
  const [none, image, images, video] = [codeOf('none'), codeOf('image'), codeOf('images'), codeOf('video')];
  const codes = new Uint8Array(flags.length);
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] as number;
    if (!(flag & recordFlags.usable)) continue;
    codes[i] = flag & recordFlags.video ? video : flag & recordFlags.multiImage ? images : flag & recordFlags.image ? image : none;
  }
  return { name: 'media', codes, values: mediaKinds };
}

/** The files of a mixture, as seen from its own folder. */
function partProperty({ path, parts, records }: Dataset): CodedProperty {
  const values: string[] = [];
  const codes = new Uint16Array(records);
  for (const part of parts) {
    const way = relative(dirname(path), part.path);
    const name = isAbsolute(way) ? part.path : way.split(sep).join('/');
    if (!values.includes(name)) values.push(name);
    codes.fill(values.indexOf(name) + 1, part.firstOrdinal, part.firstOrdinal + part.records);
  }
  return { name: 'part', codes, values };
}
