import { ballastVersion } from '../protocol/version.ts';
import type { Verb } from './verb.ts';
import { verbs } from './verbs/table.ts';

export function generalHelp(): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  return [
    `Ballast ${ballastVersion}: see the long tail of an instruction-tuning set and rebalance it.`,
    '',
    'Usage: ballast <verb> <dataset> [options]',
    '',
    ...verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`),
    '',
    '<dataset> is a JSON array, JSON lines, concatenated JSON, Parquet, or a mixture file; the kind is detected by content.',
    'ballast <verb> --help lists the options. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled (the same command resumes).',
  ].join('\n');
}

export function verbHelp(verb: Verb): string {
  const names = verb.options.map(({ name, value }) => `--${name}${value ? ` ${value}` : ''}`);
  const width = Math.max(...names.map((name) => name.length));
  return [
    `ballast ${verb.name} ${verb.operands}`,
    `  ${verb.summary}`,
    '',
    // A help of several lines goes on below its beginning.
    ...verb.options.map(({ help }, i) => `  ${(names[i] ?? '').padEnd(width)}  ${help.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}`),
  ].join('\n');
}
