/** The command lines of `npx spot` that the pages show. */
import { readPage } from "./pages.ts";

/** As a shell does: quotes keep what is in them together. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ""));

const withoutComment = (line: string): string => line.replace(/\s+# .*$/, "").trim();

/** Lines of the shell blocks of a text, without their comments. */
export const shellLinesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .map(withoutComment)
      .filter((line) => line !== ""),
  );

/** What follows `npx spot`, up to a redirection. */
export const spotWordsOf = (line: string): readonly string[] => {
  const [, , ...words] = wordsOf(line);
  const end = words.findIndex((word) => /^(?:>>?|\|)$/.test(word));
  return end < 0 ? words : words.slice(0, end);
};

/** In shell blocks and in running text. */
export const spotLinesIn = (page: string): readonly string[] => {
  const text = readPage(page);
  const inline = [...text.matchAll(/`(npx spot [^`\n]+)`/g)].map(([, line = ""]) => line);
  const inBlocks = shellLinesIn(text).filter((line) => line.startsWith("npx spot "));
  return [...inBlocks, ...inline];
};
