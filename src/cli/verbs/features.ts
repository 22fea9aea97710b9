import { type FeaturesReport, type FeaturesRequest, featureProviderNames } from '../../protocol/features.ts';
import { layoutOf } from '../clusteringOptions.ts';
import { datasetOptions, outputOptions } from '../optionTable.ts';
import { datasetRequest, threadsOf } from '../requestOptions.ts';
import { count, table } from '../terminal/format.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

export const featuresVerb: Verb = {
  name: 'features',
  operands: '<dataset>',
  summary: 'a feature vector per instance: computed, or checked and taken over from a file',
  options: [
    ...datasetOptions,
    { name: 'provider', value: 'NAME', help: `${featureProviderNames.join(', ')} (default: builtin, which needs no model)` },
    { name: 'file', value: 'F.npy', help: 'your own features for --provider file: float16 or float32, one row per instance' },
    { name: 'layout', value: 'LxH', help: 'your features hold, per layer, H visual then H language values' },
    { name: 'export', value: 'F.npy', help: 'copy the features to a file' },
    ...outputOptions,
  ],
  prepare(args) {
    const file = args.path('file');
    const provider = args.choice('provider', featureProviderNames) ?? (file === undefined ? 'builtin' : 'file');
    if (provider === 'file' && file === undefined) throw new UsageError('file', '--provider file needs --file F.npy.');
    if (provider !== 'file' && file !== undefined) throw new UsageError('file', '--file goes with --provider file.');
    const layoutText = args.text('layout');
    const layout = layoutText === undefined ? undefined : layoutOf(layoutText);
    if (provider !== 'file' && layout !== undefined) throw new UsageError('layout', '--layout goes with --provider file.');
    const exported = args.path('export');
    const request: FeaturesRequest = {
      ...datasetRequest(args),
      provider,
      ...(file === undefined ? {} : { file }),
      ...(layout === undefined ? {} : { layout }),
      ...(exported === undefined ? {} : { export: exported }),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.features(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: FeaturesReport): string {
  const { withoutImage, layout } = report;
  const lines = [
    `${count(report.rows)} instances, ${count(report.dimensions)} values each (${report.dtype})`,
    table(
      [
        ['provider', report.provider],
        ['model', report.model],
        ['file', report.path],
        ['sha256', report.sha256],
        ...(layout ? [['layout', `${layout.layers} x ${layout.half} visual and ${layout.half} language values`]] : []),
      ].map(([name, value]) => [`${name}`.padEnd(10) + value]),
    ),
  ];
  if (withoutImage) {
    const { textOnly, missing, undecodable } = withoutImage;
    lines.push(
      `Without visual half: ${count(textOnly)} name no image, of ${count(missing)} the image is missing, of ${count(undecodable)} it cannot be decoded.`,
    );
  }
  if (report.exported) lines.push(`Written to ${report.exported.path}.`);
  if (report.reused.length > 0) lines.push(`Used again from an earlier run: ${report.reused.join(', ')}.`);
  return lines.join('\n');
}
