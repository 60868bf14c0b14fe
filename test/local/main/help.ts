/** Reads what a command prints on --help. */

interface OptionText {
  /** As it is listed: `--seed N`. */
  readonly head: string;
  readonly name: string;
  readonly takesValue: boolean;
  /** All that is said of it, on one line. */
  readonly said: string;
}

/** The lines of an option: its own, and those below it that are indented further. */
const optionBlock = /^ {2}(--[a-z][a-z-]*(?: [A-Z]+…?)?)(?: {2,}|\n)([^\n]*(?:\n {4,}[^\n]*)*)/gm;

export const optionsIn = (help: string): readonly OptionText[] =>
  [...help.matchAll(optionBlock)].map(([, head = "", said = ""]) => ({
    head,
    name: head.split(" ")[0] ?? "",
    takesValue: head.includes(" "),
    said: said.replaceAll(/\s+/g, " ").trim(),
  }));

/** Options that are typed in the examples. */
export const optionsOfExamples = (help: string): readonly string[] =>
  examplesIn(help).flatMap((example) =>
    [...example.matchAll(/ (--[a-z][a-z-]*)/g)].map(([, name = ""]) => name),
  );

export const examplesIn = (help: string): readonly string[] =>
  [...help.matchAll(/^Example: (.+)$/gm)].map(([, example = ""]) => example);

/** Parts that the first line offers as `[one|other]` or `one|other`. */
export const partsIn = (help: string): readonly string[] =>
  /\[?\b([a-z]+(?:\|[a-z]+)+)\]?/.exec(help.split("\n")[0] ?? "")?.[1]?.split("|") ?? [];
