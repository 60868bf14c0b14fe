/** `npm run signals`: what foretells the loss of a pool, measured on recorded markets. */
import { runMain } from "../terminal/terminal.ts";
import { measureSignals } from "../training/signals/command.ts";

await runMain(process, measureSignals);
