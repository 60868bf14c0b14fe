/** How wide a text will be. */

/** Rough advance of a character as a share of the font's size; wide fonts are reckoned with. */
const narrow = /[iljtfrI.,:;|'()[\] !/-]/;
const wide = /[mwMWOQ@%—]/;
const advance = (sign: string): number => (narrow.test(sign) ? 0.4 : wide.test(sign) ? 0.88 : 0.62);

/** In pixels. Estimated, on the generous side: nothing can be measured without a browser. */
export const textWidth = (text: string, fontSize = 13): number =>
  Array.from(text).reduce((sum, sign) => sum + advance(sign), 0) * fontSize;
