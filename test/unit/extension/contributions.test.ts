import { globSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandIds, contextKeys, panelIds, settingIds, viewIds } from '../../../src/extension/contributions.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const json = (name: string): Record<string, string> => JSON.parse(read(name)) as Record<string, string>;
const sources = globSync('src/extension/**/*.ts', { cwd: root }).map((name) => ({ name, text: read(name) }));
const code = sources.map((source) => source.text).join('\n');

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string; readonly group?: string }[]>>;
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default?: unknown; readonly scope?: string; readonly markdownDescription?: string }>
      >;
    };
  };
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const completionEvents = steps.flatMap((step) => step.completionEvents);
const nls = { en: json('package.nls.json'), 'zh-cn': json('package.nls.zh-cn.json') };
const bundles = { en: json('media/l10n/bundle.l10n.json'), 'zh-cn': json('media/l10n/bundle.l10n.zh-cn.json') };

describe('manifest and code agree on', () => {
  it('commands', () => {
    const declared = contributes.commands.map(({ command }) => command);
    expect([...declared].sort()).toEqual(Object.values(commandIds).sort());
    for (const name of Object.keys(commandIds)) expect(code, name).toMatch(new RegExp(`registerCommand\\(commandIds\\.${name},`));
    const used = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    expect(used.filter((command) => !declared.includes(command))).toEqual([]);
    expect(contributes.commands.filter(({ category }) => category !== 'Ballast')).toEqual([]);
  });

  it('views', () => {
    const declared = Object.values(contributes.views).flat();
    expect(declared.map(({ id }) => id)).toEqual(Object.values(viewIds));
    expect(Object.keys(contributes.views)).toEqual(contributes.viewsContainers.activitybar.map(({ id }) => id));
    for (const view of declared) {
      expect(view.icon, view.id).toBeTruthy();
      expect(
        contributes.viewsWelcome.some((welcome) => welcome.view === view.id),
        view.id,
      ).toBe(true);
    }
    for (const icon of [...declared, ...contributes.viewsContainers.activitybar].map((item) => item.icon ?? ''))
      expect(read(icon)).toMatch(/^<svg/);
  });

  it('settings', () => {
    const { properties } = contributes.configuration;
    expect(Object.keys(properties).sort()).toEqual(Object.values(settingIds).sort());
    for (const [id, setting] of Object.entries(properties)) {
      expect(setting, id).toHaveProperty('default');
      expect(setting.scope, id).toBeTruthy();
      expect(setting.markdownDescription, id).toBeTruthy();
    }
    const executables = Object.keys(properties).filter((id) => /path$/i.test(id));
    expect(executables.filter((id) => properties[id]?.scope !== 'machine')).toEqual([]);
    // What names a program, or a place that is read or written, is not taken from an untrusted workspace.
    const places = Object.keys(properties).filter((id) => /(path|roots|folder)$/i.test(id));
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(places);
    for (const setting of Object.values(properties))
      expect(nls.en[(setting.markdownDescription ?? '').replaceAll('%', '')]).toMatch(/^[A-Z].*\.$/);
  });

  it('context keys', () => {
    const clauses = [
      ...Object.values(contributes.menus)
        .flat()
        .map((item) => item.when ?? ''),
      ...contributes.viewsWelcome.map((welcome) => welcome.when),
      ...contributes.commands.map((command) => command.enablement ?? ''),
      ...completionEvents.filter((event) => event.startsWith('onContext:')),
    ].join('\n');
    const known: readonly string[] = [...Object.values(contextKeys), ...Object.values(viewIds)];
    const used = new Set(clauses.match(/\bballast(\.\w+)+/g) ?? []);
    expect([...used].filter((key) => !known.includes(key))).toEqual([]);
    expect(Object.values(contextKeys).filter((key) => !used.has(key))).toEqual([]);
  });

  it('walkthrough steps', () => {
    expect(contributes.walkthroughs).toHaveLength(1);
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(steps.length).toBeLessThanOrEqual(6);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const { id, title, description, media, completionEvents: events } of steps) {
      expect([title, description, media.altText]).toEqual(['title', 'description', 'alt'].map((part) => `%walkthrough.${id}.${part}%`));
      expect(events.length, id).toBeGreaterThan(0);
      const picture = read(media.svg);
      expect(picture, media.svg).toMatch(/^<svg/);
      // The theme's colours and no others.
      expect(picture.match(/(fill|stroke)="(?!none|var\(--vscode-)[^"]*"|#[0-9a-f]{3,8}\b|<script|href=/gi) ?? [], media.svg).toEqual([]);
    }
    const commands: readonly string[] = Object.values(commandIds);
    const completing = completionEvents.filter((event) => event.startsWith('onCommand:')).map((event) => event.slice('onCommand:'.length));
    expect(completing.filter((command) => !commands.includes(command))).toEqual([]);
  });

  it('commands that texts link to, in both languages', () => {
    const commands: readonly string[] = Object.values(commandIds);
    const linksOf = (text: string): string[] => [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? '').sort();
    for (const [key, english] of Object.entries(nls.en)) {
      const links = linksOf(english);
      expect(linksOf(nls['zh-cn'][key] ?? ''), key).toEqual(links);
      expect(
        links.filter((command) => command.startsWith('ballast.') && !commands.includes(command)),
        key,
      ).toEqual([]);
      // Each walkthrough step has its one button, alone on its line.
      if (/^walkthrough\.\w+\.description$/.test(key)) expect(english).toMatch(/\n\[[^\]]+\]\(command:[\w.]+\)$/);
    }
  });

  it('menu groups that VS Code knows, and commands that the palette can run', () => {
    for (const [place, items] of Object.entries(contributes.menus)) {
      if (place === 'commandPalette') continue;
      for (const { command, group } of items) expect(group, `${place} ${command}`).toMatch(/^(navigation|inline|\d_[a-z]+)(@\d+)?$/);
    }
    const hidden = (contributes.menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
    // A signature whose first argument is required cannot be served by the palette.
    const signatures = read('src/extension/contributions.ts');
    const needy = [...signatures.matchAll(/^ {2}'(ballast[\w.]+)': \(\w+: unknown/gm)].map((match) => match[1] ?? '');
    expect(needy.filter((command) => !hidden.includes(command))).toEqual([]);
  });

  it('no id that is spelled out elsewhere in the code', () => {
    const spelled = sources
      .filter(({ name }) => !name.endsWith('contributions.ts'))
      .flatMap(({ name, text }) => (text.match(/'ballast\.[\w.]+'/g) ?? []).map((id) => `${name}: ${id}`));
    const own = ["src/extension/engine/engineStatus.ts: 'ballast.engine'"];
    expect(spelled.sort()).toEqual(own);
  });

  it('the editor that is the oldest supported one', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
    // A kept chart must come back after a reload; everything else is implied by commands and views.
    expect(manifest.activationEvents).toEqual(Object.values(panelIds).map((id) => `onWebviewPanel:${id}`));
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  });
});

/** First arguments of every `t('...')` and `vscode.l10n.t('...')`. */
function localizedStrings(): string[] {
  const found = new Set<string>();
  for (const { text } of sources)
    for (const match of text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)) found.add((match[1] ?? '').replace(/\\(.)/g, '$1'));
  return [...found].sort();
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();

describe('every string', () => {
  it('of package.json resolves in both languages', () => {
    const keys = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '').sort();
    expect(keys.length).toBeGreaterThan(10);
    for (const [language, strings] of Object.entries(nls)) expect(Object.keys(strings).sort(), language).toEqual([...new Set(keys)].sort());
  });

  it('of the code is in both bundles, and nothing else is', () => {
    const used = localizedStrings();
    expect(used.length).toBeGreaterThan(80);
    for (const [language, strings] of Object.entries(bundles)) expect(Object.keys(strings).sort(), language).toEqual(used);
    expect(Object.entries(bundles.en).filter(([key, value]) => key !== value)).toEqual([]);
  });

  it('keeps its placeholders in translation', () => {
    const lost = Object.entries(bundles['zh-cn']).filter(([key, value]) => placeholders(key).join() !== placeholders(value).join());
    expect(lost).toEqual([]);
  });

  it('is a literal, so that the bundles can be checked', () => {
    const computed = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\b(?:l10n\.)?t\(\s*[^'\s)]/g)].map((match) => `${name}: ${match[0]}`),
    );
    expect(computed).toEqual([]);
  });
});
