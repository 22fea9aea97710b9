import { type HygieneSwitch, hygieneSwitches } from '../../protocol/requests.ts';
import type { EntityLists } from './entityLists.ts';

/** What cleans a vocabulary before the reverse index is built. Applied once, there: look-ups need no second normaliser. */
export interface HygieneRules {
  readonly switches: readonly HygieneSwitch[];
  /** Entities to ignore, lower case. */
  readonly stop: ReadonlySet<string>;
}

/** Raw ids to ids of cleaned names. */
export interface CleanVocabulary {
  /** Per raw id the id in `names`, or `dropped`. */
  readonly target: Uint32Array;
  readonly names: readonly string[];
}

/** Marks a raw entity that hygiene takes out. */
export const dropped = 0xffff_ffff;

/** Imported lists are the user's own: only blanks go (an empty answer is no entity). */
export function defaultHygiene(source: EntityLists['source']): readonly HygieneSwitch[] {
  return source === 'extracted' ? hygieneSwitches : ['blanks'];
}

/** Role names of conversations, as they leak into texts. */
const roleWords = new Set(['human', 'gpt', 'user', 'assistant', '###human', '###gpt', '###user', '###assistant']);

/** `<image>`, `<|im_start|>`, `[IMG]`, and the placeholder names without their brackets. */
const placeholder = /^(?:<[^<>]*>|\[(?:image|img|video)\]|<?(?:imagehere|img_context|image_token|im_start|im_end)>?)$/i;

/** Words that begin a turn; glued behind the last word of the turn before ("KaplanWhat", "ballwhich") they make a new, rare "entity". */
const questionStarts = 'What|Which|Where|When|Why|Who|Whose|How|Is|Are|Do|Does|Can|Could|Was|Were|Describe|Answer|Provide|Please|Question';
const gluedCamel = new RegExp(`^(.*[\\p{Ll}\\d])(?:${questionStarts})$`, 'u');
const gluedLower = /^([\p{L}\p{N}-]{3,})(?:what|which|where|why|whose|how)$/u;

/**
 * Cleans a vocabulary.
 * - `blanks`: an entity without any visible character is dropped.
 * - `placeholders`: placeholders and role words are dropped.
 * - `glued`: a word with a turn's first word glued behind it becomes the word alone; without capitals only if that word is an entity itself.
 * - `case`: entities equal after lower-casing become one, named in lower case.
 * - stop list: compared in lower case, before and after the other rules.
 */
export function cleanVocabulary(raw: Iterable<string>, rules: HygieneRules): CleanVocabulary {
  const on = new Set(rules.switches);
  const source = [...raw];
  const unglue = on.has('glued') ? unglueRule(source) : (name: string) => name;
  const target = new Uint32Array(source.length);
  const names: string[] = [];
  const ids = new Map<string, number>();
  for (let i = 0; i < source.length; i++) {
    const name = clean(source[i] ?? '', on, unglue, rules.stop);
    if (name === undefined) {
      target[i] = dropped;
      continue;
    }
    let id = ids.get(name);
    if (id === undefined) {
      id = names.length;
      ids.set(name, id);
      names.push(name);
    }
    target[i] = id;
  }
  return { target, names };
}

function clean(
  raw: string,
  on: ReadonlySet<HygieneSwitch>,
  unglue: (name: string) => string,
  stop: ReadonlySet<string>,
): string | undefined {
  const name = unglue(raw);
  if (on.has('blanks') && isBlank(name)) return undefined;
  const lower = name.toLowerCase();
  if (on.has('placeholders') && (roleWords.has(lower) || placeholder.test(name))) return undefined;
  if (stop.size > 0 && (stop.has(lower) || stop.has(raw.toLowerCase()))) return undefined;
  return on.has('case') ? lower : name;
}

/** Only white space, control and format characters (zero-width space and the like). */
function isBlank(name: string): boolean {
  return /^[\s\p{C}]*$/u.test(name);
}

function unglueRule(names: readonly string[]): (name: string) => string {
  const wanted = new Set<string>();
  for (const name of names) {
    const left = gluedLower.exec(name)?.[1];
    if (left) wanted.add(left);
  }
  const known = new Set<string>();
  if (wanted.size > 0) {
    for (const name of names) {
      const lower = name.toLowerCase();
      if (wanted.has(lower)) known.add(lower);
    }
  }
  return (name) => {
    const camel = gluedCamel.exec(name)?.[1];
    if (camel) return camel;
    const left = gluedLower.exec(name)?.[1];
    return left && known.has(left.toLowerCase()) ? left : name;
  };
}
