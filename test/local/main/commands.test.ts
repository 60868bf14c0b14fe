import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const folder = join(import.meta.dirname, "../../../local/main");

/** What npm starts. `spot` is a tree of commands with tests of its own. */
const commands = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "spot.ts");

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, ...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(folder, command), ...args], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });

/** Loading a command takes seconds on a busy machine. */
const patienceMs = 60_000;

describe.each(commands)("%s", (command) => {
  it(
    "answers an option that it does not know with one line that names it and points to --help, and 2",
    async () => {
      const { code, stdout, stderr } = await run(command, "--no-such-option");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^Unknown option '--no-such-option': [^\n]* --help [^\n]*\n$/);
    },
    patienceMs,
  );

  it(
    "explains itself and its exit codes on --help, and ends with 0",
    async () => {
      const { code, stdout, stderr } = await run(command, "--help");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: npm [^]*--help [^]*\nExit code: 0 [^\n]*\.\n$/);
      expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
    },
    patienceMs,
  );
});
