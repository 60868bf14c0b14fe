/** `npx spot …`: the command line of the control API, on this machine or deployed. */
import { readVersion } from "../../infra/version.ts";
import { processSurroundings } from "../cli/surroundings.ts";
import { runSpot } from "../cli/run-spot.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(process, (args, terminal) =>
  runSpot(args, processSurroundings(process, { terminal, version: readVersion() })),
);
