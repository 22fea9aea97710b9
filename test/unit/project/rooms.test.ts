import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const metaFolder = join(root, 'dist/meta');

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>>;
}

/** esbuild's own record of what went into a bundle: no convention can hide an import from it. */
function metafile(name: string): Metafile {
  return JSON.parse(readFileSync(join(metaFolder, `${name}.json`), 'utf8')) as Metafile;
}

function sources(name: string): string[] {
  return Object.keys(metafile(name).inputs);
}

function externals(name: string): string[] {
  const found = Object.values(metafile(name).inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  return [...new Set(found)].filter((path) => !path.startsWith('node:')).sort();
}

/** Rooms of the engine, from the source of the data to its end; a room may import those to its left. */
const order = ['dataset', 'entities', 'features', 'clustering', 'selection', 'synthesis', 'reports'];

/** Bundles of the engine and the command line. */
const bundles = ['engine', 'cli', 'clusteringWorker', 'compute', 'datasetWorker', 'entityWorker', 'selectionWorker'];

describe('rooms', () => {
  it('have bundles to look at', () => {
    expect(existsSync(metaFolder), 'run npm run build first').toBe(true);
    expect(readdirSync(metaFolder).sort()).toEqual([
      'cli.json',
      'clusteringWorker.json',
      'compute.json',
      'datasetWorker.json',
      'engine.json',
      'entityWorker.json',
      'extension.json',
      'selectionWorker.json',
      'webview.json',
    ]);
  });

  it('keep the editor out of the engine and the command line', () => {
    for (const name of bundles) {
      expect(
        sources(name).filter((path) => /^(src\/extension|webview-ui)\//.test(path)),
        name,
      ).toEqual([]);
      expect(externals(name), name).not.toContain('vscode');
    }
  });

  it('keep the engine out of the extension host and the pages', () => {
    expect(sources('extension').filter((path) => /^(src\/engine|src\/cli|webview-ui)\//.test(path))).toEqual([]);
    expect(sources('webview').filter((path) => /^src\//.test(path) && !path.startsWith('src/protocol/'))).toEqual([]);
    expect(externals('webview')).toEqual([]);
  });

  it('let only the runtime load native modules', () => {
    for (const name of bundles) {
      for (const [path, { imports }] of Object.entries(metafile(name).inputs)) {
        if (path.startsWith('src/engine/runtime/')) continue;
        expect(
          imports.filter((each) => each.external && /^(sharp|@duckdb|onnxruntime)/.test(each.path)),
          path,
        ).toEqual([]);
      }
    }
  });

  it('import only to their left inside the engine', () => {
    const wrong: string[] = [];
    for (const name of bundles) {
      for (const [path, { imports }] of Object.entries(metafile(name).inputs)) {
        const room = /^src\/engine\/([a-z]+)\//.exec(path)?.[1] ?? '';
        for (const { path: target } of imports) {
          const other = /^src\/engine\/([a-z]+)\//.exec(target)?.[1] ?? '';
          if (order.includes(room) && order.includes(other) && order.indexOf(other) > order.indexOf(room))
            wrong.push(`${path} -> ${target}`);
          if (['runs', 'jobs', 'runtime'].includes(room) && order.includes(other)) wrong.push(`${path} -> ${target}`);
          if (order.includes(room) && (other === 'requests' || other === 'server' || other === 'runtime'))
            wrong.push(`${path} -> ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('give the protocol nothing to import', () => {
    for (const name of ['engine', 'extension', 'webview']) {
      for (const [path, { imports }] of Object.entries(metafile(name).inputs)) {
        if (path.startsWith('src/protocol/'))
          expect(
            imports.filter((each) => !each.path.startsWith('src/protocol/')),
            path,
          ).toEqual([]);
      }
    }
  });
});

describe('package', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    engines: { vscode: string };
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };

  it('has one version', () => {
    const source = readFileSync(join(root, 'src/protocol/version.ts'), 'utf8');
    expect(/ballastVersion = '([^']+)'/.exec(source)?.[1]).toBe(manifest.version);
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toMatch(/^## \[?(Unreleased|\d)/m);
  });

  it('depends at run time only on what cannot be bundled', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['@duckdb/node-api', 'onnxruntime-node', 'sharp']);
  });

  it('promises the editor version whose types it is checked against', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });
});
