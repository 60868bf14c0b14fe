/** `npm run test:api`: schemathesis, which nobody here wrote, calls the API as its OpenAPI document allows, and as it does not. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { LivePlatform } from "../platform/live-platform.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { seed, wholeNumber } from "../terminal/option-values.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run test:api --",
  usage: `Usage: npm run test:api [-- options]

Starts the product as \`npm start\` does, in a folder of its own, and lets schemathesis call it: examples of the
OpenAPI document, its boundaries, random requests, and sequences of them. Needs Python 3.10 or later; a virtual
environment with schemathesis is made in .local/schemathesis. Without Python nothing is tested, and that is said.

  --examples N  random requests for each call (default 15: about two minutes)
  --seed N      of the random requests (default 1)
  --help        print this

Example: npm run test:api -- --examples 5

Exit code: 0 no violation, or no Python; 1 violations; 2 wrong usage.
`,
  schema: z.object({
    examples: wholeNumber({ from: 1, to: 10_000 }).default(15),
    seed: seed.default(1),
  }),
});

const version = "4.32.5";
const settings = join(import.meta.dirname, "schemathesis.toml");

const hasPython = (): boolean =>
  spawnSync("python3", ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"]).status ===
  0;

const must = (command: string, args: readonly string[]): void => {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
};

/** Made once; another version makes it anew. */
const install = (root: string): string => {
  const folder = join(root, ".local/schemathesis");
  const mark = join(folder, "version");
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== version) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    must("python3", ["-m", "venv", folder]);
    must(join(folder, "bin/pip"), ["install", "--quiet", `schemathesis==${version}`]);
    writeFileSync(mark, version);
  }
  return join(folder, "bin/st");
};

const accountId = "444455556666";

/** Something to ask for: a verified account, a target, and an evaluation of it. Returns their ids by what a path names. */
const furnish = async ({
  apiUrl,
  fleet,
}: LivePlatform): Promise<Readonly<Record<string, string>>> => {
  const post = async (path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(`${apiUrl}/api/v1${path}`, {
      method: "POST",
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`POST ${path} answered ${String(answer.status)}: ${text}`);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  };
  const account = {
    account_id: accountId,
    name: "Lab",
    environment: "LAB",
    regions: ["us-east-1"],
  };
  await post("/accounts", account);
  await post(`/accounts/${accountId}/verify`);
  const instance = fleet.instances.find((one) => one.accountId === accountId);
  const { target_id: target } = await post("/lab/instances", {
    account_id: accountId,
    instance_id: instance?.instanceId,
    instance_type: instance?.instanceType,
    availability_zone: instance?.zoneName,
    pipeline_mode: "LINEAR",
  });
  const { evaluation_id: evaluation } = await post(`/lab/instances/${String(target)}/evaluate`);
  return { accounts: accountId, "lab/instances": String(target), evaluations: String(evaluation) };
};

/** Half of the calls know what there is; the other half, of the same paths by another method, guess. */
const settingsWith = (ids: Readonly<Record<string, string>>): string =>
  [
    readFileSync(settings, "utf8"),
    ...Object.entries(ids).map(
      ([kind, id]) =>
        `[[operations]]\ninclude-path-regex = "/${kind}/\\\\{id\\\\}"\ninclude-method = ["GET", "POST", "PUT"]\nparameters = { "path.id" = "${id}" }\n`,
    ),
  ].join("\n");

/** @param cwd where it keeps what it has found */
const run = (st: string, args: readonly string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(st, args, { stdio: "inherit", cwd });
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });

const judge = async (
  st: string,
  { examples, seed: chosen }: { readonly examples: number; readonly seed: number },
): Promise<ExitCode> => {
  // Loaded only where something is run: who asks for help, or mistypes, is answered at once.
  const { startLivePlatform } = await import("../platform/live-platform.ts");
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-contract-"));
  const silent = (): void => undefined;
  const live = await startLivePlatform({
    folder: join(folder, "state"),
    port: 0,
    cloudPort: 0,
    kubePort: 0,
    seed: chosen,
    speed: 20,
    reset: false,
    version: "0.0.0",
    log: { info: silent, warn: silent, error: silent },
  });
  try {
    const file = join(folder, "schemathesis.toml");
    writeFileSync(file, settingsWith(await furnish(live)));
    const document = `${live.apiUrl}/api/v1/openapi.json`;
    const bounds = ["--seed", String(chosen), "--max-examples", String(examples)];
    const how = ["--url", live.apiUrl, "--checks", "all", "--suppress-health-check", "all"];
    const code = await run(st, ["--config-file", file, "run", document, ...how, ...bounds], folder);
    return code === 0 ? 0 : 1;
  } finally {
    await live.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const contract = async (
  options: { readonly examples: number; readonly seed: number },
  terminal: Terminal,
): Promise<ExitCode> => {
  if (!hasPython()) {
    terminal.stdout(
      "Skipped: schemathesis needs Python 3.10 or later (python3), which is not here.\n",
    );
    return 0;
  }
  try {
    return await judge(install(terminal.folder), options);
  } catch (error) {
    return fail(terminal, error);
  }
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, contract));
