import { cancelledError, EngineError } from '../../jobs/engineError.ts';
import type { ComputeOptions, ComputeProcess, ProviderProbe } from '../contracts.ts';
import { ComputeChild } from './childProcess.ts';
import type { OnnxFacts } from './probeTask.ts';
import { providerLadder } from './providerLadder.ts';

/** A process without work gives its memory back after this time. */
const idleMs = 10_000;
/** A provider that needs longer to multiply two small matrices is none to use. */
const probeMs = 30_000;

/** The one compute process of an engine, started by the first task and ended by an abort, by idling or with the engine. */
export function createComputeProcess(script: string): ComputeProcess {
  let child: ComputeChild | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const runNow = async <Result>(task: string, payload: unknown, { signal, progress, log }: ComputeOptions): Promise<Result> => {
    if (signal.aborted) throw cancelledError();
    clearTimeout(idle);
    if (!child || child.ended) child = new ComputeChild(script);
    const running = child;
    const kill = (): void => {
      // The next task must not be sent to a process that is about to end.
      if (child === running) child = undefined;
      void running.kill();
    };
    signal.addEventListener('abort', kill, { once: true });
    try {
      return await running.call<Result>({ task, payload, ...(progress ? { progress } : {}), ...(log ? { log } : {}) });
    } catch (error) {
      if (signal.aborted) throw cancelledError();
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
      idle = setTimeout(() => void running.kill(), idleMs).unref();
    }
  };

  const trials = new Map<string, Promise<ProviderProbe>>();
  const probeOnce = (provider: string): Promise<ProviderProbe> => {
    const trial = trials.get(provider) ?? factsOf(script).then((facts) => probeOne(script, provider, facts));
    trials.set(provider, trial);
    return trial;
  };

  return {
    run(task, payload, options) {
      const turn = last.then(() => runNow(task, payload, options)) as Promise<never>;
      last = turn.catch(() => undefined);
      return turn;
    },
    async probe(providers) {
      const facts = await factsOf(script);
      const probes: ProviderProbe[] = [];
      for (const provider of providers) probes.push(await probeOne(script, provider, facts));
      return probes;
    },
    async providersFor(device) {
      const refused: ProviderProbe[] = [];
      for (const provider of device === 'auto' ? providerLadder() : [device]) {
        // The processor needs no trial: it is what the others are compared with.
        const tried = provider === 'cpu' ? undefined : await probeOnce(provider);
        // A model may still be too large for a device that works.
        if (tried?.available !== false)
          return { usable: device === 'auto' && provider !== 'cpu' ? [provider, 'cpu'] : [provider], refused };
        refused.push(tried);
      }
      throw new EngineError(
        'device.unavailable',
        `--device ${device} cannot be used: ${refused[0]?.detail}. Leave --device out to use what works here.`,
        { device },
      );
    },
    async version() {
      return (await factsOf(script))?.version;
    },
  };
}

function factsOf(script: string): Promise<OnnxFacts | undefined> {
  return inThrowAwayChild<OnnxFacts | undefined>(script, 'onnxFacts', undefined).catch(() => undefined);
}

async function probeOne(script: string, provider: string, facts: OnnxFacts | undefined): Promise<ProviderProbe> {
  const no = (detail: string): ProviderProbe => ({ provider, available: false, detail });
  if (!facts) return no('onnxruntime-node cannot be loaded on this machine');
  // An unknown provider would be dropped with a warning, and the processor would answer in its name.
  if (!facts.providers.includes(provider)) return no('not in the ONNX runtime for this platform');
  try {
    return { provider, available: true, detail: await inThrowAwayChild<string>(script, 'probe', provider) };
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

async function inThrowAwayChild<Result>(script: string, task: string, payload: unknown): Promise<Result> {
  const child = new ComputeChild(script);
  const timer = setTimeout(() => void child.kill(), probeMs);
  try {
    return await child.call<Result>({ task, payload });
  } finally {
    clearTimeout(timer);
    await child.kill();
  }
}
