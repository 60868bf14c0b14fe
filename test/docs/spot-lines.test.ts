/** Whatever the pages tell a reader to type after `npx spot` is there: command, options and as many arguments. */
import { describe, expect, it } from "@jest/globals";
import type { Command } from "commander";
import { examplesOf } from "../../local/cli/leaf.ts";
import { createProgram } from "../../local/cli/program.ts";
import { pages } from "./pages.ts";
import { spotLinesIn, spotWordsOf } from "./spot-lines.ts";

const program = createProgram(() => () => Promise.resolve());

const globals = program.options;

/** Takes the commands off the front of the words. */
const commandOf = (words: readonly string[]): { command: Command; rest: readonly string[] } => {
  let command: Command = program;
  let rest = words;
  for (;;) {
    const [name] = rest;
    const next = command.commands.find((one) => one.name() === name);
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
};

/** What is wrong with a line; undefined: nothing. */
const wrongWith = (line: string): string | undefined => {
  const { command, rest } = commandOf(spotWordsOf(line));
  if (rest.includes("--help")) return undefined;
  if (command.commands.length > 0) return `${command.name()} is not a whole command`;
  const given: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? "";
    if (!word.startsWith("--")) {
      given.push(word);
      continue;
    }
    const option = [...command.options, ...globals].find(({ long }) => long === word);
    if (option === undefined) return `${word} is not an option of ${command.name()}`;
    if (option.required) at += 1;
  }
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  const isEndless = command.registeredArguments.some(({ variadic }) => variadic);
  const fits =
    given.length >= needed && (isEndless || given.length <= command.registeredArguments.length);
  return fits ? undefined : `${command.name()} is given ${String(given.length)} arguments`;
};

describe("what the pages type after npx spot", () => {
  it("is in the README", () => {
    expect(spotLinesIn("README.md").length).toBeGreaterThan(15);
  });

  it("would be noticed if it were wrong", () => {
    expect(wrongWith("npx spot health")).toBeUndefined();
    expect(wrongWith("npx spot health --wealth")).toContain("--wealth");
    expect(wrongWith("npx spot wealth")).toContain("not a whole command");
    expect(wrongWith("npx spot health me")).toContain("1 arguments");
  });

  it.each(pages)("is there, in %s", (page) => {
    const wrong = spotLinesIn(page).flatMap((line) => {
      const what = wrongWith(line);
      return what === undefined ? [] : [`${line}: ${what}`];
    });
    expect(wrong).toEqual([]);
  });

  it("is there, in the examples of every command", () => {
    const examplesBelow = (command: Command): readonly string[] => [
      ...examplesOf(command),
      ...command.commands.flatMap(examplesBelow),
    ];
    const examples = examplesBelow(program).map((line) => `npx ${line}`);
    expect(examples.length).toBeGreaterThan(40);
    const wrong = examples.filter((line) => wrongWith(line) !== undefined);
    expect(wrong).toEqual([]);
  });
});
