import { type Replace, replacePlainly } from './textTrace.ts';

/** Media marks of the known formats, tags of grounded text and chat templates: `<image>`, `<ImageHere>`, `<img>path</img>`, `<|im_end|>`. */
const mediaSpan = /<img>[^<]{0,2000}<\/img>|<box>[^<]{0,500}<\/box>|<quad>[^<]{0,500}<\/quad>/gi;
const tag = /<\|[^|<>\n]{1,60}\|>|<\/?[a-z_][\w:.-]{0,60}(?:\s+[\w:-]+\s*=[^<>]{0,500})?\s*\/?>/gi;

/** Encoded data, not words. */
const longestWord = 100;
const endlessWord = /[^\s<>]{100,}/g;
const codeBlock = /```[\s\S]*?(?:```|$)/g;
const formula =
  /\$\$[^$]{1,2000}\$\$|\$(?=[^$\n]{0,200}[\\^_={])[^$\n]{1,200}\$|\\\([\s\S]{1,500}?\\\)|\\\[[\s\S]{1,1000}?\\\]|\\[a-zA-Z]{2,20}\b/g;
const address = /\b(?:https?:\/\/|www\.)\S+|\b\S{1,60}@\S{1,60}\.[a-z]{2,10}\b/gi;
/** Brackets that hold numbers only, and runs of at least three numbers. */
const coordinates = /[[(<{]\s*[-+]?\d[\d.,;:\s+-]*[\])>}]/g;
const numberRun = /[-+]?\d+(?:\.\d+)?(?:[\s,;:x×]+[-+]?\d+(?:\.\d+)?){2,}/g;
const roleMark = /^[ \t]*#{0,4}[ \t]*(?:human|gpt|user|assistant|system|question|answer)[ \t]*:/gim;
const optionMark = /(^|\n|[ \t]{2,}|[,;:?.][ \t]+)(?:\([A-H]\)|[A-H][.):])(?=[ \t])/g;
/** Everything that is joined to the text by this line: a list of recognised characters, not a sentence. */
const ocrList = /\bReference OCR tokens?:[^\n]*/gi;

/** Instructions about the form of the answer, as the published mixtures append them. They say nothing about what is asked. */
const answerForms = [
  /\b(?:please )?answer the (?:following |above )?questions?\b[^.:\n]*[.:]?/gi,
  /\b(?:please )?answer (?:the question )?(?:directly )?(?:with|by|using) (?:giving |choosing |selecting )?(?:only )?(?:the |an? )?(?:single |short |correct )*(?:word|phrase|letter|option|number|yes)[^.\n]*\.?/gi,
  /\b(?:please )?(?:respond|reply) (?:with|using|in) (?:only )?(?:a|one|the) (?:single |short )?(?:word|phrase|letter|sentence|option)[^.\n]*\.?/gi,
  /\b(?:give|provide) (?:a|the) (?:very )?(?:short|brief) answer\b[^.\n]*\.?/gi,
  /\banswer (?:briefly|concisely|shortly|yes or no)\b[^.\n]*\.?/gi,
  /\bwhen the provided information is insufficient, respond with[^.\n]*\.?/gi,
  /^[ \t]*hint: please answer[^\n]*/gim,
  /\bplease answer the question and provide[^\n]*/gi,
  /\b(?:select|choose|pick) (?:the )?(?:correct|right|best) (?:answer|option|choice)\b[^.\n]*\.?/gi,
  /^[ \t]*(?:choices|options)[ \t]*:/gim,
] as const;
const mayHoldAnswerForm = /answer|respond|reply|choices|options|correct option/i;

/** Requests of the published mixtures: they ask for something, so the question rules read them, but their nouns are nobody's. */
const requests = [
  /\bplease provide (?:a short description for this region|the bounding box coordinates? of the region this sentence describes)[ \t]*:?/gi,
  /\bprovide a one-sentence caption for the provided image\.?/gi,
] as const;
const mayHoldRequest = /bounding box|this region|one-sentence caption/i;

/**
 * Text of a turn as the question rules read it: no placeholders, role marks, code, formulas, coordinates, number lists, option letters,
 * answer-form instructions. What is cut out leaves a gap, never a new word.
 */
export function cleanText(raw: string, replace: Replace = replacePlainly): string {
  let text = raw;
  if (mayHoldEndlessWord(text)) text = replace(text, endlessWord, ' ');
  if (text.includes('```')) text = replace(text, codeBlock, '\n');
  if (text.includes('<')) text = replace(replace(text, mediaSpan, ' '), tag, ' ');
  if (text.includes('$') || text.includes('\\')) text = replace(text, formula, ' ');
  if (text.includes('://') || text.includes('www.') || text.includes('@')) text = replace(text, address, ' ');
  if (/\d/.test(text)) text = replace(replace(text, coordinates, ' '), numberRun, ' ');
  if (text.includes(':')) text = replace(replace(text, ocrList, '\n'), roleMark, '\n');
  if (mayHoldAnswerForm.test(text)) for (const pattern of answerForms) text = replace(text, pattern, '\n');
  if (/[A-H][.):]/.test(text)) text = replace(text, optionMark, (_, before) => `${before}\n`);
  if (text.includes('_')) text = replace(replace(text, /(?<=[\p{L}\d])_+(?=[\p{L}\d])/gu, ' '), /_/g, ' ');
  if (/[’‘“”\u00A0\u00AD\u200B\uFEFF]/.test(text)) {
    text = replace(replace(text, /[’‘]/g, "'"), /[“”]/g, '"');
    text = replace(replace(text, /\u00A0/g, ' '), /[\u00AD\u200B\uFEFF]/g, '');
  }
  return text;
}

/** The cleaned text without the standing requests of the published mixtures: what nouns are looked for in. */
export function withoutRequests(cleaned: string, replace: Replace = replacePlainly): string {
  let text = cleaned;
  if (mayHoldRequest.test(text)) for (const pattern of requests) text = replace(text, pattern, '\n');
  return text;
}

/** Jumps from space to space, which costs far less than the pattern. */
function mayHoldEndlessWord(text: string): boolean {
  let from = 0;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', from)) {
    if (space - from >= longestWord) return true;
    from = space + 1;
  }
  return text.length - from >= longestWord;
}
