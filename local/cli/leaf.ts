/** Notes of a command what its help, docs/cli.md and the tests of the whole tree say of it beside what commander knows. */
import type { Command } from "commander";

const examples = new WeakMap<Command, readonly string[]>();
const changing = new WeakSet<Command>();

/** @param lines as they are typed, `spot` included */
export const withExamples = (command: Command, ...lines: readonly string[]): Command => {
  examples.set(command, lines);
  const title = lines.length === 1 ? "Example" : "Examples";
  return command.addHelpText("after", `\n${title}:\n${lines.map((one) => `  ${one}\n`).join("")}`);
};

export const examplesOf = (command: Command): readonly string[] => examples.get(command) ?? [];

/** It changes something unless --dry-run is given. */
export const thatChanges = (command: Command): Command => {
  changing.add(command);
  return command;
};

export const changesSomething = (command: Command): boolean => changing.has(command);
