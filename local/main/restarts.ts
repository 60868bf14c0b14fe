/** `npm run restarts`: kills the world of `npm start` at random moments; what is made anew must be the same world. */
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { seed, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run restarts --",
  usage: `Usage: npm run restarts [-- options]

Kills the world of npm start at random moments, in the middle of switches, interruptions, scale-outs and a customer's
calls, and makes it anew from what was written down. Each id, state and time that can be seen must be as it was at
that instant. What goes on is driven by real time: a seed draws what the customer does, not when it falls.

  --restarts N  how many, some two a second (default 1000)
  --seed N      of the first world; each world is restarted 40 times (default 1)
  --help        print this

Example: npm run restarts -- --restarts 100

Exit code: 0 each restart gave the same world, 1 one did not, 2 wrong usage.
`,
  schema: z.object({
    restarts: wholeNumber({ from: 1, to: 1_000_000 }).default(1000),
    seed: seed.default(1),
  }),
});

const restartsOfWorld = 40;

const restarts = async (
  options: z.output<(typeof commandLine)["schema"]>,
  { stdout }: Terminal,
): Promise<ExitCode> => {
  // Loaded only where it is run: who asks for help, or mistypes, is answered at once.
  const { runTrial } = await import("../restarts/trial.ts");
  let [done, broken, replayed] = [0, 0, 0];
  for (let world = options.seed; done < options.restarts; world += 1) {
    const some = Math.min(restartsOfWorld, options.restarts - done);
    const result = await runTrial({ seed: world, restarts: some });
    for (const what of result.broken) stdout(`seed ${String(world)}, ${what}\n`);
    done += some;
    broken += result.broken.length;
    replayed += result.replayed;
  }
  stdout(
    `${String(done)} restarts of worlds with ${String(replayed)} calls, ${String(broken)} differences.\n`,
  );
  return broken === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, restarts));
