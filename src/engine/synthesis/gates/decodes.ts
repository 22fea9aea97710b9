import { failed, type Gate, passed, skipped } from './gate.ts';
import { fitsSize } from './size.ts';

/** What a file name promises; other extensions promise nothing. */
const formats: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tif: 'tiff',
  tiff: 'tiff',
  avif: 'avif',
};

/** The picture decodes to its last row, and is what its name says. One that is too large is left to the size gate unread. */
export const decodesGate: Gate = {
  name: 'decodes',
  hard: true,
  about: 'picture',
  async judge({ picture }) {
    if (!picture) return skipped;
    const head = await picture.head();
    if (!head.ok) return failed(head.failure);
    const promised = formats[picture.name.split('.').pop()?.toLowerCase() ?? ''];
    if (promised !== undefined && promised !== head.format) return failed('extension', { subject: head.format });
    if (!fitsSize(head)) return skipped;
    return (await picture.grey()) ? passed() : failed('undecodable');
  },
};
