/** Counts the columns that text takes on a terminal, and cuts it to a number of them. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Unicode Standard Annex 11: ideographs, kana, Hangul and full-width forms take two columns, and so do emoji. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const widthOfGrapheme = (grapheme: string): number => (wide.test(grapheme) ? 2 : 1);

export const displayWidth = (text: string): number => {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
};

/** What is cut off ends in an ellipsis. */
export const cutTo = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= widthOfGrapheme(segment);
    if (left < 0) break;
    kept += segment;
  }
  return width < 1 ? "" : `${kept.trimEnd()}…`;
};
