/** `npm run remove`: looks whether the product may be removed. */
import { readVersion } from "../../infra/version.ts";
import { processSurroundings } from "../cli/surroundings.ts";
import { removeCommand } from "../operations/remove-command.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(
  process,
  removeCommand((terminal) => processSurroundings(process, { terminal, version: readVersion() })),
);
