/** `npm start`: the control API on 127.0.0.1:4400, against the simulated cloud, until Ctrl-C. */
import * as z from "zod";
import { readVersion } from "../../infra/version.ts";
import type { LivePlatform } from "../platform/live-platform.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { decimalNumber, flag, pathBelow, seed, wholeNumber } from "../terminal/option-values.ts";
import { fail, messageOf, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const usage = `Usage: npm start [-- options]

Runs the control API on this machine, against a simulated AWS, until Ctrl-C. Nothing reaches a real account.

  --port N         of the control API (default 4400; 0 takes a free one)
  --cloud-port N   of the simulated cloud, for the AWS CLI (default 4401; 0 takes a free one)
  --kube-port N    of the cluster's Kubernetes API, for kubectl (default 4402; 0 takes a free one)
  --speed N        simulated seconds per real second, 1 to 1000 (default 1)
  --seed N         of the simulated market (default 1)
  --folder DIR     where the state is kept (default .local in the package's folder)
  --calm           no Spot Instance is taken back but by you. Without it the market takes some back now and then, with
                   AWS's warning two minutes before, which the accounts forward
  --storm          once something stands on Spot the market takes a third of all pools within three minutes, for an hour
  --reset          forget the state of earlier runs
  --quiet          of what happens only what asks for a look: interruptions, endings that are not good, a kill switch
  --json           a JSON document a line (NDJSON) instead of text: the first has addresses and keys
  --help           print this

Example: npm start -- --speed 20

Exit code: 0 ended by Ctrl-C or SIGTERM, 1 it could not start or go on, 2 wrong usage.
`;

const port = wholeNumber({ from: 0, to: 65_535 });

const commandLineIn = (folder: string) =>
  defineCommandLine({
    command: "npm start --",
    usage,
    schema: z.object({
      port: port.default(4400),
      "cloud-port": port.default(4401),
      "kube-port": port.default(4402),
      speed: decimalNumber({ from: 1, to: 1000 }).default(1),
      seed: seed.default(1),
      folder: pathBelow(folder).default(".local"),
      calm: flag,
      storm: flag,
      reset: flag,
      quiet: flag,
      json: flag,
    }),
  });

type Options = z.output<ReturnType<typeof commandLineIn>["schema"]>;

/** A second signal ends it at once: the next start goes on from there all the same. */
const endBy = (live: Pick<LivePlatform, "close">, say: (sentence: string) => void): void => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      live.close().then(
        () => {
          say(`Ended by ${signal}. The next start goes on from here.`);
          process.exit(0);
        },
        (error: unknown) => {
          say(messageOf(error));
          process.exit(1);
        },
      );
    });
  }
};

const start = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  // Loaded only where it is started: who asks for help, or mistypes, is answered at once.
  const { startLivePlatform } = await import("../platform/live-platform.ts");
  const { openNarration } = await import("../narration/narration.ts");
  const { serveWhenAsked } = await import("../console/serve-when-asked.ts");
  const narration = openNarration(options, terminal);
  const version = readVersion();
  try {
    const live = await startLivePlatform({
      ...options,
      cloudPort: options["cloud-port"],
      kubePort: options["kube-port"],
      interrupts: !options.calm,
      version,
      page: serveWhenAsked(async () => {
        const { buildConsole } = await import("../console/build.ts");
        const { serveConsole } = await import("../console/serve.ts");
        // Nothing real can be changed from here.
        return serveConsole(await buildConsole(), { version, mayWrite: true });
      }),
      log: narration.log,
      observe: narration.observe,
      onFatal: (sentence) => {
        process.exit(fail(terminal, sentence));
      },
    });
    narration.begin(live);
    endBy(live, (sentence) => {
      terminal.stderr(`${sentence}\n`);
    });
    return 0;
  } catch (error) {
    return fail(terminal, error);
  }
};

await runMain(process, (args, terminal) =>
  runCommand(commandLineIn(terminal.folder), { args, terminal }, start),
);
