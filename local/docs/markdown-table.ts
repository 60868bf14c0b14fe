/** A Markdown table as Prettier would write it: columns padded to their widest cell. */
import { linesOf, padded } from "../terminal/table.ts";

const escaped = (cell: string): string => cell.replaceAll("|", String.raw`\|`);

export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const columns = head.map((title, column) => {
    const cells = [title, ...rows.map((row) => row[column] ?? "")].map(escaped);
    const [first = "", ...others] = padded(cells, { least: 3 });
    return [first, "-".repeat(first.length), ...others];
  });
  return linesOf(columns, " | ")
    .map((line) => `| ${line} |`)
    .join("\n");
};
