import type { Override } from '../../protocol/plan.ts';
import { EngineError } from '../jobs/engineError.ts';

/** Values of `ForcedVerdicts.verdicts`, one byte per ordinal. */
export const forced = { none: 0, keep: 1, drop: 2 } as const;

/** Overrides as the instances of one dataset see them. */
export interface ForcedVerdicts {
  /** Per ordinal: none, keep or drop (`forced`). */
  readonly verdicts: Uint8Array;
  /** The override of an ordinal. */
  readonly byOrdinal: ReadonlyMap<number, Override>;
  readonly kept: number;
  readonly dropped: number;
  /** Overrides whose content no instance has. */
  readonly unmatched: number;
}

/** What names the instances of a dataset by their content. */
export interface KeyedDataset {
  /** 16 bytes per ordinal. */
  readonly keys: Uint8Array;
  /** Per ordinal: how many earlier instances have the same content. */
  readonly duplicates: Uint32Array;
  /** Nonzero for instances. */
  readonly instances: Uint8Array;
}

/**
 * Finds the instance of each override by content and ordinal among exact duplicates, wherever it stands in the file.
 * @param overrides with contents of 32 hexadecimal digits, lower case
 * @throws EngineError `usage` naming the instance that two overrides are about
 */
export function matchOverrides(overrides: readonly Override[], dataset: KeyedDataset): ForcedVerdicts {
  const verdicts = new Uint8Array(dataset.instances.length);
  const byOrdinal = new Map<number, Override>();
  const wanted = overridesByKey(overrides);
  if (wanted.size > 0) {
    // Most instances are told apart by four bytes, without a text for each of them.
    const beginnings = new Set([...wanted.values()].map(({ content }) => Buffer.from(content, 'hex').readUInt32LE(0)));
    const view = new DataView(dataset.keys.buffer, dataset.keys.byteOffset, dataset.keys.byteLength);
    for (let ordinal = 0; ordinal < verdicts.length; ordinal++) {
      if (!dataset.instances[ordinal] || !beginnings.has(view.getUint32(ordinal * 16, true))) continue;
      const override = wanted.get(keyOf(contentOf(dataset.keys, ordinal), dataset.duplicates[ordinal] ?? 0));
      if (!override) continue;
      verdicts[ordinal] = forced[override.verdict];
      byOrdinal.set(ordinal, override);
    }
  }
  let kept = 0;
  for (const { verdict } of byOrdinal.values()) if (verdict === 'keep') kept++;
  return { verdicts, byOrdinal, kept, dropped: byOrdinal.size - kept, unmatched: overrides.length - byOrdinal.size };
}

/** Content hash of an instance, hex. */
export function contentOf(keys: Uint8Array, ordinal: number): string {
  return Buffer.from(keys.buffer, keys.byteOffset + ordinal * 16, 16).toString('hex');
}

function keyOf(content: string, duplicate: number): string {
  return `${content} ${duplicate}`;
}

function overridesByKey(overrides: readonly Override[]): ReadonlyMap<string, Override> {
  const wanted = new Map<string, Override>();
  for (const override of overrides) {
    const { content } = override;
    const key = keyOf(content, override.duplicate);
    const other = wanted.get(key);
    if (other) {
      const what = other.verdict === override.verdict ? `both say ${other.verdict}` : 'one says keep, the other drop';
      throw new EngineError(
        'usage',
        `Two overrides are about instance ${override.ordinal} (content ${content}, duplicate ${override.duplicate}): ${what}. Leave one of them.`,
        { ordinal: override.ordinal, content, duplicate: override.duplicate },
      );
    }
    wanted.set(key, override);
  }
  return wanted;
}

/** Which instances still depend on a draw or on chance, once overrides and protection are settled. */
export interface Standing {
  /** Nonzero for instances that may be kept: all but the forced drops. */
  readonly instances: Uint8Array;
  /** Nonzero for instances that are kept in any case: forced keeps, and protected ones without an override. */
  readonly certain: Uint8Array;
}

/** Overrides win over protection. */
export function standingOf(instances: Uint8Array, protectedInstances: Uint8Array, verdicts: Uint8Array): Standing {
  const open = instances.slice();
  const certain = protectedInstances.slice();
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
    const verdict = verdicts[ordinal];
    if (verdict === forced.drop) {
      open[ordinal] = 0;
      certain[ordinal] = 0;
    } else if (verdict === forced.keep) certain[ordinal] = 1;
    if (!instances[ordinal]) certain[ordinal] = 0;
  }
  return { instances: open, certain };
}
