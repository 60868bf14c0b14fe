/**
 * `npm run test:kube`: the simulated API server and what we believe of Kubernetes, against a real control plane. It is built from Go
 * modules, once, into a folder of the user's cache. Where Go is not on this machine it is skipped with a sentence.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { buildBinaries, whyNoGo } from "../kube/binaries.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { pathBelow } from "../terminal/option-values.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const parts = {
  contract: "the same requests to the simulated API server: the replies side by side",
} as const;
type Part = keyof typeof parts;
const partNames = Object.keys(parts) as readonly Part[];

const defaultCache = join(homedir(), ".cache", "spot-optimizer", "kube");

const commandLine = defineCommandLine({
  command: "npm run test:kube --",
  usage: `Usage: npm run test:kube [-- options]

Runs etcd, kube-apiserver, kube-scheduler and kube-controller-manager on 127.0.0.1, plays the kubelets, and compares.
They are built from Go modules: 10 to 25 minutes the first time, then nothing.

${partNames.map((name) => `  ${name.padEnd(10)} ${parts[name]}`).join("\n")}

  --only PART     one of these parts
  --cache FOLDER  where the programs are kept (${join("~", ".cache", "spot-optimizer", "kube")})
  --help          print this

It is skipped, with a sentence, where Go is not on the PATH.
Exit code: 0 what was run passed, 1 it did not, 2 wrong usage.
`,
  schema: z.object({
    only: z.enum(partNames).optional(),
    cache: pathBelow(process.cwd()).default(defaultCache),
  }),
});

interface Options {
  readonly only?: Part | undefined;
  readonly cache: string;
}

const run = ({ only, cache }: Options, terminal: Terminal): ExitCode => {
  const missing = whyNoGo();
  if (missing !== undefined) {
    terminal.stdout(`Skipped the tests on a real control plane: ${missing}.\n`);
    return 0;
  }
  buildBinaries({ cache, environment: process.env, progress: terminal.progress });
  terminal.progress("");
  mkdirSync(".local", { recursive: true });
  const chosen = only === undefined ? partNames : [only];
  const { status, error } = spawnSync(
    process.execPath,
    [
      "node_modules/jest/bin/jest.js",
      "--config=jest.kube.config.js",
      ...chosen.map((name) => `test/kube/${name}.test.ts`),
    ],
    { stdio: "inherit", env: { ...process.env, KUBE_CACHE: cache } },
  );
  if (error !== undefined) return fail(terminal, `jest could not be started: ${error.message}`);
  return status === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, run));
