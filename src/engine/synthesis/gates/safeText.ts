import { failed, type Gate, passed, skipped } from './gate.ts';

/** No turn of a conversation is longer. */
const longestTurn = 8000;

/** Control characters but line ends and tab, marks that turn the direction of text, invisible ones, half surrogates, replacement marks. */
const control = /(?![\n\r\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd]|\p{Surrogate}/u;
/** Marks of chat templates and of roles: they would end a turn in the middle of its text. */
const template =
  /<\|[^|<>\n]{1,60}\|>|<\/?s>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:im_start|im_end|start_of_turn|end_of_turn|think)>|^[ \t]*(?:###[ \t]*)?(?:human|user|assistant|gpt|system)[ \t]*:/im;
const markup = /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>|<!--|javascript:|data:text\/html/i;
const placeholder = /<\/?(?:image(?:_?\d+)?|img|ImageHere|video|box|ref|quad|__dj__\w+)>/gi;
const path = /(?:^|[\s"'(])(?:\.\.[\\/]|~\/|\/(?:etc|home|root|usr|var|tmp|proc)\/|[a-z]:\\|\\\\\w|file:\/\/)/i;
/** A model that talks about its orders instead of the picture. */
const orders =
  /\b(?:ignore (?:all |any )?(?:previous|prior|above) (?:instructions?|prompts?)|system prompt|as an ai(?: language)? model|i (?:cannot|can't) (?:see|view) (?:the )?images?|i'?m sorry,? (?:but )?i (?:cannot|can't))\b/i;

/** In order of severity. What the parent's own text holds is the dataset's business. */
const checks: readonly { readonly finding: string; readonly pattern: RegExp; readonly inherited: boolean }[] = [
  { finding: 'control', pattern: control, inherited: false },
  { finding: 'template', pattern: template, inherited: false },
  { finding: 'markup', pattern: markup, inherited: true },
  { finding: 'path', pattern: path, inherited: true },
  { finding: 'orders', pattern: orders, inherited: true },
];

/** New words hold nothing that ends a turn, hides, runs or leads somewhere. */
export const safeTextGate: Gate = {
  name: 'safeText',
  hard: true,
  about: 'text',
  async judge({ made, parent }) {
    if (!made.turns) return skipped;
    const old = parent.turns.map(({ text }) => text.replaceAll(placeholder, ' ')).join('\n');
    for (const { text } of made.turns) {
      if (text.length > longestTurn) return failed('length', { score: text.length, upper: longestTurn });
      const words = text.replaceAll(placeholder, ' ');
      const found = checks.find(({ pattern, inherited }) => pattern.test(words) && !(inherited && pattern.test(old)));
      if (found) return failed(found.finding);
    }
    return passed();
  },
};
