/** Text within the width of a page. */

/** Columns of a page: what a terminal of usual size and a mail show without breaking lines. */
export const pageWidth = 100;

/** Breaks at blanks; a word that is longer than the line stands alone. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
};

/** The first line begins with the label, the others are indented by its width. */
export const hanging = (label: string, text: string, width = pageWidth): readonly string[] => {
  const indent = " ".repeat(label.length);
  return wrap(text, width - label.length).map(
    (line, index) => (index === 0 ? label : indent) + line,
  );
};

/** The same with a label in colour. */
export const labelled = (
  label: string,
  text: string,
  paint: (label: string) => string,
): readonly string[] => {
  const [first = label, ...rest] = hanging(label, text);
  return [paint(label) + first.slice(label.length), ...rest];
};

/** One line at most; what is cut off ends in an ellipsis at a blank. */
export const oneLine = (text: string, width: number): string => {
  if (text.length <= width) return text;
  const [first = ""] = wrap(text, width - 2);
  return `${first.slice(0, width - 2)} …`;
};
