/** Finds or makes the noun that several files add verbs to. */
import type { Command } from "commander";

const descriptions = {
  accounts: "customer accounts and their role",
  evaluations: "runs of a verdict: what was decided and done",
  targets: "what is optimised",
} as const;

export const nounOf = (program: Command, name: keyof typeof descriptions): Command =>
  program.commands.find((command) => command.name() === name) ??
  program.command(name).description(descriptions[name]);
