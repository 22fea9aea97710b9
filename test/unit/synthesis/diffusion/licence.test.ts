import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { demandLicence, readLicence } from '../../../../src/engine/synthesis/diffusion/model/licence.ts';
import { knownLicences } from '../../../../src/engine/synthesis/diffusion/model/licenceTable.ts';
import type { ModelLicence } from '../../../../src/protocol/synthesis.ts';

const root = mkdtempSync(join(tmpdir(), 'ballast-licence-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

async function read(files: Readonly<Record<string, string>>): Promise<ModelLicence> {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return readLicence(folder);
}
const card = (...lines: readonly string[]): string => `---\n${lines.join('\n')}\n---\n# A model\nlicense: none of your business\n`;
const forbidden = { id: 'stabilityai-ai-community', terms: expect.arrayContaining(['forbidsTraining']), known: true };

describe('the licence of a model', () => {
  it('is what the front matter of its card says', async () => {
    expect(await read({ 'README.md': card('license: mit', 'tags: [a, b]') })).toEqual({
      id: 'mit',
      name: 'MIT License',
      file: 'README.md',
      terms: [],
      known: true,
    });
    expect(await read({ 'README.md': card('license: creativeml-openrail-m') })).toMatchObject({ terms: ['useRestrictions'] });
    expect(
      await read({ 'README.md': card('license: other', 'license_name: stabilityai-ai-community', 'license_link: LICENSE.md') }),
    ).toMatchObject(forbidden);
    expect(await read({ 'README.md': card('license: [openrail++]') })).toMatchObject({ id: 'openrail++' });
    expect(await read({ 'README.md': `\ufeff${card('license: mit')}`.replaceAll('\n', '\r\n') })).toMatchObject({ id: 'mit' });
  });

  it('goes by other spellings, one of which is a slip of the pen', async () => {
    expect(await read({ 'README.md': card('license: other', 'license_name: stabilityai-non-comercial') })).toMatchObject({
      id: 'sai-nc-community',
      known: true,
    });
    expect(await read({ 'README.md': card('license: other', 'license_name: StabilityAI_Community') })).toMatchObject(forbidden);
  });

  it('is known by its text', async () => {
    expect(await read({ LICENSE: 'STABILITY AI COMMUNITY LICENSE AGREEMENT\nLast Updated: July 5, 2024' })).toMatchObject({
      ...forbidden,
      file: 'LICENSE',
    });
    expect(await read({ 'LICENSE.md': 'Copyright\n\nCreativeML Open RAIL++-M License\ndated July 26, 2023' })).toMatchObject({
      id: 'openrail++',
    });
    expect(
      await read({
        'LICENSE.txt': '                                 Apache License\n                           Version 2.0, January 2004',
      }),
    ).toMatchObject({ id: 'apache-2.0' });
    expect(await read({ LICENSE: 'CreativeML Open RAIL-M\ndated August 22, 2022' })).toMatchObject({ id: 'creativeml-openrail-m' });
  });

  it('forbids training by its own words where nobody knows it', async () => {
    const own = 'Acme Model Terms\n\nYou may not use the Outputs to train, improve or\ndevelop any other AI models. You may eat them.';
    expect(await read({ LICENSE: own })).toEqual({
      id: 'acme-model-terms',
      name: 'Acme Model Terms',
      file: 'LICENSE',
      terms: ['forbidsTraining'],
      known: false,
    });
    const free = 'Acme Model Terms\n\nYou may not resell it. You may use the Outputs to train any other AI models.';
    expect(await read({ LICENSE: free })).toMatchObject({ terms: [], known: false });
    const altered = `MIT License\n\n${own}`;
    expect(await read({ LICENSE: altered })).toMatchObject({ terms: ['forbidsTraining'], known: false });
  });

  it('is the strictest of what the folder says', async () => {
    const both = { 'README.md': card('license: mit'), LICENSE: 'Stability AI Non-Commercial Research Community License' };
    expect(await read(both)).toMatchObject({ id: 'sai-nc-community', file: 'LICENSE' });
    expect(await read({ 'README.md': card('license: other'), LICENSE: 'Apache License\nVersion 2.0' })).toMatchObject({ id: 'apache-2.0' });
    expect(await read({ 'model_index.json': '{"license": "openrail"}' })).toMatchObject({
      id: 'creativeml-openrail-m',
      file: 'model_index.json',
    });
  });

  it('is unknown where nothing can be read', async () => {
    const nothing = { id: null, name: null, file: null, terms: [], known: false };
    expect(await read({})).toEqual(nothing);
    expect(await read({ 'README.md': '# no front matter\nlicense: mit' })).toEqual(nothing);
    expect(await read({ 'README.md': card('license: [', 'x: *y'), 'model_index.json': '{' })).toEqual(nothing);
    expect(await read({ 'README.md': card('license: beerware') })).toMatchObject({ id: 'beerware', name: 'beerware', known: false });
  });

  it('must be accepted where it forbids training', async () => {
    const licence = await read({ 'README.md': card('license: other', 'license_name: sai-nc-community') });
    const demand = (accepted: boolean) => () => demandLicence({ name: 'turbo', licence }, accepted);
    expect(demand(false)).toThrow(expect.objectContaining({ code: 'model.licence' }));
    expect(demand(true)).not.toThrow();
    const free = await read({ 'README.md': card('license: openrail') });
    expect(() => demandLicence({ name: 'sd', licence: free }, false)).not.toThrow();
  });

  it('stands in a table without doubles', () => {
    const names = knownLicences.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});
