// The licences of everything that travels in the package: bundled code and native modules.
import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Names of the packages whose files went into bundles.
 * @param metafiles esbuild's
 */
export function bundledPackages(metafiles) {
  const names = new Set();
  for (const { inputs } of metafiles)
    for (const input of Object.keys(inputs)) {
      const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1];
      if (name) names.add(name);
    }
  return names;
}

/** Packages that name the MIT licence without carrying its text, and who holds the copyright. */
const mitHolders = new Map([
  ['onnxruntime-node', 'Microsoft Corporation'],
  ['onnxruntime-common', 'Microsoft Corporation'],
]);

/**
 * One text with name, version, licence and, where its package carries one, the licence text of each package, by name.
 * @throws Error when a package names no licence, or is under MIT without the text that has to travel along
 */
export function thirdPartyNotices(root, names) {
  const parts = [...names].sort().map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license, repository, author } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    if (typeof license !== 'string') throw new Error(`${name} names no licence`);
    const address = typeof repository === 'string' ? repository : repository?.url;
    const by = typeof author === 'string' ? author : author?.name;
    const texts = fs
      .readdirSync(folder)
      .filter((file) => /^(licen[cs]e|copying|notice|third.?party.?notices?)([.-].*)?$/i.test(file))
      .sort()
      .map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
    const holder = mitHolders.get(name);
    if (texts.length === 0 && holder) texts.push(mit(holder));
    if (texts.length === 0 && license === 'MIT') throw new Error(`${name} carries no licence text`);
    const head = [`${name} ${version}`, `Licence: ${license}`, by && `By: ${by}`, address && `From: ${address}`].filter(Boolean);
    return [head.join('\n'), ...texts].join('\n\n');
  });
  const rule = '='.repeat(78);
  return `Ballast contains the following third-party software.\n\n${parts.join(`\n\n${rule}\n\n`)}\n`;
}

function mit(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
