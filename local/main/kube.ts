/**
 * `npm run test:kube`: the simulated API server and what we believe of Kubernetes, against a real control plane. It is built from Go
 * modules, once, into a folder of the user's cache. Where Go is not on this machine it is skipped with a sentence.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { buildBinaries, defaultCache, whyNoGo, type Binaries } from "../kube/binaries.ts";
import type { DrainFigures } from "../kube/drain-measure.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag, pathBelow } from "../terminal/option-values.ts";
import { figureColumn, table, type Column } from "../terminal/table.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const parts = {
  contract: "the same requests to the simulated API server: the replies side by side",
  product: "the product's readings, rights and evictions on both",
  facts: "what takes the real one minutes, or needs its authenticator to fail",
  topology: "a drain that blocks itself, on the real and on the simulated scheduler",
  drain:
    "110 pods under 10 budgets, by kubectl and by us: seconds, requests as the server counts them",
} as const;
type Part = keyof typeof parts;
const partNames = Object.keys(parts) as readonly Part[];

const commandLine = defineCommandLine({
  command: "npm run test:kube --",
  usage: `Usage: npm run test:kube [-- options]

Runs etcd, kube-apiserver, kube-scheduler and kube-controller-manager on 127.0.0.1, plays the kubelets, and compares.
They are built from Go modules: 10 to 25 minutes the first time, then nothing.

${partNames.map((name) => `  ${name.padEnd(10)} ${parts[name]}`).join("\n")}

  --only PART     one of these parts (default: all)
  --slow          the drain with pods that take 10 s to be Ready too, about three minutes more
  --cache FOLDER  where the programs are kept (default ${join("~", ".cache", "spot-optimizer", "kube")})
  --help          print this

It is skipped, with a sentence, where Go is not on the PATH.

Example: npm run test:kube -- --only contract

Exit code: 0 what was run passed, 1 it did not, 2 wrong usage.
`,
  schema: z.object({
    only: z.enum(partNames).optional(),
    slow: flag,
    cache: pathBelow(process.cwd()).default(defaultCache),
  }),
});

interface Options {
  readonly only?: Part | undefined;
  readonly slow: boolean;
  readonly cache: string;
}

const suites = (names: readonly Part[], cache: string, terminal: Terminal): ExitCode => {
  if (names.length === 0) return 0;
  const { status, error } = spawnSync(
    process.execPath,
    [
      "node_modules/jest/bin/jest.js",
      "--config=jest.kube.config.js",
      ...names.map((name) => `test/kube/${name}.test.ts`),
    ],
    { stdio: "inherit", env: { ...process.env, KUBE_CACHE: cache } },
  );
  if (error !== undefined) return fail(terminal, `jest could not be started: ${error.message}`);
  return status === 0 ? 0 : 1;
};

interface Drained extends DrainFigures {
  readonly pods: string;
  readonly by: string;
}

const columns: readonly Column<Drained>[] = [
  { heading: "Pods", cell: ({ pods }) => pods },
  { heading: "By", cell: ({ by }) => by },
  figureColumn("Seconds", ({ seconds }) => seconds.toFixed(1)),
  figureColumn("Requests", ({ requests }) => String(requests)),
  figureColumn("of these 429", ({ refused }) => String(refused)),
  figureColumn("Left", ({ left }) => String(left)),
  figureColumn("Fewest healthy of 11", ({ leastHealthy }) => String(leastHealthy)),
];

const drains = async (
  binaries: Binaries,
  isSlowToo: boolean,
  terminal: Terminal,
): Promise<ExitCode> => {
  // Loaded only where a node is drained: who asks for help, or mistypes, is answered at once.
  const { measureDrain, whyNoKubectl } = await import("../kube/drain-measure.ts");
  const { drainScenarios } = await import("../kube/drain-scenario.ts");
  const { drainers, inWords } = await import("../kube/drainers.ts");
  const missing = whyNoKubectl();
  if (missing !== undefined) {
    terminal.stdout(`Skipped ${parts.drain}: ${missing}.\n`);
    return 0;
  }
  const { fast, slow } = drainScenarios;
  const rows: Drained[] = [];
  for (const scenario of isSlowToo ? [fast, slow] : [fast]) {
    const pods = inWords(scenario.pace);
    for (const { by, drainer } of drainers) {
      terminal.progress(`${by}: pods ${pods}`);
      rows.push({ pods, by, ...(await measureDrain(binaries, scenario, drainer)) });
    }
  }
  terminal.stdout(
    `A node of 110 pods under 10 budgets\n${table(rows, columns, "  ").join("\n")}\n`,
  );
  return rows.every(({ left, leastHealthy }) => left === 0 && leastHealthy >= 10) ? 0 : 1;
};

const run = async ({ only, slow, cache }: Options, terminal: Terminal): Promise<ExitCode> => {
  const missing = whyNoGo();
  if (missing !== undefined) {
    terminal.stdout(`Skipped the tests on a real control plane: ${missing}.\n`);
    return 0;
  }
  const binaries = buildBinaries({ cache, environment: process.env, progress: terminal.progress });
  terminal.progress("");
  const chosen = only === undefined ? partNames : [only];
  const tested = suites(
    chosen.filter((name) => name !== "drain"),
    cache,
    terminal,
  );
  const drained = chosen.includes("drain") ? await drains(binaries, slow, terminal) : 0;
  return tested === 0 && drained === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, run));
