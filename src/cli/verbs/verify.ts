import { outputOptions } from '../optionTable.ts';
import { onePositional, threadsOf } from '../requestOptions.ts';
import type { Verb } from '../verb.ts';

export const verifyVerb: Verb = {
  name: 'verify',
  operands: '<OUT>',
  summary: 're-derive a result from its manifest: source, records, selection',
  options: [
    { name: 'threads', value: 'N', help: 'worker threads (default: number of cores)' },
    { name: 'run-dir', value: 'DIR', help: 'where artifacts are kept (default: .ballast beside the source)' },
    ...outputOptions,
  ],
  prepare(args) {
    const runDir = args.path('run-dir');
    const request = { output: onePositional(args, 'output'), threads: threadsOf(args), ...(runDir ? { runDir } : {}) };
    return {
      threads: request.threads,
      run: async (engine, job) => {
        const report = await engine.verify(request, job);
        const lines = report.checks.map(
          ({ name, ok, skipped, detail }) => `  ${skipped ? 'not checked' : ok ? 'good       ' : 'BAD        '}  ${name}: ${detail}`,
        );
        return { report, text: [`${report.manifest}`, ...lines, report.ok ? 'Verified.' : 'NOT verified.'].join('\n'), failed: !report.ok };
      },
    };
  },
};
