/**
 * Ways of asking in a human turn, by rules (deterministic; no tagger).
 *
 *   turn      = sentences, each gives at most one way of asking; statements give none
 *   sentence  = [lead-in] (question | yes-no | command)
 *   lead-in   = "please", "can you", "I want you to", "tell me", "based on ...," ...
 *   question  = [preposition] wh-word ...   -> "what color", "what kind of", "how many", "which side", "what be doing", "where", "who"
 *   yes-no    = auxiliary ...               -> "be there" (existence), "be", "do", "have", "can", "will", "should"
 *   command   = verb of request ...         -> the verb: "describe", "list", "count"; "give a description of" -> "describe"
 *
 * Also a question that comes after its setting: "In the image, what color is the car?".
 */
export function findInterrogations(text: string): AskingSentence[] {
  const found: AskingSentence[] = [];
  for (const match of text.matchAll(sentence)) {
    const [, words = '', end] = match;
    const way = wayOfAsking(words, end === '?');
    if (way !== undefined) found.push({ way, sentence: words, at: match.index });
  }
  return found;
}

/** A sentence that asks for something. */
export interface AskingSentence {
  readonly way: string;
  /** Without the sign that ends it. */
  readonly sentence: string;
  /** Position in the text. */
  readonly at: number;
}

/** Text up to a sentence's end and the sign that ends it; a period inside a word or number ends none. */
const sentence = /((?:[^.!?\n;]|[.;](?=\S))+)([.!?;\n]|$)/g;
export const wordPattern = /[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*|,|:/gu;
/** Words of a sentence that are looked at; requests are short, the rest is material. */
const longestSentence = 60;

export const be = new Set(['is', 'are', 'was', 'were', 'am', 'be', "isn't", "aren't", "wasn't", "weren't"]);
export const auxiliaries = new Map<string, string>([
  ...[...be].map((word) => [word, 'be'] as const),
  ...['do', 'does', 'did', "don't", "doesn't", "didn't"].map((word) => [word, 'do'] as const),
  ...['has', 'have', 'had', "hasn't", "haven't", "hadn't"].map((word) => [word, 'have'] as const),
  ...['can', 'could', 'may', 'might', "can't", "couldn't", 'cannot'].map((word) => [word, 'can'] as const),
  ...['will', 'would', 'shall', "won't", "wouldn't"].map((word) => [word, 'will'] as const),
  ...['should', 'must', 'ought', "shouldn't", "mustn't"].map((word) => [word, 'should'] as const),
]);
const questionWords = new Set([
  'what',
  'which',
  'where',
  'when',
  'why',
  'who',
  'whom',
  'whose',
  'how',
  "what's",
  "where's",
  "who's",
  "how's",
  "when's",
  "why's",
  'whats',
]);
const prepositions = new Set([
  'in',
  'on',
  'at',
  'to',
  'for',
  'from',
  'of',
  'with',
  'by',
  'about',
  'under',
  'near',
  'behind',
  'through',
  'into',
  'during',
  'and',
  'but',
  'so',
  'or',
  'then',
  'also',
  'now',
  'out',
  'besides',
]);

/** Verbs of requests; a value maps what is another word for the same request. */
export const commands = new Map<string, string>([
  ...(
    'describe list count explain identify name provide give write create generate summarize analyze compare find locate point show choose select classify estimate determine ' +
    'calculate compute solve translate rewrite discuss imagine read transcribe outline suggest elaborate state mention caption design make consider evaluate predict guess convert detect ' +
    'draw examine highlight infer illustrate look extract complete continue fill prove simplify express rank sort recommend propose develop plan share present narrate clarify comment ' +
    'interpret verify check edit improve rephrase paraphrase use tell answer recognize rate assess arrange add remove replace categorize'
  )
    .split(' ')
    .map((verb) => [verb, verb] as const),
  ['summarise', 'summarize'],
  ['analyse', 'analyze'],
  ['recognise', 'recognize'],
  ['categorise', 'categorize'],
  ['enumerate', 'list'],
  ['depict', 'describe'],
]);
/** Commands that only prepare a question, when one follows: "Look at the sign: what does it say?". */
const settings = new Set(['look', 'imagine', 'consider', 'use', 'read', 'observe', 'examine']);
/** "Give a short description of the image": the request is the noun's. */
const giving = new Set(['give', 'provide', 'write', 'create', 'generate', 'make', 'present', 'share', 'offer', 'compose', 'produce']);
export const requestedThing = new Map<string, string>([
  ['description', 'describe'],
  ['descriptions', 'describe'],
  ['overview', 'describe'],
  ['depiction', 'describe'],
  ['caption', 'caption'],
  ['captions', 'caption'],
  ['title', 'caption'],
  ['summary', 'summarize'],
  ['explanation', 'explain'],
  ['analysis', 'analyze'],
  ['list', 'list'],
  ['translation', 'translate'],
  ['comparison', 'compare'],
  ['interpretation', 'interpret'],
  ['coordinate', 'locate'],
  ['coordinates', 'locate'],
  ['bounding', 'locate'],
  ['box', 'locate'],
]);

/** Lead-ins that say nothing about what is asked; each is cut off once, longest first. */
const leadIns = [
  /^(?:please|kindly|now|then|so|also|and|but|okay|ok|hi|hello|well|finally|next|first|carefully|briefly|just|hint|question|task|query|instruction|note)\b\s*[,:]?\s*/,
  /^(?:can|could|would|will) (?:you|we|i)(?: please| kindly| also| help me| help)?\s+(?=\p{L})/u,
  /^(?:would|do) you mind\s+/,
  /^i (?:want|need|would like|'d like) (?:you )?to\s+/,
  /^(?:i wonder|i am wondering|i'm wondering|i am curious|i'm curious)(?: about)?\s*,?\s*/,
  /^(?:let me know|tell me|let us know|help me|do you know|can you tell|do you think you can tell)(?: about)?\s+(?=(?:in |on |at )?(?:what|which|where|when|why|who|whose|how|if|whether)\b)/,
  /^(?:your task is|you are asked|the task is|try|be sure|make sure) to\s+/,
] as const;

function wayOfAsking(raw: string, asked: boolean): string | undefined {
  const whole = raw.trim().toLowerCase();
  if (whole === '') return undefined;
  const core = withoutLeadIns(whole);
  // "Can you see a dog?" asks by its auxiliary: what looked like a lead-in was the question.
  return wayOfClause(core, asked) ?? (core === whole ? undefined : wayOfClause(whole, asked));
}

function withoutLeadIns(whole: string): string {
  let text = whole;
  for (let changed = true; changed; ) {
    changed = false;
    for (const leadIn of leadIns) {
      const rest = text.replace(leadIn, '');
      if (rest === text || rest === '') continue;
      text = rest;
      changed = true;
    }
  }
  return text;
}

function wayOfClause(text: string, asked: boolean): string | undefined {
  const words = (text.slice(0, 2000).match(wordPattern) ?? []).slice(0, longestSentence);
  const question = settings.has(words[0] ?? '') && asked ? afterSetting(words, asked) : undefined;
  return question ?? beginning(words, 0, asked) ?? afterSetting(words, asked);
}

/** Way of asking of a clause that begins at `from`. */
function beginning(words: readonly string[], from: number, asked: boolean): string | undefined {
  const first = words[from];
  if (first === undefined) return undefined;
  if (questionWords.has(first)) return question(words, from);
  if (prepositions.has(first) && questionWords.has(words[from + 1] ?? '')) return question(words, from + 1);
  // "Do not crop", "have a look": an auxiliary asks only before its subject.
  const auxiliary = auxiliaries.get(first);
  if (auxiliary && (asked || be.has(first)) && words.length > from + 1) {
    return auxiliary === 'be' && (words[from + 1] === 'there' || words[from + 1] === 'any') ? 'be there' : auxiliary;
  }
  if ((first === 'if' || first === 'whether') && from === 0) return asked || words.includes('there') ? yesNoOf(words) : undefined;
  const command = commands.get(first);
  if (command === undefined || words[from + 1] === ',' || auxiliaries.has(words[from + 1] ?? '')) return undefined;
  if (first === 'point' && !['to', 'out', 'at'].includes(words[from + 1] ?? '')) return undefined; // "Point A lies on the circle"
  return giving.has(first) ? given(words, from, command) : command;
}

function yesNoOf(words: readonly string[]): string {
  if (words.includes('there')) return 'be there';
  for (const word of words) {
    const auxiliary = auxiliaries.get(word);
    if (auxiliary) return auxiliary;
  }
  return 'be';
}

/** "In the image, what color ...", "The man is holding what?", "Look at the sign: is there ...?". */
function afterSetting(words: readonly string[], asked: boolean): string | undefined {
  for (let i = 1; i < words.length; i++) {
    const before = words[i - 1];
    if (before !== ',' && before !== ':') continue;
    const way = beginning(words, i, asked);
    if (way !== undefined) return way;
  }
  if (!asked) return undefined;
  const at = words.findIndex((word) => questionWords.has(word));
  return at < 0 ? undefined : question(words, at);
}

function given(words: readonly string[], from: number, command: string): string {
  for (const word of words.slice(from + 1, from + 9)) {
    const request = requestedThing.get(word);
    if (request) return request;
    if (word === 'of' || word === 'for' || word === 'about') break;
  }
  return command;
}

/** Nouns that "what is the N of ..." asks for, as "what N ..." would. */
const askedAttributes = new Set(
  'color name number shape size material title genre purpose time position location gender brand weather mood age breed species type kind sort category pattern texture style year date price value ratio length width height weight area volume angle measure perimeter distance speed temperature language country city state theme subject message word letter role relationship difference cause reason effect result meaning significance direction sum total median mean mode range probability author job profession occupation expression sport game activity season event setting background'.split(
    ' ',
  ),
);
const spelling = new Map([
  ['colour', 'color'],
  ['centre', 'center'],
]);
const singularInS = new Set([
  'gas',
  'species',
  'series',
  'lens',
  'canvas',
  'glasses',
  'does',
  'always',
  'news',
  'clothes',
  'mathematics',
  'physics',
]);
const manners = new Set([
  'many',
  'much',
  'old',
  'long',
  'far',
  'often',
  'tall',
  'high',
  'big',
  'large',
  'deep',
  'wide',
  'fast',
  'heavy',
  'small',
  'close',
  'well',
  'likely',
  'soon',
]);
export const kinds = new Set(['kind', 'type', 'sort']);
/** Words that end the head of a question without being auxiliaries. */
const noHead = new Set([
  'the',
  'a',
  'an',
  'this',
  'that',
  'these',
  'those',
  'you',
  'he',
  'she',
  'it',
  'they',
  'we',
  'i',
  'his',
  'her',
  'its',
  'their',
  'your',
  'my',
  'our',
  'to',
  'and',
  'or',
  'not',
  'in',
  'on',
  'at',
  'for',
  'with',
  'by',
  'from',
  'there',
  ',',
  ':',
]);

function question(words: readonly string[], at: number): string {
  const word = words[at] as string;
  const contracted = isContracted(word);
  const asker = contracted ? word.replace(/'?s$/, '') : word;
  const rest = contracted ? ['is', ...words.slice(at + 1)] : words.slice(at + 1);
  switch (asker) {
    case 'what':
      return whatQuestion(rest);
    case 'which':
      return headed('which', rest);
    case 'whose':
      return headed('whose', rest);
    case 'how':
      return howQuestion(rest);
    case 'whom':
      return 'who';
    default:
      return asker;
  }
}

function isContracted(word: string): boolean {
  return word.endsWith("'s") || word === 'whats';
}

/** The question word that a word of a sentence is, contracted or declined; undefined when it is none. */
export function questionWordOf(word: string): string | undefined {
  if (!questionWords.has(word)) return undefined;
  return word === 'whom' ? 'who' : isContracted(word) ? word.replace(/'?s$/, '') : word;
}

function whatQuestion(rest: readonly string[]): string {
  const [next = '', second = ''] = rest;
  if (next === 'else' || next === 'about' || next === 'if') return `what ${next}`;
  if (!be.has(next)) return auxiliaries.has(next) ? (endsInDoing(rest) ? 'what be doing' : 'what') : headed('what', rest);
  if (endsInDoing(rest)) return 'what be doing';
  if (rest.includes('made') && rest.includes('of')) return 'what be made of';
  const after = (second === 'the' || second === 'a' || second === 'an' ? rest.slice(2) : rest.slice(1)).filter((word) => word !== 'like');
  // "what is the color of", "what is the most likely purpose of": the noun before "of", or at the end.
  const of = after.findIndex((word) => word === 'of' || word === 'for' || word === 'between' || word === 'in' || word === 'on');
  const head = normal(after[(of > 0 ? of : after.length) - 1] ?? '');
  if ((of < 0 || of > 4 ? after.length <= 3 : true) && askedAttributes.has(head)) return kinds.has(head) ? 'what kind of' : `what ${head}`;
  return 'what';
}

function endsInDoing(rest: readonly string[]): boolean {
  return rest.includes('doing');
}

/** "what color", "which side", "what kind of": the last word before the verb, or before "of". */
function headed(asker: string, rest: readonly string[]): string {
  const head: string[] = [];
  for (const word of rest.slice(0, 5)) {
    if (auxiliaries.has(word) || noHead.has(word) || word === 'of') break;
    head.push(word);
  }
  if (rest[head.length] === 'of' || head.length === 1 || auxiliaries.has(rest[head.length] ?? '')) {
    const last = normal(head.at(-1) ?? '');
    if (last === '') return asker;
    if (kinds.has(last)) return `${asker} kind of`;
    return isVerbLike(last, head.length, rest) ? asker : `${asker} ${last}`;
  }
  // No auxiliary in sight ("what baseball team won the game"): the first word is the safest head.
  const first = normal(head[0] ?? '');
  if (first === '') return asker;
  if (kinds.has(first)) return `${asker} kind of`;
  return isVerbLike(first, 1, rest) ? asker : `${asker} ${first}`;
}

/** "what happened", "what makes the", "what causes it": the subject itself is asked for. */
function isVerbLike(word: string, length: number, rest: readonly string[]): boolean {
  if (length !== 1) return false;
  if (
    /^(?:happen|make|cause|come|lie|hang|sit|stand|appear|seem|suggest|indicate|show|contribute|distinguish|drive|lead|look|go)(?:s|es|ed|ing)?$|^(?:made|came|lies|went|led)$/.test(
      rest[0] ?? word,
    )
  )
    return true;
  return /ed$/.test(word) && !askedAttributes.has(word);
}

function howQuestion(rest: readonly string[]): string {
  const [next = '', second = ''] = rest;
  if (next === 'come') return 'why';
  if (next === 'about') return 'how about';
  if (manners.has(next)) return `how ${next}`;
  if ((next === 'is' || next === 'are') && second === 'the' && rest.includes('weather')) return 'how weather';
  return 'how';
}

/** A word of a question's head as ways of asking spell it. */
export function normal(word: string): string {
  const singular = /[^su]s$/.test(word) && !singularInS.has(word) ? word.replace(/ies$/, 'y').replace(/(?<!y)s$/, '') : word;
  return spelling.get(singular) ?? singular;
}
