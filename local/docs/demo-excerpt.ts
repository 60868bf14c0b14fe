/** What the README shows of the demo: its first story as a picture, and the table of all. */
import { stripVTControlCharacters } from "node:util";
import { demo } from "../demo/demo.ts";
import { colourPaint } from "../terminal/paint.ts";
import { terminalPicture } from "./terminal-picture.ts";

const plain = stripVTControlCharacters;

/** The lines from the first that begins so to the last before the one that `ends`. */
const linesFrom = (
  printed: string,
  beginning: string,
  ends: (line: string) => boolean,
): readonly string[] => {
  const lines = printed.split("\n");
  const from = lines.findIndex((line) => plain(line).startsWith(beginning));
  if (from < 0) throw new Error(`The demo prints no line that begins with "${beginning}".`);
  const length = lines.slice(from).findIndex((line) => ends(plain(line)));
  return lines.slice(from, from + length);
};

const isEmpty = (line: string): boolean => line.trim() === "";

/** @param printed all that the demo of all modes prints, in colour or not */
export const excerptOf = (printed: string): string =>
  ["```", ...linesFrom(printed, "Story", isEmpty).map(plain), "```"].join("\n");

/** @param printed all that the demo of all modes prints, in colour */
export const pictureOf = (printed: string): string =>
  terminalPicture(
    [
      "$ npm run demo",
      "…",
      ...linesFrom(printed, "1. ", (line) => line.startsWith("2. ")).slice(0, -1),
    ],
    "npm run demo: an instance with an address and a data volume is moved from On-Demand to Spot; verdict, outcome, downtime, saving and the calls that were made.",
  );

const printDemo = async (): Promise<string> => {
  let printed = "";
  const code = await demo([], {
    folder: ".",
    paint: colourPaint,
    stdout: (text) => {
      printed += text;
    },
    stderr: () => undefined,
    progress: () => undefined,
  });
  if (code !== 0) throw new Error(`The demo ended with ${String(code)}.`);
  return printed;
};

/** The demo runs once, however much is shown of it. */
let printing: Promise<string> | undefined;
const printedDemo = (): Promise<string> => (printing ??= printDemo());

export const demoExcerpt = async (): Promise<string> => excerptOf(await printedDemo());

export const demoPicture = async (): Promise<string> => pictureOf(await printedDemo());
