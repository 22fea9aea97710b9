/** Outlines on a grid of 16 by 16. */
const shapes = {
  kept: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM5 8.2l2.1 2.1L11 6.2',
  dropped: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM5 8h6',
  pin: 'M6 2h4M6.8 2v4.2L4.5 9h7L9.2 6.2V2M8 9v5',
  warning: 'M8 2.2L14.3 13.5H1.7zM8 6.5v3.5M8 11.6v.8',
  text: 'M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h6',
  picture: 'M2 3h12v10H2zM2 11l3.5-3.5L8 10l2.5-2.5L14 11M10.5 5.3h.1',
  noPicture: 'M2 3h12v10H2zM2 3l12 10',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M4 6l4 4l4-4',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4l-4 4',
  ascending: 'M8 13V3M4.5 6.5L8 3l3.5 3.5',
  descending: 'M8 3v10M4.5 9.5L8 13l3.5-3.5',
  tail: 'M2 3c1 6 4 9 12 9.5',
} as const;

export type IconName = keyof typeof shapes;

/** A drawing in the colour of the text; what it means stands beside it in words. */
export function icon(name: IconName): SVGSVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  made.setAttribute('viewBox', '0 0 16 16');
  made.setAttribute('class', `icon icon-${name}`);
  made.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shapes[name]);
  made.append(path);
  return made;
}
