/** `npm start`: the control API on 127.0.0.1:4400, against the simulated cloud, until Ctrl-C. */
import { parseArgs } from "node:util";
import * as z from "zod";
import { readVersion } from "../../infra/version.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { startLivePlatform, type LivePlatform } from "../platform/live-platform.ts";

const usage = `npm start [-- options]
  --port N         of the control API (4400)
  --cloud-port N   of the simulated cloud, for the AWS CLI (4401)
  --speed N        simulated seconds per real second (1)
  --seed N         of the simulated market (1)
  --folder DIR     where the state is kept (.local)
  --reset          forget the state of earlier runs
`;

const port = z.coerce.number().int().min(0).max(65_535);
const optionsSchema = z.object({
  port: port.default(4400),
  "cloud-port": port.default(4401),
  speed: z.coerce.number().min(1).max(1000).default(1),
  seed: z.coerce.number().int().min(0).default(1),
  folder: z.string().min(1).default(".local"),
  reset: z.boolean().default(false),
  help: z.boolean().default(false),
});

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A mistake in the options, told with the usage. */
class WrongOption extends Error {}

const wrongOption = (error: unknown): unknown => {
  if (error instanceof z.ZodError) {
    const faults = error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`);
    return new WrongOption(faults.join("\n"), { cause: error });
  }
  const isParsing =
    error instanceof TypeError &&
    "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS");
  return isParsing ? new WrongOption(error.message, { cause: error }) : error;
};

/** @throws WrongOption */
const readOptions = (): z.infer<typeof optionsSchema> => {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        "cloud-port": { type: "string" },
        speed: { type: "string" },
        seed: { type: "string" },
        folder: { type: "string" },
        reset: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return optionsSchema.parse(values);
  } catch (error) {
    throw wrongOption(error);
  }
};

const consoleLog: Log = {
  info: () => undefined,
  warn: (message) => {
    process.stderr.write(`${message}\n`);
  },
  error: (message) => {
    process.stderr.write(`${message}\n`);
  },
};

const greet = ({ apiUrl, cloudUrl, fleet, keys, replayed }: LivePlatform): void => {
  say(`Spot Optimizer ${readVersion()} on simulated AWS. Nothing here reaches a real account.`);
  say(`  control API      ${apiUrl}/api/v1  (OpenAPI at ${apiUrl}/api/v1/openapi.json)`);
  say(`  simulated cloud  ${cloudUrl}  (endpoint URL for the AWS CLI)`);
  if (replayed > 0) say(`  resumed; ${String(replayed)} calls of earlier runs were played again`);
  say("\nInstances in the simulated accounts:");
  for (const { accountId, instanceId, instanceType, zoneName, purpose } of fleet) {
    say(`  ${accountId}  ${instanceId}  ${instanceType.padEnd(10)} ${zoneName}  ${purpose}`);
  }
  say("\nKeys of the accounts' owners, for the AWS CLI:");
  for (const [accountId, key] of Object.entries(keys)) {
    say(`  ${accountId}  ${key.accessKeyId} ${key.secretAccessKey}`);
  }
  say("\nCtrl-C ends it; the next start goes on from here.");
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (options.help) {
    say(usage);
    return;
  }
  const live = await startLivePlatform({
    ...options,
    cloudPort: options["cloud-port"],
    version: readVersion(),
    log: consoleLog,
  });
  greet(live);
  const end = (): void => {
    void live.close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
};

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof WrongOption ? `${message}\n\n${usage}` : `${message}\n`);
  process.exitCode = 1;
}
