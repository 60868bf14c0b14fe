/** Notes of a command what its help says of it beside what commander knows. */
import type { Command } from "commander";

/** @param lines as they are typed, `spot` included */
export const withExamples = (command: Command, ...lines: readonly string[]): Command => {
  const title = lines.length === 1 ? "Example" : "Examples";
  return command.addHelpText("after", `\n${title}:\n${lines.map((one) => `  ${one}\n`).join("")}`);
};
