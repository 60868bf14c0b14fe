/** A Markdown table as Prettier would write it: columns padded to their widest cell. */

const escaped = (cell: string): string => cell.replaceAll("|", String.raw`\|`);

export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const cells = [head, ...rows].map((row) => row.map(escaped));
  const widths = head.map((_title, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join(
    "\n",
  );
};
