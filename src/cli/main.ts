import { constants } from 'node:os';
import { createEngine } from '../engine/createEngine.ts';
import { toErrorReport } from '../engine/jobs/engineError.ts';
import { throttleProgress } from '../engine/jobs/jobContext.ts';
import { nodeEngineDeps } from '../engine/nodeEngineDeps.ts';
import type { ErrorReport } from '../protocol/errors.ts';
import { ballastVersion } from '../protocol/version.ts';
import { Arguments } from './arguments.ts';
import { generalHelp, verbHelp } from './help.ts';
import { ProgressLine } from './terminal/progressLine.ts';
import { UsageError } from './usageError.ts';
import type { Answer, PreparedCall, Verb } from './verb.ts';
import { verbs } from './verbs/table.ts';

/** Time for a cancelled job to end in order. */
const cancelGraceMs = 3000;

const exitCode = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const json = argv.includes('--json');
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return print(generalHelp());
  if (name === '--version' || name === '-v') return print(ballastVersion);
  const verb = verbs.find((each) => each.name === name);
  if (!verb)
    return usage(new UsageError('verb', `There is no verb "${name}". Known are ${verbs.map((each) => each.name).join(', ')}.`), json);
  if (rest.includes('--help') || rest.includes('-h')) return print(verbHelp(verb));
  let call: PreparedCall;
  let args: Arguments;
  try {
    args = new Arguments(rest, verb.options);
    call = verb.prepare(args);
  } catch (error) {
    if (error instanceof UsageError) return usage(error, json, verb);
    throw error;
  }
  return run(verb, call, { json, quiet: args.flag('quiet') });
}

async function run(verb: Verb, call: PreparedCall, output: { readonly json: boolean; readonly quiet: boolean }): Promise<number> {
  const abort = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) process.exit(128 + (constants.signals[signal] ?? 2)); // the second time means now
    abort.abort();
    // A system call that nothing interrupts (a dead network share) must not hold the terminal; commits are journaled.
    setTimeout(() => process.exit(exitCode.cancelled), cancelGraceMs).unref();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const line = new ProgressLine(process.stderr);
  const report = throttleProgress((progress) => (output.quiet ? undefined : line.show(progress)));
  try {
    const engine = createEngine(nodeEngineDeps(__dirname));
    const answer = await call.run(engine, {
      signal: abort.signal,
      threads: call.threads,
      report,
      log: (level, message) => {
        if (output.quiet && level === 'info') return;
        line.clear();
        process.stderr.write(`${message}\n`);
      },
    });
    line.clear();
    return await finish(answer, output.json);
  } catch (error) {
    line.clear();
    if (error instanceof UsageError) return await usage(error, output.json, verb);
    return await fail(toErrorReport(error), output.json);
  }
}

async function finish(answer: Answer, json: boolean): Promise<number> {
  await write(json ? JSON.stringify(answer.report) : answer.text);
  return answer.failed ? exitCode.failed : exitCode.done;
}

async function fail(error: ErrorReport, json: boolean): Promise<number> {
  if (json) await write(JSON.stringify({ error }));
  else process.stderr.write(`ballast: ${error.message}\n`);
  if (error.code === 'run.cancelled') return exitCode.cancelled;
  return error.code === 'usage' ? exitCode.usage : exitCode.failed;
}

async function usage(error: UsageError, json: boolean, verb?: Verb): Promise<number> {
  if (json)
    await write(JSON.stringify({ error: { code: 'usage', message: error.message, data: { option: error.option } } satisfies ErrorReport }));
  else process.stderr.write(`ballast: ${error.message}\nSee ballast ${verb ? `${verb.name} ` : ''}--help.\n`);
  return exitCode.usage;
}

async function print(text: string): Promise<number> {
  await write(text);
  return exitCode.done;
}

/** Waits until a pipe has taken everything, so that exiting cuts nothing off. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}

// A reader that closes the pipe early (head) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.done);
});

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`ballast: ${toErrorReport(error).message}\n`);
    process.exit(exitCode.failed);
  },
);
