import type { Protection } from '../../protocol/requests.ts';

/** What a protection rule looks at. */
export interface ProtectionFacts {
  readonly textOnly: boolean;
  /** Parsed record; only read for field rules. */
  readonly record: () => unknown;
}

/** True when any rule protects the instance. A field rule compares the value's own spelling: strings as they are, anything else as JSON. */
export function isProtected(rules: readonly Protection[], facts: ProtectionFacts): boolean {
  return rules.some((rule) => (rule.kind === 'text-only' ? facts.textOnly : fieldEquals(facts.record(), rule.field, rule.value)));
}

/** `field` may be a path with dots; a field whose own name holds the dots wins. */
function fieldEquals(record: unknown, field: string, value: string): boolean {
  const found = fieldOf(record, field) ?? field.split('.').reduce<unknown>((current, name) => fieldOf(current, name), record);
  if (found === undefined) return false;
  if (typeof found === 'string') return found === value;
  if (Array.isArray(found)) return found.some((item) => item === value || JSON.stringify(item) === value);
  return JSON.stringify(found) === value;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
