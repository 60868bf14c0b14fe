/** Every npm command of the house answers --help and what it does not know alike. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { examplesIn, optionsIn, optionsOfExamples, partsIn } from "./help.ts";

const root = join(import.meta.dirname, "../../..");

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Tools of others, which answer --help themselves, and the two that put a tool of others behind a command of the house. */
const foreign: Readonly<Record<string, string>> = {
  test: "jest",
  format: "prettier",
  "format:check": "prettier",
  types: "tsc",
  lint: "npm",
  "lint:product": "eslint",
  "lint:laptop": "eslint",
  "lint:tests": "eslint",
  "lint:boundaries": "depcruise",
  synth: "npm",
  deploy: "npm",
};

const guard = "node local/main/require-node-24.js && ";

/** By name, the file that it runs. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /^node (\S+\.ts)$/.exec(script.replace(guard, "")) ?? [];
  return file === undefined ? [] : [{ name, file }];
});

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (file: string, ...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(root, file), ...args], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });

/** Loading a command takes seconds on a busy machine. */
const patienceMs = 60_000;

const typed = (name: string): string => (name === "start" ? "npm start" : `npm run ${name}`);

/** What any help must have; `command` is what it is typed as. */
const expectHelp = ({ code, stdout, stderr }: Outcome, command: string): void => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.startsWith(`Usage: ${command}`)).toBe(true);
  expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
  expect(stdout).toMatch(/\nExit code: 0 [^\n]*[,;] 2 wrong usage[^\n]*\.\n$/);
  const options = optionsIn(stdout);
  expect(options.map(({ name }) => name)).toContain("--help");
  expect(
    options
      .filter(({ takesValue, said }) => takesValue && !/\bdefault\b|\bneeded\b/.test(said))
      .map(({ head }) => head),
  ).toEqual([]);
  expect(examplesIn(stdout).filter((example) => example.startsWith(command))).not.toEqual([]);
  const known = new Set(options.map(({ name }) => name));
  expect(optionsOfExamples(stdout).filter((name) => !known.has(name))).toEqual([]);
};

describe("the npm commands", () => {
  it("are of the house, or a tool's of others", () => {
    const strangers = Object.keys(scripts).filter(
      (name) => !commands.some((command) => command.name === name) && !(name in foreign),
    );
    expect(strangers).toEqual([]);
    for (const [name, tool] of Object.entries(foreign)) expect(scripts[name]).toContain(tool);
  });

  // `spot` is a tree of commands with tests of its own.
  it("run every file of local/main, but spot's", () => {
    const files = readdirSync(join(root, "local/main")).filter(
      (name) => name.endsWith(".ts") && name !== "spot.ts",
    );
    const reached = commands.map(({ file }) => file);
    expect(files.filter((name) => !reached.includes(`local/main/${name}`))).toEqual([]);
  });
});

describe.each(commands)("$name", ({ name, file }) => {
  it(
    "answers an option that it does not know with one line that names it and points to --help, and 2",
    async () => {
      const { code, stdout, stderr } = await run(file, "--no-such-option");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^Unknown option '--no-such-option': [^\n]* --help [^\n]*\n$/);
    },
    patienceMs,
  );

  it(
    "explains itself, its options with their defaults, an example and its exit codes on --help, and ends with 0",
    async () => {
      expectHelp(await run(file, "--help"), typed(name));
    },
    patienceMs,
  );
});

describe("a command of parts", () => {
  it.each(["demo", "bench"])(
    "npm run %s explains each of them by itself",
    async (name) => {
      const file = `local/main/${name}.ts`;
      const parts = partsIn((await run(file, "--help")).stdout);
      expect(parts.length).toBeGreaterThan(3);
      for (const part of parts) {
        expectHelp(await run(file, part, "--help"), `npm run ${name} -- ${part}`);
      }
    },
    2 * patienceMs,
  );
});
