/** Rules of what is tried without being carried out, each taken away, and tried with the tests that must notice it. */
import type { Mutant } from "./mutant.ts";

const api = ["test/lambdas/api/dry-run"];
const commandLine = ["test/local/cli/dry-run"];

export const tryingMutants: readonly Mutant[] = [
  {
    name: "a dry run calls what changes something",
    file: "lambdas/api/rehearsal.ts",
    from: "if (onlyReads(command)) return client.send(command, ...rest);",
    to: "return client.send(command, ...rest);",
    tests: api,
  },
  {
    name: "a dry run writes to the table",
    file: "lambdas/api/rehearsal.ts",
    from: "const table = rehearsingTable(context.table);",
    to: "const table = { ...rehearsingTable(context.table), put: context.table.put.bind(context.table) };",
    tests: api,
  },
  {
    name: "a command with --dry-run sends its request",
    file: "local/cli/dry-run.ts",
    from: 'method === "GET" ||',
    to: 'method !== "POST" ||',
    tests: commandLine,
  },
  {
    name: "whoever is named by --as asks a deployed API",
    file: "local/cli/api/transport.ts",
    from: "if (address.isDeployed) {",
    to: "if (!address.isDeployed) {",
    tests: commandLine,
  },
];
