import { describe, expect, it } from 'vitest';
import { methodDeclarations } from '../../../src/engine/createEngine.ts';
import { methodViews } from '../../../src/extension/synthesis/methodWords.ts';
import { defaultSynthesisSettings } from '../../../src/extension/synthesis/synthesisSettings.ts';
import { methodOf, missingIn } from '../../../src/extension/synthesis/synthesizeRequest.ts';
import type { SynthesisMethodName } from '../../../src/protocol/synthesis.ts';
import { type MethodView, missingFields, type SynthesisSettings } from '../../../src/protocol/synthesisPage.ts';
import {
  matters,
  planKey,
  sourcesIn,
  usedProvider,
  usedValue,
  withAgreement,
  withAmount,
  withField,
  withFolder,
  withLimit,
  withParameter,
  withPerspective,
  withText,
} from '../../../webview-ui/synthesis/draft.ts';
import { english } from '../extension/english.ts';

const declarations = methodDeclarations();
const views = methodViews(declarations, english);
const settingsWith = (changes: Partial<SynthesisSettings>): SynthesisSettings => ({ ...defaultSynthesisSettings, ...changes });
const viewOf = (name: SynthesisMethodName): MethodView => {
  const view = views.find((one) => one.name === name);
  if (view === undefined) throw new Error(`no method ${name}`);
  return view;
};

describe('gestures', () => {
  it('give back what is taken away', () => {
    const settings = defaultSynthesisSettings;
    expect(withParameter(withParameter(settings, 'steps', 8), 'steps', undefined)).toEqual(settings);
    expect(withLimit(withLimit(settings, 'maxCost', 2), 'maxCost', undefined)).toEqual(settings);
    expect(withField(withField(settings, 'perParent', 4), 'perParent', undefined)).toEqual(settings);
    expect(withText(withText(settings, 'endpoint', 'http://a/v1'), 'endpoint', '  ')).toEqual(settings);
    expect(withPerspective(withPerspective(settings, 'object', false), 'object', true)).toEqual(settings);
  });

  it('keep what was meant when the way of saying how much changes', () => {
    const counted = withAmount(defaultSynthesisSettings, 'count', 328);
    expect(counted.amount).toEqual({ kind: 'count', value: 328 });
    expect(withAmount(counted, 'count', 5)).toBe(counted);
    expect(withAmount(counted, 'deficit', 5).amount).toEqual({ kind: 'deficit' });
    expect(withAmount(defaultSynthesisSettings, 'count', undefined).amount).toEqual({ kind: 'count', value: 100 });
  });

  it('agree to the terms of one model only', () => {
    const agreed = withAgreement(withFolder(defaultSynthesisSettings, 'modelFolder', '/m/a'), true);
    expect(agreed.agreedTo).toBe('/m/a');
    const other = withFolder(agreed, 'modelFolder', '/m/b');
    expect(other.agreedTo).not.toBe(other.modelFolder);
    expect(withAgreement(agreed, false)).not.toHaveProperty('agreedTo');
  });
});

describe('what the page shows of a method', () => {
  it('is what the host misses: both know the same sources', () => {
    for (const { name, providers } of views)
      for (const provider of providers)
        for (const text of ['source', 'caption'] as const)
          for (const confirm of [false, true]) {
            const settings = settingsWith({ method: name, provider: provider.name, parameters: { text }, confirm });
            const missing = missingIn(settings, declarations, () => false);
            const sources = sourcesIn(settings, viewOf(name));
            expect(sources.endpoint, name).toBe(missing.includes('endpoint'));
            expect(sources.editor, name).toBe(missing.includes('editorModel'));
            expect(sources.folder, name).toBe(missing.includes('modelFolder'));
            // Beside an endpoint the model that writes may be the same, so that nothing is missing.
            if (!sources.endpoint) expect(sources.text, `${name} ${text} ${confirm}`).toBe(missing.includes('textEndpoint'));
            for (const field of missing) expect(missingFields).toContain(field);
          }
  });

  it('falls back to what the method knows and allows', () => {
    const augment = viewOf('augment');
    expect(usedProvider(settingsWith({ provider: 'editor' }), augment)).toBe('local');
    const [photometric] = augment.parameters;
    if (photometric === undefined) throw new Error('no parameter');
    expect(usedValue(settingsWith({ parameters: { photometric: 0.1 } }), photometric.declared)).toBe(0.1);
    expect(usedValue(settingsWith({ parameters: { photometric: 7 } }), photometric.declared)).toBe(0.5);
  });

  it('leaves out parameters that change nothing', () => {
    const view = viewOf('variation');
    const shown = (settings: SynthesisSettings): readonly string[] =>
      view.parameters.filter(({ declared }) => matters(settings, view, declared)).map(({ declared }) => declared.name);
    const local = shown(settingsWith({ method: 'variation', provider: 'local', parameters: { text: 'source' } }));
    expect(local).toEqual(expect.arrayContaining(['steps', 'guidance', 'strength']));
    expect(local).not.toContain('temperature');
    const asked = shown(settingsWith({ method: 'variation', provider: 'endpoint', parameters: { text: 'caption' } }));
    expect(asked).toEqual(expect.arrayContaining(['temperature', 'maxTokens', 'candidates']));
    expect(asked).not.toEqual(expect.arrayContaining(['steps']));
    expect(asked).not.toContain('pairs');
    // Methods that draw nothing read all that they declare.
    expect(methodOf('converse', declarations).parameters.length).toBe(
      viewOf('converse').parameters.filter(({ declared }) => matters(settingsWith({ method: 'converse' }), viewOf('converse'), declared))
        .length,
    );
  });
});

describe('a plan', () => {
  it('is asked for again when something of it changes, and not for limits that bound a call', () => {
    const settings = settingsWith({ method: 'rewrite', endpoint: 'http://a/v1', model: 'm' });
    expect(planKey(withLimit(settings, 'maxRequests', 3))).toBe(planKey(settings));
    expect(planKey(withLimit(settings, 'requestsPerMinute', 3))).toBe(planKey(settings));
    expect(planKey(withLimit(settings, 'priceInput', 3))).not.toBe(planKey(settings));
    expect(planKey(withLimit(settings, 'concurrency', 8))).not.toBe(planKey(settings));
    expect(planKey({ ...settings, seed: 1 })).not.toBe(planKey(settings));
  });
});
