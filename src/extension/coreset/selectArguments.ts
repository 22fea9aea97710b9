import { perspectives } from '../../protocol/perspectives.ts';
import type { SelectRequest } from '../../protocol/select.ts';
import { option } from '../selection/cliCommand.ts';

/** Seed of a command line that names none. */
const defaultSeed = 42;

/** Arguments of `ballast` that do what the request asks the engine for. */
export function selectArguments(request: SelectRequest): readonly string[] {
  const { dataset, layout, floors, seed } = request;
  return [
    'select',
    dataset,
    ...option('output', request.output),
    ...option('strategy', request.strategy),
    ...option('fraction', request.fraction),
    ...option('count', request.count),
    ...option('preset', request.preset),
    ...option('temperature', request.temperature),
    ...option('neighbours', request.neighbours),
    ...option('gamma', request.gamma),
    ...option('cut', request.cut),
    ...option('stratify', request.stratify),
    ...option('floor', ...perspectives.filter((name) => floors?.[name] !== undefined).map((name) => `${name}=${floors?.[name]}`)),
    ...option('features', request.features),
    ...option('layout', layout && `${layout.layers}x${layout.half}`),
    ...option('assignments', request.assignments),
    ...option('centroids', request.centroids),
    ...option('clusters', request.clusters),
    ...option('iterations', request.iterations),
    ...option('precision', request.precision),
    ...option('permutation', request.permutation),
    ...option('column', request.column),
    ...option('seed', seed === defaultSeed ? undefined : seed),
    ...option('images', ...(request.images ?? [])),
    ...option('run-dir', request.runDir),
    ...option('threads', request.threads),
  ];
}
