/** What the README shows of the demo: the end of its first story, and the table of all. */
import { demo } from "../demo/demo.ts";

/** The lines from the first that begins so to the last before an empty one. */
const paragraph = (lines: readonly string[], beginning: string): readonly string[] => {
  const from = lines.findIndex((line) => line.startsWith(beginning));
  if (from < 0) throw new Error(`The demo prints no line that begins with "${beginning}".`);
  const length = lines.slice(from).findIndex((line) => line.trim() === "");
  return lines.slice(from, from + length);
};

/** @param printed all that the demo of all modes prints */
export const excerptOf = (printed: string): string => {
  const lines = printed.split("\n");
  return ["```", ...paragraph(lines, "  Downtime"), "", ...paragraph(lines, "Story"), "```"].join(
    "\n",
  );
};

export const demoExcerpt = async (): Promise<string> => {
  let printed = "";
  const code = await demo([], {
    folder: ".",
    paint: (_style, text) => text,
    stdout: (text) => {
      printed += text;
    },
    stderr: () => undefined,
    progress: () => undefined,
  });
  if (code !== 0) throw new Error(`The demo ended with ${String(code)}.`);
  return excerptOf(printed);
};
