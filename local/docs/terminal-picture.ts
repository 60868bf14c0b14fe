/** Draws what a command has printed, colours included, as an SVG that looks like a terminal. */

/** Width of a column in em of the usual monospaced fonts. */
const columnEm = 0.602;
const fontPx = 14;
const linePx = 20;
const marginPx = 20;
/** Bar with the three dots. */
const barPx = 34;

/** By the codes that the terminal's own colours are written with (ECMA-48, SGR). */
const classes: Readonly<Record<string, string>> = {
  "1": "strong",
  "2": "faint",
  "31": "bad",
  "32": "good",
  "33": "warning",
  "34": "run",
  "35": "shadow",
};

const styles = `text { font: ${String(fontPx)}px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e8ecf2; white-space: pre; }
.strong { font-weight: 700; } .faint { fill: #98a3b4; } .good { fill: #4cc894; } .warning { fill: #e9b44c; } .bad { fill: #ff8088; } .run { fill: #8caaff; } .shadow { fill: #b9a2ff; }`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text and codes by turns: what stands between two codes is painted by the first. */
const codes = /\u001b\[(\d+)m/;

const spansOf = (line: string): string => {
  const parts = line.split(codes);
  return parts
    .flatMap((text, index) => {
      if (index % 2 === 1 || text === "") return [];
      const painted = classes[parts[index - 1] ?? ""];
      return painted === undefined
        ? [escaped(text)]
        : [`<tspan class="${painted}">${escaped(text)}</tspan>`];
    })
    .join("");
};

const plainLength = (line: string): number =>
  line
    .split(codes)
    .filter((_, index) => index % 2 === 0)
    .join("").length;

const dots = ["#ff8088", "#e9b44c", "#4cc894"]
  .map(
    (fill, index) =>
      `<circle cx="${String(marginPx + index * 18)}" cy="17" r="5.5" fill="${fill}"/>`,
  )
  .join("");

/** @param title said to whoever does not see the picture */
export const terminalPicture = (lines: readonly string[], title: string): string => {
  const columns = Math.max(...lines.map(plainLength));
  const width = Math.ceil(columns * fontPx * columnEm) + 2 * marginPx;
  const height = barPx + lines.length * linePx + marginPx;
  const texts = lines.flatMap((line, index) => {
    if (line === "") return [];
    const y = barPx + (index + 1) * linePx - 4;
    return [
      `<text x="${String(marginPx)}" y="${String(y)}" xml:space="preserve">${spansOf(line)}</text>`,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img">
<title>${escaped(title)}</title>
<style>${styles}</style>
<rect width="100%" height="100%" rx="10" fill="#0e1116"/>
${dots}
${texts.join("\n")}
</svg>
`;
};
